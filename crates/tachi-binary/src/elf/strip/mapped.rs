//! The parts of an ELF file that the system or the loader reads. They keep their bytes, and
//! move only to close gaps, by multiples of their alignment.

use object::elf;

use crate::bytes::part;
use crate::elf::image::{HeaderFields, Image, Section};
use crate::elf::strip::ranges::Ranges;
use crate::strip::error::StripError;

/// The smallest unit in which systems map files, in bytes. The offset of a loaded segment
/// agrees with its address in that unit, whatever alignment its header states.
const PAGE: u64 = 0x1000;

/// All segments, the file's header and the table of segments.
#[derive(Debug)]
pub(crate) struct Mapped {
    ranges: Ranges,
    /// For each range, where it begins and where it goes.
    moves: Vec<(u64, u64)>,
}

impl Mapped {
    pub(crate) fn of(file: &Image<'_>) -> Self {
        let header = HeaderFields::of(file.encoding).header_size() as u64;
        let entry = file.segment_size() as u64;
        let table = file.segments.iter().map(|one| (one.at as u64, one.at as u64 + entry));
        let segments = file.segments.iter().map(|one| (one.offset, one.offset + one.file_size));
        // No segment loads these sections, but their flags ask for it.
        let sections = file.sections.iter().filter(|one| one.is_loaded());
        let sections = sections.map(|one| (one.offset, one.offset + one.file_size()));
        let ranges = Ranges::new(table.chain(segments).chain(sections).chain([(0, header)]));
        let units = units(file, &ranges);
        let mut end = 0_u64;
        let mut moves = Vec::new();
        for ((start, old_end), unit) in ranges.iter().zip(units) {
            // The first place behind the previous range that agrees with the old place.
            let rest = start.checked_rem(unit).unwrap_or(0);
            let base = end - end.checked_rem(unit).unwrap_or(0) + rest;
            let place = if base < end { base.saturating_add(unit) } else { base };
            moves.push((start, place.min(start)));
            end = place.min(start) + (old_end - start);
        }
        Self { ranges, moves }
    }

    /// Where the last part ends in the old file.
    pub(crate) fn old_end(&self) -> u64 {
        self.ranges.end()
    }

    /// Whether a section has all its bytes in these parts, or has no bytes.
    pub(crate) fn holds(&self, section: &Section<'_>) -> bool {
        let size = section.file_size();
        size == 0 || self.ranges.hold(section.offset, section.offset + size)
    }

    /// The new offset for an old one.
    pub(crate) fn moved(&self, offset: u64) -> u64 {
        let behind = self.moves.partition_point(|(start, _)| *start <= offset);
        let range = behind.checked_sub(1).and_then(|index| self.moves.get(index));
        range.map_or(offset, |(start, new)| offset - start + new)
    }

    /// The bytes of all parts, with the new offsets in the headers.
    pub(crate) fn bytes(&self, file: &Image<'_>) -> Result<Vec<u8>, StripError> {
        let mut output = Vec::with_capacity(file.bytes.len());
        for ((start, end), (_, new)) in self.ranges.iter().zip(&self.moves) {
            output.resize(usize::try_from(*new).unwrap_or(output.len()), 0);
            output.extend_from_slice(part(file.bytes, start, end - start).unwrap_or_default());
        }
        let fields = HeaderFields::of(file.encoding);
        let table = file.segments.first().map(|first| self.moved(first.at as u64));
        let in_header = table.map_or(Some(()), |table| {
            file.encoding.put_word(&mut output, fields.segments_offset, table)
        });
        let in_table = file.segments.iter().filter(|one| one.file_size > 0).try_for_each(|one| {
            let at = usize::try_from(self.moved(one.at as u64)).ok()?;
            let moved = self.moved(one.offset);
            file.encoding.put_word(&mut output, at + file.offset_in_segment(), moved)
        });
        let patched = in_header.and(in_table);
        patched.ok_or(StripError::Malformed("a segment lies outside the file"))?;
        Ok(output)
    }
}

/// The unit in which each range may move: the widest alignment of the segments in it.
fn units(file: &Image<'_>, ranges: &Ranges) -> Vec<u64> {
    let starts: Vec<u64> = ranges.iter().map(|(start, _)| start).collect();
    let mut units = vec![1; starts.len()];
    for segment in file.segments.iter().filter(|one| one.file_size > 0) {
        let least = if segment.kind == elf::PT_LOAD { PAGE } else { 1 };
        let behind = starts.partition_point(|start| *start <= segment.offset);
        if let Some(unit) = behind.checked_sub(1).and_then(|index| units.get_mut(index)) {
            *unit = segment.align.max(least).max(*unit);
        }
    }
    units
}
