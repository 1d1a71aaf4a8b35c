//! Why tests cannot be run at all; tests that fail are no error.

use crate::exit_code::ExitCode;
use crate::sys::{Command, SysError};

/// Tests that could not be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// cargo-nextest could not list the tests.
    #[error(
        "cargo-nextest cannot list the tests ({status})\n{stderr}\n  command: {command}\n  help: cargo-nextest needs a \
         harness of your own (`harness = false`) to understand `--list --format terse`; with --no-nextest the \
         exit code of such a program decides"
    )]
    List {
        /// The whole command.
        command: Box<Command>,
        /// How it ended.
        status: String,
        /// Its words.
        stderr: String,
    },
    /// cargo-nextest failed otherwise.
    #[error("cargo-nextest failed ({status})\n{said}\n  command: {command}")]
    Nextest {
        /// The whole command.
        command: Box<Command>,
        /// How it ended.
        status: String,
        /// Its words.
        said: String,
    },
    /// cargo-nextest wrote something that cannot be read.
    #[error("the {what} of cargo-nextest cannot be read: {message}\n  help: use --no-nextest")]
    Unreadable {
        /// What it wrote: `list of tests` or the like.
        what: &'static str,
        /// Why it cannot be read.
        message: String,
    },
    /// The machine, or an interrupt.
    #[error("{0}")]
    Sys(#[from] SysError),
}

impl TestError {
    /// The exit code for this error.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::List { .. } | Self::Sys(_) => ExitCode::Usage,
            Self::Nextest { .. } => ExitCode::Compilation,
            Self::Unreadable { .. } => ExitCode::Kit,
        }
    }
}
