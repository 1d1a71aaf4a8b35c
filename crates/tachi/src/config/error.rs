//! What can be wrong with settings. Each error names the file, and the line where there is one.

use camino::{Utf8Path, Utf8PathBuf};

use super::sign::Conflict;
use super::verify::TwoLists;
use crate::mistake::Mistake;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A TOML file or table that does not parse, or has a key that does not exist.
    #[error("{file}{}: {message}{hint}", place(*line))]
    Invalid {
        file: Utf8PathBuf,
        /// The line, from 1.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// A `[target.'cfg(…)']` key that is no cfg expression.
    #[error("{file}: `{key}` is not a cfg expression: {message}")]
    Cfg {
        file: Utf8PathBuf,
        /// The key as written.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// Settings of `[sign]` that do not go together.
    #[error("{file}: {source}")]
    Sign {
        /// The `tachi.toml`.
        file: Utf8PathBuf,
        /// The settings, and how to resolve the conflict.
        source: Conflict,
    },
    /// A rule of verification in two lists of one table.
    #[error("{file}: {source}")]
    TwoLists {
        /// The `tachi.toml`.
        file: Utf8PathBuf,
        /// The rule and its table.
        source: TwoLists,
    },
    /// A `[target.…]` key that names no target.
    #[error("{file}: [target.{key}] is neither a target nor a cfg expression{hint}")]
    UnknownTarget {
        file: Utf8PathBuf,
        /// The key as written.
        key: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// `--config` with an argument that is neither `KEY=VALUE` nor a file.
    #[error("--config {argument}: {message}")]
    Argument {
        /// The argument as given.
        argument: String,
        /// What is wrong with it.
        message: String,
    },
    /// A profile that does not exist.
    #[error(
        "there is no profile `{name}`{hint}\n  known here: {known}\n  to define it, add [profile.{name}] to {manifest}"
    )]
    UnknownProfile {
        /// The name asked for.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
        /// The names that exist, separated by commas.
        known: String,
        /// The root manifest.
        manifest: Utf8PathBuf,
    },
    /// A profile whose `inherits` leads nowhere or in a circle.
    #[error("{manifest}: profile `{name}` inherits from `{parent}`, which {problem}")]
    Inherits {
        /// The profile.
        name: String,
        /// What it inherits from.
        parent: String,
        /// "is not defined" or "inherits from it again".
        problem: &'static str,
        /// The root manifest.
        manifest: Utf8PathBuf,
    },
}

impl ConfigError {
    /// What is wrong with the text of a file.
    pub fn invalid(file: &Utf8Path, text: &str, error: &toml::de::Error) -> Self {
        let Mistake { line, message, hint } = Mistake::new(text, error);
        Self::Invalid { file: file.to_owned(), line, message, hint }
    }
}

fn place(line: Option<usize>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}
