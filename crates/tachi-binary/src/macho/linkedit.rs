//! `__LINKEDIT`: which load commands point into it, and its parts laid out anew.

use crate::elf::strip::pad;
use crate::encoding::Encoding;
use crate::macho::commands::{Command, Segment};
use crate::macho::strip::{Image, is_signature};
use crate::macho::symbols::{DYSYMTAB, SYMTAB, Symbols};
use crate::strip::error::StripError;

/// `LC_DYLD_INFO`, the same with `LC_REQ_DYLD`, and `LC_DYLD_CHAINED_FIXUPS`.
pub(crate) const BINDINGS: [u32; 3] = [0x22, 0x8000_0022, 0x8000_0034];
const DYLD_INFO: [u32; 2] = [0x22, 0x8000_0022];
/// Load commands with one place and size: split info, function starts, data in code, code
/// signing requirements, linker hints, exports, fixups, atoms, function variants and theirs.
const LINKEDIT_DATA: [u32; 10] =
    [0x1e, 0x26, 0x29, 0x2b, 0x2e, 0x8000_0033, 0x8000_0034, 0x36, 0x37, 0x38];
/// Load commands that point to nothing in `__LINKEDIT`: segments, threads, libraries,
/// names, versions, paths, entry points, options, filesets, triples.
const APART: [u32; 34] = [
    0x1,
    0x4,
    0x5,
    0xc,
    0xd,
    0xe,
    0xf,
    0x10,
    0x11,
    0x12,
    0x13,
    0x14,
    0x15,
    0x17,
    0x8000_0018,
    0x19,
    0x1a,
    0x1b,
    0x8000_001c,
    0x8000_001f,
    0x20,
    0x21,
    0x8000_0023,
    0x24,
    0x25,
    0x27,
    0x8000_0028,
    0x2a,
    0x2c,
    0x2d,
    0x2f,
    0x30,
    0x32,
    0x39,
];
/// The greatest alignment that any part needs.
const WIDE: u64 = 8;

/// What a part of `__LINKEDIT` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The symbols.
    Symbols,
    /// Their names.
    Names,
    /// Symbols' numbers, for the stubs and pointers of sections.
    Indirect,
    /// What is moved and not looked into.
    Other,
}

/// A part of `__LINKEDIT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) usage: Use,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// Where in the file its load command has the offset.
    at: usize,
}

/// The parts in the order of the file, the signature left out.
pub(crate) fn chunks(
    commands: &[Command<'_>],
    encoding: Encoding,
    linkedit: &Segment,
) -> Result<Vec<Chunk>, StripError> {
    let cut = || StripError::Malformed("a load command is too short");
    let mut found = Vec::new();
    for command in commands {
        let mut add = |usage, field: usize, unit: u64| {
            let offset = encoding.u32(command.bytes, field)?.into();
            let size = u64::from(encoding.u32(command.bytes, field + 4)?).checked_mul(unit)?;
            found.push(Chunk { usage, offset, size, at: command.at + field });
            Some(())
        };
        let entry = if encoding.is_64 { 16 } else { 12 };
        let added = match command.id {
            SYMTAB => add(Use::Symbols, 8, entry).and_then(|()| add(Use::Names, 16, 1)),
            DYSYMTAB => {
                refuse_old(*command, encoding)?;
                // Behind three pairs of ranges, five pairs of place and number follow: the
                // fourth is that of indirect symbols, the last that of local relocations.
                add(Use::Indirect, 56, 4).and_then(|()| add(Use::Other, 72, 8))
            }
            id if DYLD_INFO.contains(&id) => {
                (0..5).try_for_each(|number| add(Use::Other, 8 + 8 * number, 1))
            }
            id if LINKEDIT_DATA.contains(&id) => add(Use::Other, 8, 1),
            id if APART.contains(&id) || is_signature(command) => Some(()),
            id => {
                let what = format!("its load command {id:#x} is not known here");
                return Err(StripError::Unsupported(what));
            }
        };
        added.ok_or_else(cut)?;
    }
    // What is empty has a place all the same, which has to be inside the file.
    found.retain(|chunk| chunk.size > 0 || chunk.offset >= linkedit.offset);
    found.sort_by_key(|chunk| (chunk.offset, chunk.size));
    let mut end = linkedit.offset;
    for chunk in found.iter().filter(|chunk| chunk.size > 0) {
        if chunk.offset < end {
            return Err(StripError::Malformed("parts of __LINKEDIT overlap or lie before it"));
        }
        end = chunk.offset + chunk.size;
    }
    if Some(end) > linkedit.end() {
        return Err(StripError::Malformed("a part of __LINKEDIT lies outside the file"));
    }
    Ok(found)
}

/// Tables of contents, modules and references, and relocations against symbols: systems
/// before 2007 and kernel extensions have them.
fn refuse_old(command: Command<'_>, encoding: Encoding) -> Result<(), StripError> {
    let count = |at| encoding.u32(command.bytes, at).unwrap_or(0);
    if [36, 44, 52, 68].into_iter().any(|at| count(at) > 0) {
        let what = "its symbols are referred to by number, as in kernel extensions";
        return Err(StripError::Unsupported(what.to_owned()));
    }
    Ok(())
}

/// The file with new symbols and a dense `__LINKEDIT`, whose signature, if it has one, is
/// empty.
pub(crate) fn laid_out(image: &Image<'_>, symbols: &Symbols) -> Result<Vec<u8>, StripError> {
    let encoding = image.header.encoding;
    let malformed = || StripError::Malformed("a number does not fit its field");
    let start = usize::try_from(image.linkedit.offset).unwrap_or(usize::MAX);
    let head = image.bytes.get(..start);
    let mut output =
        head.ok_or(StripError::Malformed("__LINKEDIT lies outside the file"))?.to_vec();
    for chunk in &image.chunks {
        let content = match chunk.usage {
            Use::Symbols => symbols.entries.as_slice(),
            Use::Names => symbols.names.as_slice(),
            Use::Indirect => symbols.indirect.as_slice(),
            Use::Other => crate::bytes::part(image.bytes, chunk.offset, chunk.size)
                .ok_or(StripError::Malformed("a part of __LINKEDIT lies outside the file"))?,
        };
        let align = match chunk.usage {
            _ if chunk.size == 0 => 1,
            Use::Names => 1,
            // As it was aligned before; no system asks for more.
            Use::Symbols | Use::Other if chunk.offset.is_multiple_of(WIDE) => WIDE,
            Use::Symbols | Use::Other | Use::Indirect => 4,
        };
        pad(&mut output, align);
        let place = output.len() as u64;
        encoding.put_u32(&mut output, chunk.at, place).ok_or_else(malformed)?;
        if chunk.usage == Use::Names {
            let size = content.len() as u64;
            encoding.put_u32(&mut output, chunk.at + 4, size).ok_or_else(malformed)?;
        }
        output.extend_from_slice(content);
    }
    symbols.put_counts(image, &mut output).ok_or_else(malformed)?;
    finish(image, &mut output).ok_or_else(malformed)?;
    Ok(output)
}

/// Writes where `__LINKEDIT` ends, and puts an empty signature there.
fn finish(image: &Image<'_>, output: &mut Vec<u8>) -> Option<()> {
    let encoding = image.header.encoding;
    let commands = image.header.commands(image.bytes)?;
    if let Some(signature) = commands.iter().find(|one| is_signature(one)) {
        pad(output, 16);
        let end = output.len() as u64;
        encoding.put_u32(output, signature.at + 8, end)?;
        encoding.put_u32(output, signature.at + 12, 0)?;
    }
    let linkedit = &image.linkedit;
    let size = (output.len() as u64).checked_sub(linkedit.offset)?;
    // Most linkers round to pages; ld64.lld leaves that to the system.
    let page = if image.header.cpu.has_large_pages() { 0x4000 } else { 0x1000 };
    let unit = if linkedit.memory == linkedit.size { 1 } else { page };
    let words = linkedit.at + 24;
    let word = encoding.word_size();
    encoding.put_word(output, words + word, size.next_multiple_of(unit))?;
    encoding.put_word(output, words + 3 * word, size)
}
