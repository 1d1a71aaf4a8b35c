//! Why a package cannot be written.

use camino::Utf8PathBuf;

use crate::sys::SysError;

/// A package that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read or written.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// A file has changed since it was verified.
    #[error(
        "{path}: changed between its verification and its packaging: its SHA-256 is {found}, and was \
         {verified}\n  help: let no other program write into this folder meanwhile, and run again; nothing \
         of this package was written"
    )]
    Changed {
        /// The finished file.
        path: Utf8PathBuf,
        /// Its SHA-256 when it was verified, in lower-case hexadecimal.
        verified: String,
        /// Its SHA-256 now.
        found: String,
    },
}
