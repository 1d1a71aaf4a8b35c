//! The formats of packages: a file each, with writer and reader. A format is known by its first
//! bytes.

use std::io::{self, Read};

pub mod tar_gz;
pub mod zip;

/// The most that is read of one file in an archive, in bytes. Files of releases are smaller; a
/// larger one was made to fill the memory.
const LIMIT: u64 = 2 << 30;

/// Receives the path of each file in an archive, and its bytes.
pub type Each<'a> = dyn FnMut(&str, &[u8]) + 'a;

/// Whether [`read`] can look into a file that begins with `bytes`.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(tar_gz::MAGIC) || bytes.starts_with(zip::MAGIC)
}

/// Hands the path and the bytes of each file in an archive to `each`, in its order.
///
/// # Errors
/// The archive is damaged, of another format, or a file in it is larger than 2 GiB.
pub fn read(bytes: &[u8], each: &mut Each<'_>) -> io::Result<()> {
    if bytes.starts_with(zip::MAGIC) { zip::read(bytes, each) } else { tar_gz::read(bytes, each) }
}

/// All of one file in an archive.
fn whole(entry: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    entry.take(LIMIT + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a file in it exceeds 2 GiB"));
    }
    Ok(content)
}
