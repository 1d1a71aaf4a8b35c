//! The name of a step, checked once when it is read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Lower-case letters, digits and dashes, at least one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StepName(String);

/// Why a text is no step name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepNameError {
    /// There is nothing in it.
    #[error("a step name must not be empty")]
    Empty,
    /// One of its characters is not allowed.
    #[error("step name '{name}' holds '{character}'; only a-z, 0-9 and '-' may be used")]
    Character {
        /// The whole text.
        name: String,
        /// The first character at fault.
        character: char,
    },
}

impl TryFrom<String> for StepName {
    type Error = StepNameError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.is_empty() {
            return Err(StepNameError::Empty);
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match name.chars().find(|&c| !allowed(c)) {
            Some(character) => Err(StepNameError::Character { name, character }),
            None => Ok(Self(name)),
        }
    }
}

impl From<StepName> for String {
    fn from(name: StepName) -> Self {
        name.0
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        let table = [
            ("gather", None),
            ("step-2", None),
            ("", Some("a step name must not be empty")),
            (
                "Two words",
                Some("step name 'Two words' holds 'T'; only a-z, 0-9 and '-' may be used"),
            ),
        ];
        for (input, error) in table {
            let got = StepName::try_from(input.to_owned()).map_err(|e| e.to_string());
            assert_eq!(got.err().as_deref(), error, "{input:?}");
        }
    }
}
