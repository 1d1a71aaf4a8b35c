//! Digests of bytes and texts. Pure: what reads files is `sys::fs`.

use sha2::{Digest, Sha256};

/// SHA-256 of bytes, in lower-case hexadecimal.
pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first eight hexadecimal digits of the SHA-256 of texts: enough to tell versions apart.
pub(crate) fn short_digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    hex(&digest.finalize()[..4])
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        use std::fmt::Write;
        let _ = write!(out, "{byte:02x}");
        out
    })
}
