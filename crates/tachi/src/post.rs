//! Changes to finished files: joining, signing, stripping. `tachi-binary` knows the formats; this
//! module reads the files as streams and writes them atomically.

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

/// The file that a link leads to: renaming a new file onto a link would only replace the link.
fn followed(path: &Utf8Path) -> Result<Utf8PathBuf, SysError> {
    path.canonicalize_utf8().map_err(SysError::file("read", path))
}
