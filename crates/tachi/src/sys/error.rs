//! What can go wrong between Tachi and the machine.

use std::ffi::OsString;
use std::path::PathBuf;

use camino::Utf8PathBuf;

use super::command::Command;

/// A failed effect: which one, on what, and why.
#[derive(Debug, thiserror::Error)]
pub enum SysError {
    /// A file operation failed.
    #[error("cannot {action} {path}: {}", describe(source))]
    File {
        /// What was attempted, as a verb phrase: "read", "write", "create the folder".
        action: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// A path that is not UTF-8. Cargo's own JSON messages cannot carry one either.
    #[error("the path {path:?} is not UTF-8; rename it, or move the project to a path that is")]
    NotUtf8 {
        /// The path as the system gave it.
        path: PathBuf,
    },
    /// An argument of this program that is not UTF-8.
    #[error(
        "the argument {0:?} is not UTF-8; Tachi takes no other, as cargo's messages cannot carry it"
    )]
    ArgumentNotUtf8(OsString),
    /// A variable that Tachi or cargo reads, and whose value is not UTF-8.
    #[error(
        "the environment variable {name} is {value:?}, which is not UTF-8; unset or correct it"
    )]
    VariableNotUtf8 { name: String, value: OsString },
    /// The current directory could not be read.
    #[error("cannot read the current directory: {0}")]
    CurrentDir(#[source] std::io::Error),
    /// This program's own file could not be found.
    #[error("cannot find this program's own file: {0}")]
    CurrentProgram(#[source] std::io::Error),
    /// A program could not be started.
    #[error("cannot run `{}`: {source}\n  command: {command}", command.program)]
    Spawn {
        /// The whole command.
        command: Box<Command>,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// A program ended with a failure.
    #[error("`{}` failed ({status}){}\n  command: {command}", command.program, indented(stderr))]
    Failed {
        /// The whole command.
        command: Box<Command>,
        /// How it ended: "exit status: 1", "signal: 9 (SIGKILL)".
        status: String,
        /// What it said on standard error.
        stderr: String,
    },
    /// The user asked to stop (Ctrl-C, SIGTERM).
    #[error("interrupted")]
    Interrupted,
    /// Something else in the same run has failed, which made this pointless.
    #[error("stopped, as another step has failed")]
    Stopped,
}

impl SysError {
    /// Whether the user asked to stop.
    pub fn is_interrupt(&self) -> bool {
        matches!(self, Self::Interrupted)
    }

    /// Whether nothing failed here: the user asked to stop, or another step has failed.
    pub fn is_stop(&self) -> bool {
        matches!(self, Self::Interrupted | Self::Stopped)
    }

    /// What ended a run that has `error`, if nothing failed: [`Interrupted`](Self::Interrupted)
    /// or [`Stopped`](Self::Stopped), the error itself or among its sources, however deep.
    ///
    /// A variant with `#[error(transparent)]` hides the error that it holds and shows the sources
    /// of that. So each variant that holds a `SysError` itself has a message of its own.
    pub fn stop_in<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Self> {
        let mut at = Some(error);
        while let Some(error) = at {
            let boxed = || error.downcast_ref::<Box<Self>>().map(|sys| &**sys);
            if let Some(stop) =
                error.downcast_ref::<Self>().or_else(boxed).filter(|one| one.is_stop())
            {
                return Some(stop);
            }
            at = error.source();
        }
        None
    }

    /// Wraps an I/O error with what was attempted on which path; use with `map_err`.
    pub fn file(
        action: &'static str,
        path: impl Into<Utf8PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}

fn describe(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull => {
            "no space left on the device; free some, or choose another place with --target-dir"
                .into()
        }
        std::io::ErrorKind::ReadOnlyFilesystem => {
            "the file system is read-only; choose another place with --target-dir".into()
        }
        std::io::ErrorKind::PermissionDenied => {
            "permission denied; change its owner, or choose another place with --target-dir".into()
        }
        _ => error.to_string(),
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().fold(String::new(), |out, line| out + "\n  | " + line)
}
