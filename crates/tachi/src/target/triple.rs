//! A target's name, and the spellings of it that environment variables use.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A rustc target triple. Nothing is checked here: [`catalogue`](super::catalogue)
/// knows which ones exist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Triple(String);

impl Triple {
    /// Wraps a name as it is.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as rustc spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its form in cargo's variables, such as `CARGO_TARGET_<suffix>_LINKER`.
    pub fn env_suffix(&self) -> String {
        self.cc_suffix().to_uppercase()
    }

    /// Its form in the variables of the `cc` crate, such as `CFLAGS_<suffix>`.
    pub fn cc_suffix(&self) -> String {
        self.0.replace(['-', '.'], "_")
    }
}

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Triple {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Triple {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Triple {
    fn from(name: String) -> Self {
        Self(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_variables_has_underscores() {
        let triple = Triple::new("thumbv8m.base-none-eabi");
        assert_eq!(triple.cc_suffix(), "thumbv8m_base_none_eabi");
        assert_eq!(triple.env_suffix(), "THUMBV8M_BASE_NONE_EABI");
    }
}
