//! Why a file could not be signed, or its signature not be read.

use crate::macho::fat::{Content, UniversalError};

/// Why a file could not be signed, or its signature not be looked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The file cannot be taken apart into Mach-O files.
    #[error(transparent)]
    File(#[from] UniversalError),
    /// Such files have no signature.
    #[error("{0} cannot have a code signature")]
    Kind(Content),
    /// Only little-endian processors have signed files.
    #[error("it is for a processor whose files cannot be signed")]
    BigEndian,
    /// The headers contradict the format's rules, or the rules of what can be signed.
    #[error("the file is damaged: {0}")]
    Malformed(&'static str),
    /// `__LINKEDIT`, which holds the signature, is not the end of the file.
    #[error("the signature must be the end of the file, but {0}")]
    NotLast(&'static str),
    /// There is no space for another load command.
    #[error("there are {0} bytes free behind the load commands, but a signature needs 16")]
    NoRoom(u64),
    /// The existing signature is worth more than the new one.
    #[error("its signature {0}, which an ad-hoc signature would lose")]
    Precious(&'static str),
    /// Identifiers are C strings, and end up in other tools' output.
    #[error("`{}` cannot be an identifier: it is empty, too long, or has control characters", .0.escape_debug())]
    Identifier(String),
}
