//! The hash functions of code signatures.

use std::fmt;

use sha2::{Digest as _, Sha256, Sha384};

/// A hash function (`CS_HASHTYPE_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-1, 20 bytes. It is neither trusted nor computed.
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
    /// The first 20 bytes of SHA-256.
    Sha256Truncated,
    /// SHA-384, 48 bytes.
    Sha384,
    /// An unknown hash function, by its number.
    Other(u8),
}

impl Digest {
    pub(super) fn of_number(number: u8) -> Self {
        match number {
            1 => Self::Sha1,
            2 => Self::Sha256,
            3 => Self::Sha256Truncated,
            4 => Self::Sha384,
            other => Self::Other(other),
        }
    }

    /// The size of a hash in bytes; none for functions that are not computed.
    pub(super) fn size(self) -> Option<usize> {
        match self {
            Self::Sha256 => Some(32),
            Self::Sha256Truncated => Some(20),
            Self::Sha384 => Some(48),
            Self::Sha1 | Self::Other(_) => None,
        }
    }

    /// Whether `hash` is the hash of `bytes`; never for functions that are not computed.
    pub(super) fn is_of(self, hash: &[u8], bytes: &[u8]) -> bool {
        match self {
            Self::Sha256 => *hash == *Sha256::digest(bytes),
            Self::Sha256Truncated => Sha256::digest(bytes).get(..20) == Some(hash),
            Self::Sha384 => *hash == *Sha384::digest(bytes),
            Self::Sha1 | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha1 => f.pad("SHA-1"),
            Self::Sha256 => f.pad("SHA-256"),
            Self::Sha256Truncated => f.pad("SHA-256 (20 bytes)"),
            Self::Sha384 => f.pad("SHA-384"),
            Self::Other(number) => f.pad(&format!("hash {number}")),
        }
    }
}

/// The SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
