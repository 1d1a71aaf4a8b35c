//! Why a file could not be stripped or split.

use crate::error::BinaryError;
use crate::macho::fat::UniversalError;
use crate::macho::signature::SignatureError;

/// Why a file could not be stripped or split.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StripError {
    /// The file cannot be read.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// Such files are not stripped.
    #[error("it is {0}")]
    Kind(&'static str),
    /// The headers contradict the format's rules.
    #[error("the file is damaged: {0}")]
    Malformed(&'static str),
    /// Something in the file would have to be changed in ways that are not known here.
    #[error("it cannot be stripped: {0}")]
    Unsupported(String),
    /// An archive or other data follows the end of the file proper. Programs find such
    /// by counting from the file's beginning or end.
    #[error("{0} bytes of other data follow its last section, and would be lost or not be found")]
    Appended(u64),
    /// Its signature would no longer be right and cannot be made again.
    #[error("its signature {0}, which stripping would break")]
    Signed(&'static str),
    /// There is nothing to put into a second file.
    #[error("there is nothing to split: {0}")]
    NothingToSplit(String),
    /// The name of the second file.
    #[error("`{}` is no name of a file: it is empty, too long, or has a `/` or control characters", .0.escape_debug())]
    Name(String),
    /// The slices of a universal file cannot be taken apart or joined again.
    #[error(transparent)]
    Universal(#[from] UniversalError),
    /// The signature cannot be renewed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl StripError {
    /// A name of a symbol or section that its table of names does not have.
    pub(crate) const fn no_name() -> Self {
        Self::Malformed("a name lies outside its table")
    }

    /// A section whose bytes the file does not have.
    pub(crate) const fn outside() -> Self {
        Self::Malformed("a section lies outside the file")
    }

    /// A table of names that 32-bit offsets cannot reach the end of.
    pub(crate) const fn too_many_names() -> Self {
        Self::Malformed("too many names")
    }
}
