//! Changes to finished files: joining, signing. The formats are `tachi-binary`'s; here are
//! the files, read as streams and written atomically.

pub mod error;
pub mod finish;
pub mod sign;
pub mod signer;
pub mod stamp;
pub mod universal;

pub use error::PostError;

/// The permission bits of a file.
#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o777
}

/// Elsewhere a file has none.
#[cfg(not(unix))]
fn mode(_metadata: &std::fs::Metadata) -> u32 {
    0o755
}
