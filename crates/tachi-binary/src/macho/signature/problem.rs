//! What can be wrong with a signature.

use std::fmt;

use crate::macho::signature::hash::Digest;

/// What is wrong with a signature. Systems refuse code with such a one, or could.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It cannot be read.
    Malformed(&'static str),
    /// It has no code directory.
    NoDirectory,
    /// All its code directories use hash functions that are not trusted.
    Untrusted(Digest),
    /// Pages are not those that were signed.
    Pages {
        /// How many.
        count: usize,
        /// Where the first of them begins, in bytes.
        first: u64,
    },
    /// There are more or fewer page hashes than pages.
    PageCount {
        /// How many hashes.
        hashes: u64,
        /// How many pages.
        pages: u64,
    },
    /// It covers another number of bytes than there are before it.
    CodeLimit {
        /// How many it covers.
        covered: u64,
        /// How many there are.
        code: u64,
    },
    /// A part of the signature is not the one whose hash was signed.
    Slot {
        /// Its number.
        slot: u32,
        /// It is there, and no hash is.
        is_unsigned: bool,
    },
    /// The hash of a part was signed, and the part is missing.
    MissingSlot(u32),
    /// It was made for another executable segment than `__TEXT`.
    ExecutableSegment,
    /// There are bytes behind it, which nothing covers.
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
