//! Splitting ELF: a second file with debug information and symbols alone, and the link to it.
//!
//! The second file has all headers of the first and the content of the sections that are not
//! loaded. Of the loaded sections it has the notes alone, for the build id.

use object::elf;

use crate::bytes::{pad, part};
use crate::elf::image::{HeaderFields, Image, Section, Segment};
use crate::elf::strip::{Plan, append_headers, strippable};
use crate::strip::error::StripError;
use crate::strip::mode::{Mode, Split};

/// The longest name of a file on any system, in bytes.
const NAME_LIMIT: usize = 255;

/// Splits a file in two.
pub(crate) fn split(bytes: &[u8], mode: Mode, name: &str) -> Result<Split, StripError> {
    let is_name = !name.is_empty()
        && name.len() <= NAME_LIMIT
        && !name.contains('/')
        && !name.chars().any(char::is_control);
    if !is_name {
        return Err(StripError::Name(name.to_owned()));
    }
    let file = strippable(bytes)?;
    let is_split_off =
        |one: &Section<'_>| one.kind == elf::SHT_SYMTAB || (one.is_debug() && !one.is_loaded());
    if mode == Mode::None || !file.sections.iter().any(is_split_off) {
        let what = "it has neither debug information nor a symbol table";
        return Err(StripError::NothingToSplit(what.to_owned()));
    }
    let symbols = symbols(&file)?;
    let mut link = name.as_bytes().to_vec();
    link.push(0);
    pad(&mut link, 4);
    let at = link.len();
    link.resize(at + 4, 0);
    let checksum = file.encoding.put_u32(&mut link, at, crc32fast::hash(&symbols).into());
    checksum.ok_or(StripError::Malformed("a number does not fit its field"))?;
    let stripped = Plan::new(&file, mode, Some(link))?.carry_out(&file)?;
    Ok(Split { stripped, symbols })
}

/// The second file: without the content of the loaded sections.
fn symbols(file: &Image<'_>) -> Result<Vec<u8>, StripError> {
    let fields = HeaderFields::of(file.encoding);
    let mut output = part(file.bytes, 0, fields.header_size() as u64).unwrap_or_default().to_vec();
    let mut sections = file.sections.clone();
    let mut notes: Vec<(Section<'_>, u64)> = Vec::new();
    let table = copy_segments(file, &mut output)?;
    let mut budget = file.bytes.len();
    for section in &mut sections {
        let is_note = section.kind == elf::SHT_NOTE;
        if section.is_loaded() && !is_note {
            // Addresses and sizes stay: debuggers need them.
            section.kind = elf::SHT_NOBITS;
        }
        if section.file_size() == 0 {
            section.offset = output.len() as u64;
            section.clear_if_null();
            continue;
        }
        let content = section.content(file.bytes).ok_or_else(StripError::outside)?;
        let overlap = StripError::Malformed("its sections overlap");
        budget = budget.checked_sub(content.len()).ok_or(overlap)?;
        pad(&mut output, section.align.clamp(1, 16));
        let place = output.len() as u64;
        output.extend_from_slice(content);
        if is_note {
            notes.push((*section, place));
        }
        section.offset = place;
    }
    let patched = file.segments.iter().zip(0..).try_for_each(|(segment, index)| {
        let at = table + index * file.segment_size();
        point(file, segment, &notes, &mut output, at)
    });
    patched.ok_or(StripError::Malformed("a number does not fit its field"))?;
    append_headers(file, &mut output, &sections, file.names as u64)?;
    Ok(output)
}

/// Copies the table of segments behind the header; returns where it is now.
fn copy_segments(file: &Image<'_>, output: &mut Vec<u8>) -> Result<usize, StripError> {
    let start = output.len();
    let size = file.segment_size();
    for segment in &file.segments {
        let entry = part(file.bytes, segment.at as u64, size as u64);
        output.extend_from_slice(entry.ok_or(StripError::Malformed("a segment is cut off"))?);
    }
    let place = if file.segments.is_empty() { 0 } else { start as u64 };
    let fields = HeaderFields::of(file.encoding);
    let put = file.encoding.put_word(output, fields.segments_offset, place);
    put.ok_or(StripError::Malformed("the header is cut off"))?;
    Ok(start)
}

/// Points a segment's header to the notes that the segment has, or to nothing.
fn point(
    file: &Image<'_>,
    segment: &Segment,
    notes: &[(Section<'_>, u64)],
    output: &mut [u8],
    at: usize,
) -> Option<()> {
    let inside = |one: &&(Section<'_>, u64)| {
        let end = one.0.offset + one.0.size;
        one.0.offset >= segment.offset && end <= segment.offset + segment.file_size
    };
    let first = notes.iter().find(inside).filter(|_| segment.kind == elf::PT_NOTE);
    let (offset, size) = match first {
        Some((_, place)) => {
            let last = notes.iter().rev().find(inside);
            (*place, last.map_or(0, |(section, end)| end + section.size - place))
        }
        // Without content the offset only has to agree with the address.
        None => (segment.address.checked_rem(segment.align).unwrap_or(0), 0),
    };
    let word = file.encoding.word_size();
    let first_word = at + file.offset_in_segment();
    file.encoding.put_word(output, first_word, offset)?;
    file.encoding.put_word(output, first_word + 3 * word, size)
}
