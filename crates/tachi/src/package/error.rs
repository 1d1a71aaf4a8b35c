//! Why a package cannot be written.

use camino::Utf8PathBuf;

use crate::sys::SysError;

/// A package that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read or written.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// A file is another than the one that was verified.
    #[error(
        "{path}: changed between its verification and its packaging: it has SHA-256 {found}, verified was \
         {verified}\n  help: let no other program write into this folder meanwhile, and run it again; nothing \
         of this package was written"
    )]
    Changed {
        /// The file.
        path: Utf8PathBuf,
        /// The digest of what was verified, in lower-case hexadecimal.
        verified: String,
        /// The digest of what is there now.
        found: String,
    },
}
