//! `.zip` after PKWARE's [APPNOTE], read only: `verify` looks into archives of any origin.
//!
//! [APPNOTE]: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

use std::io;

use super::{Each, whole};

/// How a file with something in it begins: the signature of a local file header.
pub const MAGIC: &[u8] = b"PK\x03\x04";

/// Hands each file to `each`.
pub(super) fn read(bytes: &[u8], each: &mut Each<'_>) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if !entry.is_file() {
            continue;
        }
        let path = entry.name()?.into_owned();
        let content = whole(&mut entry)?;
        each(&path, &content);
    }
    Ok(())
}
