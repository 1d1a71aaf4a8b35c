//! Changes to finished files: joining, signing, stripping. The formats are `tachi-binary`'s; here are
//! the files, read as streams and written atomically.

pub mod error;
pub mod finish;
pub mod sign;
pub mod signer;
pub mod stamp;
pub mod strip;
pub mod universal;

use camino::{Utf8Path, Utf8PathBuf};

pub use error::PostError;

use crate::sys::SysError;

/// The file behind links: renaming a new file onto a link would only replace the link.
fn followed(path: &Utf8Path) -> Result<Utf8PathBuf, SysError> {
    path.canonicalize_utf8().map_err(SysError::file("read", path))
}
