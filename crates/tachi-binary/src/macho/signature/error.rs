//! The reasons why a file cannot be signed, or its signature cannot be read.

use crate::macho::fat::{Content, UniversalError};

/// The reason why a file cannot be signed, or its signature cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The file is not a Mach-O file, or not a sound universal file.
    #[error(transparent)]
    File(#[from] UniversalError),
    /// Files of this kind cannot have a signature.
    #[error("{0} cannot have a code signature")]
    Kind(Content),
    /// The file is for a big-endian processor, whose files cannot be signed.
    #[error("it is for a processor whose files cannot be signed")]
    BigEndian,
    /// The headers break the format's rules, or the rules for files that can be signed.
    #[error("the file is damaged: {0}")]
    Malformed(&'static str),
    /// The signature, or `__LINKEDIT`, which holds it, is not the end of the file.
    #[error("the signature must be the end of the file, but {0}")]
    NotLast(&'static str),
    /// The file has no space for another load command: the number of free bytes.
    #[error("there are {0} bytes free behind the load commands, but a signature needs 16")]
    NoRoom(u64),
    /// The present signature is worth more than an ad-hoc one.
    #[error("its signature {0}, which an ad-hoc signature would lose")]
    Precious(&'static str),
    /// The identifier is unusable. Identifiers are C strings, and other tools print them.
    #[error("`{}` cannot be an identifier: it is empty, too long, or has control characters", .0.escape_debug())]
    Identifier(String),
}
