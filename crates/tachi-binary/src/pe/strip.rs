//! Stripping PE: the debug sections that mingw's compilers write, and the COFF symbol table.
//!
//! Sections that stay keep their addresses; in the file they move together. Files of Microsoft's
//! linkers have their debug information in a PDB beside them, and lose nothing.

mod symbols;

use object::pe;

use crate::bytes::{pad, part};
use crate::pe::sections::{LITTLE, Movable, Section};
use crate::pe::strip::symbols::Symbols;
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// The size of an entry in the debug directory.
const DEBUG_ENTRY: usize = 28;
/// The size of a section's header.
const SECTION_SIZE: usize = 40;
/// Positions in the optional header, alike in both of its forms.
const INITIALIZED_SIZE: usize = 8;
const IMAGE_SIZE: usize = 56;
const HEADERS_SIZE: usize = 60;
const CHECKSUM: usize = 64;

/// The file without what `mode` takes out.
pub(crate) fn strip(bytes: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let mut file = Movable::read(bytes)?;
    let symbols = Symbols::read(&mut file)?;
    let with_symbols = mode != Mode::Symbols;
    let has_debug = file.sections.iter().any(Section::is_debug);
    if !has_debug && (with_symbols || symbols.end == 0) {
        return Ok(bytes.to_vec());
    }
    if file.image.directory(pe::IMAGE_DIRECTORY_ENTRY_SECURITY).is_some() {
        return Err(StripError::Signed("was made with a certificate"));
    }
    let appended = file.appended(symbols.end);
    if appended > 0 {
        return Err(StripError::Appended(appended));
    }
    let symbols = symbols.kept(&file, with_symbols)?;
    let cut = StripError::Malformed("a number does not fit its field");
    let mut stripped = laid_out(&file, &symbols.section_names).ok_or(cut)?;
    let table = if symbols.bytes.is_empty() { 0 } else { stripped.len() as u64 };
    stripped.extend_from_slice(&symbols.bytes);
    let mut patch = || {
        LITTLE.put_u32(&mut stripped, file.image.coff + 8, table)?;
        LITTLE.put_u32(&mut stripped, file.image.coff + 12, symbols.count)?;
        // Windows checks it in drivers only. A file without a checksum gets none.
        if LITTLE.u32(bytes, file.image.optional + CHECKSUM)? != 0 {
            let at = file.image.optional + CHECKSUM;
            LITTLE.put_u32(&mut stripped, at, 0)?;
            let sum = checksum(&stripped);
            LITTLE.put_u32(&mut stripped, at, sum.into())?;
        }
        Some(())
    };
    patch().ok_or(StripError::Malformed("a header is cut off"))?;
    Ok(stripped)
}

/// The headers, and all sections but debug sections; none if a number does not fit its field.
fn laid_out(file: &Movable<'_>, names: &[[u8; 8]]) -> Option<Vec<u8>> {
    let kept: Vec<&Section<'_>> = file.sections.iter().filter(|one| !one.is_debug()).collect();
    let old_end = file.image.table + file.sections.len() * SECTION_SIZE;
    let behind =
        part(file.image.bytes, old_end as u64, file.header_size.saturating_sub(old_end as u64));
    // Linkers may put a list of bound imports there, which must not move.
    let is_used = behind.unwrap_or_default().iter().any(|&byte| byte != 0);
    let needed = file.image.table + kept.len() * SECTION_SIZE;
    let header_size =
        if is_used { file.header_size } else { file.aligned(needed as u64).min(file.header_size) };
    let header_end = usize::try_from(header_size).ok()?;
    let mut output = file.image.bytes.get(..header_end)?.to_vec();
    output.get_mut(needed..old_end.min(header_end)).unwrap_or_default().fill(0);
    let mut moves = Vec::new();
    let mut memory_end = 0;
    for (index, section) in kept.iter().enumerate() {
        let at = file.image.table + index * SECTION_SIZE;
        output.get_mut(at..at + SECTION_SIZE)?.copy_from_slice(section.header_bytes());
        output.get_mut(at..at + 8)?.copy_from_slice(names.get(index)?);
        // Loaders refuse gaps between sections: the section before a gap grows into it.
        let next = kept.get(index + 1).map(|next| next.address);
        let own_end = u64::from(section.address) + u64::from(section.memory);
        let is_gap = next
            .is_some_and(|next| own_end.next_multiple_of(file.section_alignment) < u64::from(next));
        let memory = if is_gap { next? - section.address } else { section.memory };
        LITTLE.put_u32(&mut output, at + 8, memory.into())?;
        memory_end = u64::from(section.address) + u64::from(memory);
        let place = if section.content.is_empty() { 0 } else { output.len() as u64 };
        LITTLE.put_u32(&mut output, at + 20, place)?;
        moves.push((*section, place));
        output.extend_from_slice(section.content);
        pad(&mut output, file.file_alignment);
    }
    LITTLE.put_u16(&mut output, file.image.coff + 2, kept.len() as u64)?;
    LITTLE.put_u32(&mut output, file.image.optional + HEADERS_SIZE, header_size)?;
    let image_size = memory_end.next_multiple_of(file.section_alignment);
    LITTLE.put_u32(&mut output, file.image.optional + IMAGE_SIZE, image_size)?;
    let gone = file.sections.iter().filter(|one| one.is_debug() && one.is_data());
    let gone: u64 = gone.map(|one| one.content.len() as u64).sum();
    let data = u64::from(LITTLE.u32(&output, file.image.optional + INITIALIZED_SIZE)?);
    LITTLE.put_u32(
        &mut output,
        file.image.optional + INITIALIZED_SIZE,
        data.saturating_sub(gone),
    )?;
    move_debug_directory(file, &moves, &mut output);
    Some(output)
}

/// Corrects the entries of the debug directory, which have places in the file beside addresses.
/// An entry whose content is not found stays as it is: only debuggers read it.
fn move_debug_directory(file: &Movable<'_>, moves: &[(&Section<'_>, u64)], output: &mut [u8]) {
    let place = |address: u32, size: u64| {
        moves.iter().find_map(|(section, place)| {
            let inside = u64::from(address.checked_sub(section.address)?);
            let end = inside.checked_add(size)?;
            (end <= section.content.len() as u64).then(|| place + inside)
        })
    };
    let debug = file.image.directory(pe::IMAGE_DIRECTORY_ENTRY_DEBUG);
    let Some((address, size)) = debug else { return };
    let start = place(address, size.into()).and_then(|start| usize::try_from(start).ok());
    let Some(start) = start else { return };
    for at in (start..).step_by(DEBUG_ENTRY).take(size as usize / DEBUG_ENTRY) {
        let content = LITTLE.u32(output, at + 20).filter(|&content| content != 0);
        if let Some(moved) = content.and_then(|content| place(content, 0)) {
            // The entry is inside the output, as its section is.
            let _ = LITTLE.put_u32(output, at + 24, moved);
        }
    }
}

/// The checksum of `CheckSumMappedFile`: the sum of 16-bit words, with carries added again, and
/// the file's length. The checksum's own field counts as zero.
fn checksum(bytes: &[u8]) -> u32 {
    let sum = bytes.chunks(2).fold(0_u32, |sum, pair| {
        let word = pair.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
        let sum = sum + word;
        (sum & 0xffff) + (sum >> 16)
    });
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).wrapping_add(sum)
}
