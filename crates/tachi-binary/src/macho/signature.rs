//! Code signatures of Mach-O files: read, checked page by page, and ad-hoc ones made.
//!
//! An ad-hoc signature names no one: it is a list of hashes of the file's own pages.
//! Without one, arm64 systems of Apple's run nothing, and after any change of bytes it has
//! to be renewed. What [`sign`] writes is what linkers write (`ld64`, `ld64.lld`), flag
//! `linker-signed` included, which tells `strip` and `codesign` that they may replace it.
//!
//! The format is that of
//! [cs_blobs.h](https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h).

mod blob;
mod directory;
mod error;
mod hash;
mod place;
mod plan;
mod problem;
mod sign;
mod verify;

pub use directory::{Directory, Flags};
pub use error::SignatureError;
pub use hash::Digest;
pub use problem::Problem;
pub(crate) use sign::renewable;
pub use sign::{Replace, sign};
pub use verify::{Checked, Signature, verify};
