//! Checksum files in the form of `sha256sum`, so that `sha256sum -c` reads them.

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::{SysError, fs};

/// Writes `<file>.sha256` beside `file` and returns the digest, in lower-case hexadecimal.
///
/// # Errors
/// The file cannot be read, or the checksum not be written.
pub fn write_beside(file: &Utf8Path) -> Result<String, SysError> {
    let digest = fs::sha256(file)?;
    let name = file.file_name().unwrap_or(file.as_str());
    fs::write_atomic(&path_beside(file), format!("{digest}  {name}\n").as_bytes())?;
    Ok(digest)
}

/// The checksum file of `file`.
pub fn path_beside(file: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{file}.sha256"))
}
