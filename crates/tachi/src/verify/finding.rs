//! A finding: what verification has to say about one file.

use std::fmt;

use serde::Serialize;

/// Something about a file that is not as it was meant to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its stable code: `TV001`.
    pub code: &'static str,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}] {}\n  help: {}", self.code, self.message, self.remedy)
    }
}
