//! What can be wrong with a workspace, or with what was selected from it.

use camino::Utf8PathBuf;

use crate::sys::{Command, SysError};

/// A workspace that cannot be read, or a selection that does not exist in it.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// `cargo metadata` failed: no manifest, a broken one, a lockfile that would change.
    #[error("{message}{}\n  command: {command}", remedy(message))]
    Metadata {
        /// Cargo's own words.
        message: String,
        command: Box<Command>,
    },
    /// `cargo metadata` said something that does not parse.
    #[error("the output of `cargo metadata` cannot be read: {source}\n  command: {command}")]
    Unreadable {
        command: Box<Command>,
        /// What is wrong with it.
        source: Box<guppy::Error>,
    },
    /// The root manifest is no TOML.
    #[error("{file}:{line}: {message}")]
    Manifest {
        /// The root manifest.
        file: Utf8PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// `-p` or `--exclude` or `[package.…]` with a name that no member has.
    #[error("there is no package `{name}` in this workspace{hint}\n  its members: {members}")]
    UnknownPackage {
        /// The name asked for.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
        /// All members' names, separated by commas.
        members: String,
    },
    /// `--bin`, `--example`, `--test` or `--bench` with a name that no selected package has.
    #[error("none of the selected packages has the {kind} `{name}`{hint}\n  there are: {known}")]
    UnknownCargoTarget {
        /// "binary", "example", "integration test" or "benchmark".
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// `--features` with a feature that no selected package has.
    #[error("none of the selected packages has the feature `{name}`{hint}\n  there are: {known}")]
    UnknownFeature {
        /// The feature asked for.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
        /// The features that exist, separated by commas.
        known: String,
    },
    /// The feature resolution failed inside `guppy`.
    #[error("the features of this workspace cannot be resolved: {0}")]
    Features(#[source] Box<guppy::Error>),
    /// A program or file failed.
    #[error("{0}")]
    Sys(#[from] SysError),
}

/// What to do about the commonest complaints of cargo.
fn remedy(message: &str) -> &'static str {
    if message.contains("--locked") {
        "\n  help: Cargo.lock is not up to date; run `cargo update --workspace`, look at the change and \
         commit it, or drop --locked (`dist` implies it; --no-locked switches it off)"
    } else if message.contains("could not find `Cargo.toml`") {
        "\n  help: run this inside a cargo project, or name one with --manifest-path"
    } else if message.contains("--offline") {
        "\n  help: a dependency is not on this machine yet; run once without --offline"
    } else {
        ""
    }
}
