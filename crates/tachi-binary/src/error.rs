//! Why no facts could be read.

use crate::format::Format;

/// Why no facts could be read from some bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BinaryError {
    /// The first bytes belong to no format this crate reads.
    #[error("not an executable, library, object or archive that is known here")]
    UnknownFormat,
    /// Parts that the headers speak of lie outside the file: it was cut off.
    #[error("the {format} file is cut off: {what} ends beyond its last byte")]
    Truncated {
        /// What the first bytes say it is.
        format: Format,
        /// The part that is missing.
        what: &'static str,
    },
    /// The headers contradict the format's rules.
    #[error("the {format} file is damaged: {what}")]
    Malformed {
        /// What the first bytes say it is.
        format: Format,
        /// What is wrong.
        what: String,
    },
}

impl BinaryError {
    pub(crate) fn malformed(format: Format, what: &(impl ToString + ?Sized)) -> Self {
        Self::Malformed { format, what: what.to_string() }
    }
}
