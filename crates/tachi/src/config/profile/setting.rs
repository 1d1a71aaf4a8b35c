//! What settings of profiles mean, as cargo reads them.

use serde::Deserialize;
use toml::Value;

/// What is stripped, in cargo's words.
///
/// ```
/// let builder = tachi::Builder::new().strip(tachi::Strip::Symbols);
/// assert_ne!(builder, tachi::Builder::new());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strip {
    /// Nothing.
    #[default]
    None,
    /// Debug information.
    Debuginfo,
    /// Debug information and symbols.
    Symbols,
}

impl Strip {
    /// `strip`: a word, or whether to strip symbols.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Boolean(true) => Self::Symbols,
            Value::String(word) if word == "symbols" || word == "true" => Self::Symbols,
            Value::String(word) if word == "debuginfo" => Self::Debuginfo,
            _ => Self::None,
        }
    }

    /// Cargo's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Debuginfo => "debuginfo",
            Self::Symbols => "symbols",
        }
    }
}

/// Link-time optimisation, by what a link costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lto {
    /// None beyond the crate (`off`, `false`).
    Off,
    /// Over all crates, in parallel parts (`thin`).
    Thin,
    /// Over all crates at once (`fat`, `true`).
    Fat,
}

impl Lto {
    /// `lto`: a word, or whether to optimise over all crates.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Boolean(true) => Self::Fat,
            Value::String(word) if word == "fat" || word == "true" => Self::Fat,
            Value::String(word) if word == "thin" => Self::Thin,
            _ => Self::Off,
        }
    }
}

/// Whether `debug` asks for debug information; where it is not set, `dev` does and `release` does not.
pub(super) fn has_debug_information(setting: Option<&Value>, root: &str) -> bool {
    match setting {
        Some(Value::Boolean(debug)) => *debug,
        Some(Value::Integer(level)) => *level != 0,
        Some(Value::String(word)) => !matches!(word.as_str(), "none" | "false" | "0"),
        _ => root == "dev",
    }
}
