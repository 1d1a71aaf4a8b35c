//! Stripping Mach-O: symbols go, `__LINKEDIT` gets a new layout, and an ad-hoc signature is
//! made again. All other segments stay as they are.

mod symbols;

use object::macho;

use crate::bytes::pad;
use crate::macho::image::{Image, Segment, position};
use crate::macho::linkedit::{Linkedit, Use};
use crate::macho::signature::{self, Replace};
use crate::macho::strip::symbols::Kept;
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// The greatest alignment that any part of `__LINKEDIT` needs.
const WIDE: u64 = 8;

/// Strips a file for one architecture.
pub(crate) fn strip(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let image = Image::read(file).map_err(StripError::Malformed)?;
    if image.segment(b"__DWARF").is_some() {
        let what = "its debug information is in a segment of its own, as no linker puts it into \
                    programs";
        return Err(StripError::Unsupported(what.to_owned()));
    }
    if image.command(macho::LC_SYMTAB).is_none() {
        return Ok(file.to_vec());
    }
    let linkedit = Linkedit::read(&image)?;
    let identifier = signature::renewable(&image)?;
    let Some(kept) = Kept::new(&image, &linkedit, mode)? else { return Ok(file.to_vec()) };
    let stripped = laid_out(&image, &linkedit, &kept)?;
    let Some(identifier) = identifier else { return Ok(stripped) };
    Ok(signature::sign(&stripped, &identifier, Replace::AdHoc)?)
}

/// The file with the symbols that stay and a dense `__LINKEDIT`. A signature is empty.
fn laid_out(image: &Image<'_>, linkedit: &Linkedit, symbols: &Kept) -> Result<Vec<u8>, StripError> {
    let encoding = image.header.encoding;
    let malformed = || StripError::Malformed("a number does not fit its field");
    let start = usize::try_from(linkedit.segment.offset).unwrap_or(usize::MAX);
    let head = image.bytes.get(..start);
    let mut output =
        head.ok_or(StripError::Malformed("__LINKEDIT lies outside the file"))?.to_vec();
    for chunk in &linkedit.chunks {
        let content = match chunk.usage {
            Use::Symbols => symbols.entries.as_slice(),
            Use::Names => symbols.names.as_slice(),
            Use::Indirect => symbols.indirect.as_slice(),
            Use::Other => chunk.content(image.bytes)?,
        };
        let align = match chunk.usage {
            _ if chunk.size == 0 => 1,
            Use::Names => 1,
            // The old alignment stays; no system needs more.
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
    finish(image, &linkedit.segment, &mut output).ok_or_else(malformed)?;
    Ok(output)
}

/// Writes where `__LINKEDIT` ends, and puts an empty signature there.
fn finish(image: &Image<'_>, linkedit: &Segment, output: &mut Vec<u8>) -> Option<()> {
    let encoding = image.header.encoding;
    if let Some(signature) = image.command(macho::LC_CODE_SIGNATURE) {
        let at = position(&signature);
        pad(output, 16);
        let end = output.len() as u64;
        encoding.put_u32(output, at + 8, end)?;
        encoding.put_u32(output, at + 12, 0)?;
    }
    let size = (output.len() as u64).checked_sub(linkedit.offset)?;
    // Most linkers round to pages; ld64.lld leaves that to the system.
    let unit = if linkedit.memory == linkedit.size { 1 } else { image.header.cpu.page_size() };
    let words = linkedit.at + 24;
    let word = encoding.word_size();
    encoding.put_word(output, words + word, size.next_multiple_of(unit))?;
    encoding.put_word(output, words + 3 * word, size)
}
