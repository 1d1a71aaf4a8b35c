//! The sections of a WebAssembly file, one after the other.

use crate::error::BinaryError;
use crate::wasm::reader::Reader;

const MAGIC: &[u8] = b"\0asm";
/// The numbers of sections.
pub(crate) const CUSTOM: u8 = 0;
pub(crate) const IMPORT: u8 = 2;
pub(crate) const EXPORT: u8 = 7;

pub(crate) fn is_wasm(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// A section: its number, and the bytes behind its size.
pub(crate) struct Section<'data> {
    pub(crate) id: u8,
    pub(crate) content: &'data [u8],
}

/// The sections of a file whose header is sound. The first error is the last item.
pub(crate) fn sections(
    bytes: &[u8],
) -> impl Iterator<Item = Result<Section<'_>, BinaryError>> + use<'_> {
    let mut reader = Reader(bytes.get(8..).unwrap_or_default());
    let mut next = move || {
        let id = reader.byte()?;
        let size = reader.number()?;
        let content = reader.take(size, "a section")?;
        Ok((Section { id, content }, reader.0.is_empty()))
    };
    let mut is_done = bytes.len() <= 8;
    std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        let read = next();
        is_done = read.as_ref().map_or(true, |(_, is_last)| *is_last);
        Some(read.map(|(section, _)| section))
    })
}
