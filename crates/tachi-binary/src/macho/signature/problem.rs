//! The faults of signatures.

use std::fmt;

use crate::macho::signature::hash::Digest;

/// A fault of a signature. Systems refuse code whose signature has one, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It cannot be read: what is wrong with it.
    Malformed(&'static str),
    /// It has no code directory.
    NoDirectory,
    /// All its code directories use hash functions that are not trusted.
    Untrusted(Digest),
    /// The hashes of some pages are wrong: their bytes are not those that were signed.
    Pages {
        /// The number of such pages.
        count: usize,
        /// Where the first of them begins in the file, in bytes.
        first: u64,
    },
    /// The signature has more or fewer hashes than the code has pages.
    PageCount {
        /// The number of hashes.
        hashes: u64,
        /// The number of pages.
        pages: u64,
    },
    /// It does not cover exactly the bytes before it.
    CodeLimit {
        /// The number of bytes that it covers.
        covered: u64,
        /// The number of bytes before it.
        code: u64,
    },
    /// A part of the signature has another hash than the signed one, or has no signed hash.
    Slot {
        /// The number of the part's slot (`CSSLOT_…`).
        slot: u32,
        /// Whether the part has no signed hash.
        is_unsigned: bool,
    },
    /// The hash of a part was signed, but the part is missing: the number of its slot.
    MissingSlot(u32),
    /// It was made for another executable segment than `__TEXT`.
    ExecutableSegment,
    /// Bytes follow it, which nothing covers: their number.
    TrailingBytes(u64),
    /// Its position is not a multiple of 16, which tools require.
    Unaligned,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "the signature is damaged: {what}"),
            Self::NoDirectory => write!(f, "the signature has no code directory"),
            Self::Untrusted(digest) => {
                write!(f, "the signature has {digest} hashes only, which prove nothing")
            }
            Self::Pages { count: 1, first } => {
                write!(f, "the page at {first:#x} is not the one that was signed")
            }
            Self::Pages { count, first } => {
                write!(f, "{count} pages are not those that were signed, the first at {first:#x}")
            }
            Self::PageCount { hashes, pages } => {
                write!(f, "the signature has {hashes} hashes for {pages} pages")
            }
            Self::CodeLimit { covered, code } => {
                write!(f, "the signature covers {covered} bytes of {code}")
            }
            Self::Slot { slot, is_unsigned: false } => {
                write!(f, "{} is not what was signed", slot_name(*slot))
            }
            Self::Slot { slot, is_unsigned: true } => {
                write!(f, "{} is there, but not signed", slot_name(*slot))
            }
            Self::MissingSlot(slot) => write!(f, "{} was signed, but is missing", slot_name(*slot)),
            Self::ExecutableSegment => {
                write!(f, "the signature was made for another executable segment")
            }
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the signature"),
            Self::Unaligned => write!(f, "the signature's position is no multiple of 16"),
        }
    }
}

/// What a special slot is for.
fn slot_name(slot: u32) -> String {
    match slot {
        2 => "the set of requirements".into(),
        5 => "the list of entitlements".into(),
        7 => "the list of entitlements (DER)".into(),
        other => format!("the part in slot {other}"),
    }
}
