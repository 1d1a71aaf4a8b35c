//! Code signatures of Mach-O files: reading them, checking them page by page, and making
//! ad-hoc ones.
//!
//! An ad-hoc signature names no signer: it is a list of hashes of the file's own pages. Apple's
//! arm64 systems run nothing without a signature, and every change of the file's bytes makes a
//! new signature necessary. [`sign`] writes what linkers write (`ld64`, `ld64.lld`), with the
//! flag `linker-signed`, which lets `strip` and `codesign` replace the signature.
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
