//! Looking into packages: `.tar.gz` and `.zip`, told by their first bytes.

use std::io::{self, Read};

/// The most that is read of one file in an archive, in bytes. A release is smaller; what is
/// larger was made to fill a memory.
const LIMIT: u64 = 2 << 30;

const GZIP: &[u8] = b"\x1f\x8b";
const ZIP: &[u8] = b"PK\x03\x04";

/// Whether [`read`] can look into it.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP) || bytes.starts_with(ZIP)
}

/// Hands the path and the bytes of each file in an archive to `each`, in its order.
///
/// # Errors
/// It is damaged, of another format, or a file in it is larger than 2 GiB.
pub fn read(bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) -> io::Result<()> {
    if bytes.starts_with(ZIP) { zip(bytes, each) } else { tar_gz(bytes, each) }
}

fn tar_gz(bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) -> io::Result<()> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().into_owned();
        let content = whole(&mut entry)?;
        each(&path, &content);
    }
    Ok(())
}

fn zip(bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) -> io::Result<()> {
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

fn whole(entry: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    entry.take(LIMIT + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a file in it exceeds 2 GiB"));
    }
    Ok(content)
}
