//! How a cargo call can fail.

use crate::sys::{Command, SysError};

/// A cargo call that did not make what the plan expects.
#[derive(Debug, thiserror::Error)]
pub enum CargoError {
    /// Cargo ended with a failure. Its diagnostics were shown as they came.
    #[error("compilation failed ({status})\n  command: {command}")]
    Failed {
        /// The whole command.
        command: Box<Command>,
        /// How it ended.
        status: String,
    },
    /// Cargo succeeded, but did not report a file that the plan expects.
    #[error(
        "cargo did not report {files}\n  command: {command}\n  help: this is where the plan and cargo disagree; \
         run `cargo tachi plan -v` and report both as a bug of Tachi"
    )]
    Missing {
        /// The files, in words.
        files: String,
        /// The whole command.
        command: Box<Command>,
    },
    /// Cargo reported a program that the plan does not expect.
    #[error(
        "cargo reported {files}, which the plan does not expect\n  command: {command}\n  help: this is where the \
         plan and cargo disagree; run `cargo tachi plan -v` and report both as a bug of Tachi"
    )]
    Surplus {
        /// The files, in words.
        files: String,
        /// The whole command.
        command: Box<Command>,
    },
    /// Cargo could not be run, or the user interrupted.
    #[error("{0}")]
    Sys(#[from] SysError),
}
