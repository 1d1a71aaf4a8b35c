//! The reasons why a file cannot be stripped or split.

use crate::error::BinaryError;
use crate::macho::fat::UniversalError;
use crate::macho::signature::SignatureError;

/// The reason why a file cannot be stripped or split.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StripError {
    /// The file cannot be read.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// Files of this kind cannot be stripped: the kind, with its article.
    #[error("it is {0}")]
    Kind(&'static str),
    /// The headers break the format's rules: what is wrong.
    #[error("the file is damaged: {0}")]
    Malformed(&'static str),
    /// Something in the file would have to change in ways that are not supported: the reason.
    #[error("it cannot be stripped: {0}")]
    Unsupported(String),
    /// An archive or other data follows the end of the file proper: its size in bytes. Programs
    /// find such data by counting from the start or the end of the file.
    #[error("{0} bytes of other data follow its last section, and would be lost")]
    Appended(u64),
    /// Stripping would break the file's signature, which cannot be made again.
    #[error("its signature {0}, which stripping would break")]
    Signed(&'static str),
    /// The file has nothing for a second file: the reason.
    #[error("there is nothing to split: {0}")]
    NothingToSplit(String),
    /// The name of the second file cannot be the name of a file.
    #[error("`{}` cannot be the name of a file: it is empty, too long, or has a `/` or control characters", .0.escape_debug())]
    Name(String),
    /// A universal file cannot be taken apart or joined again.
    #[error(transparent)]
    Universal(#[from] UniversalError),
    /// The signature cannot be read or made again.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl StripError {
    /// The table of names does not have the name of a symbol or section.
    pub(crate) const fn no_name() -> Self {
        Self::Malformed("a name lies outside its table")
    }

    /// The file ends before one of its sections does.
    pub(crate) const fn outside() -> Self {
        Self::Malformed("a section lies outside the file")
    }

    /// The table of names is too long for offsets of 32 bits.
    pub(crate) const fn too_many_names() -> Self {
        Self::Malformed("too many names")
    }
}
