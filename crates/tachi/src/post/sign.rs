//! Ad-hoc signatures of files on disk: made and checked.

use camino::Utf8Path;
pub use tachi_binary::signature::{Checked, Replace, Signature};

use super::{PostError, followed};
use crate::sys::{SysError, fs};

/// What signing did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The identifier that it was signed with.
    pub identifier: String,
    /// Its signature has changed.
    pub is_changed: bool,
}

/// Gives a Mach-O file, or each slice of a universal one, an ad-hoc signature. Links are
/// followed: the file they lead to is signed. Without an identifier it is that file's name.
///
/// # Errors
/// The file cannot be read or written, cannot be signed, or has a signature that must not
/// be replaced; it is then untouched.
pub fn sign(
    path: &Utf8Path,
    identifier: Option<&str>,
    replace: Replace,
) -> Result<Signed, PostError> {
    let path = &followed(path)?;
    let identifier = identifier.or(path.file_name()).unwrap_or_default().to_owned();
    let permissions =
        fs::mode(&fs::open(path)?.metadata().map_err(SysError::file("read", path.as_path()))?);
    let old = fs::read(path)?;
    let new = tachi_binary::signature::sign(&old, &identifier, replace)
        .map_err(|source| PostError::Signature { path: path.clone(), source })?;
    let is_changed = new != old;
    if is_changed {
        drop(old);
        fs::write_atomic_with(path, permissions, |out| {
            use std::io::Write;
            out.write_all(&new).map_err(SysError::file("write", path.as_path()))
        })?;
    }
    Ok(Signed { identifier, is_changed })
}

/// Checks the signature of a Mach-O file, or of each slice of a universal one.
///
/// # Errors
/// The file cannot be read, or is of a format or kind that has no signature. A bad
/// signature is no error here: [`Checked`] says what is wrong.
pub fn check(path: &Utf8Path) -> Result<Vec<Checked>, PostError> {
    let bytes = fs::read(path)?;
    tachi_binary::signature::verify(&bytes)
        .map_err(|source| PostError::Signature { path: path.to_owned(), source })
}
