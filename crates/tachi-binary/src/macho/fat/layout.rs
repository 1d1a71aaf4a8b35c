//! Where each slice goes in a universal file, and the streaming of it.

use std::cmp::Ordering;
use std::io::{self, Read, Seek, SeekFrom, Write};

use object::macho;

use crate::macho::cpu::Cpu;
use crate::macho::fat::contents::Contents;
use crate::macho::fat::error::UniversalError;
use crate::macho::fat::slice::Slice;
use crate::macho::fat::table::{self, Entry};

/// A file that is to be joined with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input<'name> {
    /// The file's name in errors.
    pub name: &'name str,
    /// The file's slices. Those of a universal file are joined one by one and keep their
    /// alignment.
    pub contents: Contents,
}

/// A slice with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The index of its input.
    pub input: usize,
    /// The slice as it is in that input.
    pub slice: Slice,
    /// Where it begins in the universal file, in bytes.
    pub offset: u64,
}

/// A universal file before it is written.
///
/// The table of slices has 64-bit fields if an offset or a size needs them. `llvm-lipo` writes
/// such fields only with `-fat64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    header: Vec<u8>,
    slices: Vec<Placed>,
}

impl Layout {
    /// Orders the slices of all inputs and gives each its place.
    ///
    /// # Errors
    /// There are no slices; two are for the same processor; they are of different kinds.
    pub fn new(inputs: &[Input<'_>]) -> Result<Self, UniversalError> {
        let all = inputs.iter().enumerate().flat_map(|(input, one)| {
            one.contents.slices.iter().map(move |slice| (input, one.name, slice))
        });
        let all: Vec<_> = all.collect();
        let Some((_, first, example)) = all.first().copied() else {
            return Err(UniversalError::Empty);
        };
        if let Some((_, name, other)) = all.iter().find(|one| one.2.content != example.content) {
            return Err(UniversalError::MixedKinds {
                first: first.to_owned(),
                first_is: example.content,
                second: (*name).to_owned(),
                second_is: other.content,
            });
        }
        for (index, (_, first, slice)) in all.iter().enumerate() {
            let later = all.get(index + 1..).unwrap_or_default();
            if let Some((_, second, _)) = later.iter().find(|one| one.2.cpu.is_same(slice.cpu)) {
                return Err(UniversalError::Duplicate {
                    first: (*first).to_owned(),
                    second: (*second).to_owned(),
                    cpu: slice.cpu,
                });
            }
        }
        let slices = sorted(all.into_iter().map(|(input, _, slice)| (input, slice.clone())));
        let placed = Self::placed(&slices, false).or_else(|| Self::placed(&slices, true));
        placed.ok_or(UniversalError::Malformed { what: "its slices are impossibly large" })
    }

    /// None if the fields are too narrow.
    fn placed(slices: &[(usize, Slice)], is_64: bool) -> Option<Self> {
        let mut end = table::size(slices.len(), is_64);
        let mut placed = Vec::new();
        let mut entries = Vec::new();
        for (input, slice) in slices {
            let offset = end.checked_next_multiple_of(1_u64.checked_shl(slice.align)?)?;
            end = offset.checked_add(slice.size)?;
            let Slice { cpu, size, align, .. } = *slice;
            entries.push(Entry { cpu, offset, size, align });
            placed.push(Placed { input: *input, slice: slice.clone(), offset });
        }
        Some(Self { header: table::to_bytes(&entries, is_64)?, slices: placed })
    }

    /// The slices, in the order of the file.
    pub fn slices(&self) -> &[Placed] {
        &self.slices
    }

    /// The table at the file's head.
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.slices.last().map_or(0, |last| last.offset + last.slice.size)
    }

    /// Writes the file; `inputs` are those that [`new`](Self::new) was given, in the same
    /// order.
    ///
    /// # Errors
    /// An input cannot be read or has become shorter; the output cannot be written.
    pub fn write<R: Read + Seek, W: Write>(
        &self,
        inputs: &mut [R],
        output: &mut W,
    ) -> Result<(), UniversalError> {
        self.write_with(inputs, output, copy_slice)
    }

    /// As [`write`](Self::write), with the slices' bytes copied by `copy`, which appends
    /// them to the output as [`copy_slice`] does.
    ///
    /// # Errors
    /// `copy` fails, or the output cannot be written.
    pub fn write_with<R, W: Write>(
        &self,
        inputs: &mut [R],
        output: &mut W,
        mut copy: impl FnMut(&mut R, &Slice, &mut W) -> Result<(), UniversalError>,
    ) -> Result<(), UniversalError> {
        output.write_all(&self.header)?;
        let mut end = self.header.len() as u64;
        for placed in &self.slices {
            io::copy(&mut io::repeat(0).take(placed.offset - end), output)?;
            let input = inputs.get_mut(placed.input).ok_or(UniversalError::Empty)?;
            copy(input, &placed.slice, output)?;
            end = placed.offset + placed.slice.size;
        }
        Ok(())
    }
}

/// Copies one slice's bytes out of its file.
///
/// # Errors
/// The file cannot be read or has become shorter; the output cannot be written.
pub fn copy_slice<R: Read + Seek, W: Write>(
    file: &mut R,
    slice: &Slice,
    output: &mut W,
) -> Result<(), UniversalError> {
    file.seek(SeekFrom::Start(slice.offset))?;
    let copied = io::copy(&mut file.take(slice.size), output)?;
    if copied == slice.size { Ok(()) } else { Err(UniversalError::Changed) }
}

/// Sorts by [`order`], which is no total order where variants of one processor differ in
/// alignment: the library's sort may panic on such.
fn sorted(slices: impl Iterator<Item = (usize, Slice)>) -> Vec<(usize, Slice)> {
    let mut sorted: Vec<(usize, Slice)> = Vec::new();
    for next in slices {
        let before = sorted.iter().rposition(|one| order(&next.1, &one.1) != Ordering::Less);
        sorted.insert(before.map_or(0, |at| at + 1), next);
    }
    sorted
}

/// Variants of one processor by their number; arm64 behind all others, which old systems
/// expect; else by alignment, which wastes the least space.
fn order(one: &Slice, other: &Slice) -> Ordering {
    let is_arm64 = |cpu: Cpu| cpu.kind == macho::CPU_TYPE_ARM64.0;
    if one.cpu.kind == other.cpu.kind {
        return one.cpu.subtype.cmp(&other.cpu.subtype);
    }
    is_arm64(one.cpu).cmp(&is_arm64(other.cpu)).then(one.align.cmp(&other.align))
}
