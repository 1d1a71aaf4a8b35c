//! Reading parts of a file without reading past its end.

use std::fmt::Write as _;

use crate::error::BinaryError;
use crate::format::Format;

/// The longest name that is read, in bytes. Systems allow paths of this length; without a limit
/// a small file could repeat one long name many times.
const NAME_LIMIT: usize = 4096;

/// The `size` bytes from `offset` on; none if the file ends before they do.
pub(crate) fn part(bytes: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(size).ok()?)?;
    bytes.get(start..end)
}

/// Refuses a file that ends before `offset + size`.
pub(crate) fn require(
    bytes: &[u8],
    (offset, size): (u64, u64),
    format: Format,
    what: &'static str,
) -> Result<(), BinaryError> {
    match part(bytes, offset, size) {
        Some(_) => Ok(()),
        None => Err(BinaryError::Truncated { format, what }),
    }
}

/// A name as text. Names are bytes in all formats; bytes that are not UTF-8 are replaced.
pub(crate) fn name(bytes: &[u8], format: Format) -> Result<String, BinaryError> {
    if bytes.len() > NAME_LIMIT {
        return Err(BinaryError::malformed(format, "a name is longer than 4096 bytes"));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The name at `offset` of a table of names that end in a zero byte.
pub(crate) fn name_at(table: &[u8], offset: u64, format: Format) -> Result<String, BinaryError> {
    let tail = usize::try_from(offset).ok().and_then(|start| table.get(start..));
    let name_bytes = tail.and_then(|tail| {
        let end = tail.iter().take(NAME_LIMIT + 1).position(|&byte| byte == 0)?;
        tail.get(..end)
    });
    match name_bytes {
        Some(bytes) => name(bytes, format),
        None => Err(BinaryError::malformed(format, "a name lies outside the table of names")),
    }
}

/// `bytes` in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Appends zeros up to a multiple of `align`.
pub(crate) fn pad(output: &mut Vec<u8>, align: u64) {
    let align = usize::try_from(align).unwrap_or(1).max(1);
    output.resize(output.len().next_multiple_of(align), 0);
}
