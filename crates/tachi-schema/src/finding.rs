//! Findings: what verification has to say about a file. Each rule has a page with what it looks
//! for and why: `docs/findings/<code>.md` in Tachi's repository.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is. A word that this version does not know is read as [`Severity::Warning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", from = "String")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Note,
    /// Worth a look: the release goes on.
    Warning,
    /// The file does not do what was asked for: it is not released.
    Error,
}

impl From<String> for Severity {
    fn from(word: String) -> Self {
        match word.as_str() {
            "note" => Self::Note,
            "error" => Self::Error,
            _ => Self::Warning,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something about a file that is not as it was meant to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The stable code of the rule: `TV001`.
    pub code: String,
    /// The rule's name, which tachi.toml takes as well: `wrong-platform`.
    pub rule: String,
    /// How bad it is: what the rule says, unless the user's policy says otherwise.
    pub severity: Severity,
    /// What was found, in one sentence without the file's name.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}] {}\n  help: {}", self.code, self.message, self.remedy)
    }
}
