//! The table at the head of a universal file: one entry for each slice.

use std::io::{Read, Seek};

use crate::bytes::part;
use crate::macho::cpu::Cpu;
use crate::macho::fat::bytes::bytes_at;
use crate::macho::fat::error::UniversalError;
use crate::macho::fat::slice::ALIGN_LIMIT;

/// `FAT_MAGIC`: offsets and sizes have 32 bits.
const MAGIC: u32 = 0xcafe_babe;
/// `FAT_MAGIC_64`.
const MAGIC_64: u32 = 0xcafe_babf;
/// Java class files begin with the same magic, and have their version in place of the number
/// of slices. The first version is 45.
const SLICE_LIMIT: u32 = 44;

/// An entry of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) cpu: Cpu,
    /// Where the slice begins, and how many bytes it has.
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// The alignment of its beginning, as a power of two.
    pub(crate) align: u32,
}

/// The file ends inside its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CutOff;

/// The entries of the table at the start of `bytes`, unchecked; none if `bytes` are not a
/// universal file.
///
/// # Errors
/// `bytes` end inside the table.
pub(crate) fn entries(bytes: &[u8]) -> Result<Option<Vec<Entry>>, CutOff> {
    let (Some(magic), Some(count)) = (u32_at(bytes, 0), u32_at(bytes, 4)) else {
        return Ok(None);
    };
    if ![MAGIC, MAGIC_64].contains(&magic) || count > SLICE_LIMIT {
        return Ok(None);
    }
    let found = (0..count as usize).map(|index| entry(bytes, index, magic == MAGIC_64));
    found.collect::<Option<_>>().map(Some).ok_or(CutOff)
}

/// The slices of a universal file that lie inside it, with their entries; none of any other
/// file, or of a damaged one.
pub(crate) fn slices(bytes: &[u8]) -> Vec<(Entry, &[u8])> {
    let entries = entries(bytes).unwrap_or_default().unwrap_or_default();
    let slice = |entry: Entry| Some((entry, part(bytes, entry.offset, entry.size)?));
    entries.into_iter().filter_map(slice).collect()
}

/// The bytes of a table for `count` slices.
pub(super) fn size(count: usize, is_64: bool) -> u64 {
    8 + count as u64 * if is_64 { 32 } else { 20 }
}

/// The table's bytes; all of them are big-endian. None if an entry needs 64 bits and the
/// table has 32.
pub(super) fn to_bytes(entries: &[Entry], is_64: bool) -> Option<Vec<u8>> {
    let count = u32::try_from(entries.len()).ok()?;
    let mut bytes = Vec::new();
    let magic = if is_64 { MAGIC_64 } else { MAGIC };
    bytes.extend([magic, count].map(u32::to_be_bytes).as_flattened());
    for entry in entries {
        bytes.extend([entry.cpu.kind, entry.cpu.subtype].map(u32::to_be_bytes).as_flattened());
        if is_64 {
            bytes.extend([entry.offset, entry.size].map(u64::to_be_bytes).as_flattened());
            // The last field is reserved.
            bytes.extend([entry.align, 0].map(u32::to_be_bytes).as_flattened());
        } else {
            let range = [u32::try_from(entry.offset).ok()?, u32::try_from(entry.size).ok()?];
            bytes.extend(range.map(u32::to_be_bytes).as_flattened());
            bytes.extend(entry.align.to_be_bytes());
        }
    }
    Some(bytes)
}

/// Reads the table of a file of `length` bytes; none if it is no universal file.
pub(super) fn read<R: Read + Seek>(
    file: &mut R,
    length: u64,
) -> Result<Option<Vec<Entry>>, UniversalError> {
    let bytes = bytes_at(file, 0, size(SLICE_LIMIT as usize, true))?;
    let cut = UniversalError::Truncated { what: "the table of slices" };
    let Some(entries) = entries(&bytes).map_err(|CutOff| cut)? else { return Ok(None) };
    let is_64 = u32_at(&bytes, 0) == Some(MAGIC_64);
    check(&entries, size(entries.len(), is_64), length)?;
    Ok(Some(entries))
}

/// Checks that slices lie behind the table, inside the file, at multiples of their alignment,
/// and apart: else a small file could unfold into a large one.
fn check(entries: &[Entry], table_size: u64, length: u64) -> Result<(), UniversalError> {
    let malformed = |what| Err(UniversalError::Malformed { what });
    if entries.is_empty() {
        return malformed("its universal header has no slices");
    }
    let mut ranges = Vec::new();
    for entry in entries {
        match entry.offset.checked_add(entry.size) {
            Some(end) if end <= length => ranges.push((entry.offset, end)),
            _ => return Err(UniversalError::Truncated { what: "a slice" }),
        }
        if entry.align > ALIGN_LIMIT {
            return malformed("a slice has an impossible alignment");
        }
        if !entry.offset.is_multiple_of(1 << entry.align) {
            return malformed("the place of a slice contradicts its alignment");
        }
    }
    ranges.sort_unstable();
    let mut free = table_size;
    for (start, end) in ranges {
        if start < free {
            return malformed("slices overlap");
        }
        free = end;
    }
    for (index, entry) in entries.iter().enumerate() {
        if entries.iter().skip(index + 1).any(|other| other.cpu.is_same(entry.cpu)) {
            return malformed("two slices are for the same architecture");
        }
    }
    Ok(())
}

fn entry(bytes: &[u8], index: usize, is_64: bool) -> Option<Entry> {
    let start = usize::try_from(size(index, is_64)).ok()?;
    let field = |at: usize| u32_at(bytes, start + at);
    let cpu = Cpu { kind: field(0)?, subtype: field(4)? };
    let wide = |at: usize| Some(u64::from(field(at)?) << 32 | u64::from(field(at + 4)?));
    Some(if is_64 {
        // The last field is reserved, but has to exist.
        field(28)?;
        Entry { cpu, offset: wide(8)?, size: wide(16)?, align: field(24)? }
    } else {
        Entry { cpu, offset: field(8)?.into(), size: field(12)?.into(), align: field(16)? }
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|field| u32::from_be_bytes(*field))
}
