//! The reasons why no facts can be read.

use crate::format::Format;

/// The reason why no facts can be read from some bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BinaryError {
    /// The first bytes belong to no format this crate reads.
    #[error("not an executable, library, object or archive of a known format")]
    UnknownFormat,
    /// A part that the headers describe lies outside the file: the file was cut off.
    #[error("the {format} file is cut off: {what} ends beyond its last byte")]
    Truncated {
        /// The format that the first bytes name.
        format: Format,
        /// The missing part, with its article: `a section`.
        what: &'static str,
    },
    /// The file breaks the format's rules.
    #[error("the {format} file is damaged: {what}")]
    Malformed {
        /// The format that the first bytes name.
        format: Format,
        /// What is wrong, as a clause: `its sections overlap`.
        what: String,
    },
}

impl BinaryError {
    pub(crate) fn malformed(format: Format, what: &(impl ToString + ?Sized)) -> Self {
        Self::Malformed { format, what: what.to_string() }
    }
}
