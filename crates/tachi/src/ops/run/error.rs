//! Why nothing can be run; in cargo's words where cargo has the same error.

use crate::exit_code::ExitCode;
use crate::toolchain::runner::NoRunner;

/// A request that does not lead to one program that runs here.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// None of the selected packages has a program.
    #[error("a bin target must be available for `cargo tachi run`")]
    NoProgram,
    /// There are several, and none is chosen.
    #[error(
        "`cargo tachi run` could not determine which binary to run. Use the `--bin` option to specify a binary, or \
         the `default-run` manifest key.\navailable binaries: {}", .0.join(", ")
    )]
    Undetermined(Vec<String>),
    /// Several were chosen.
    #[error(
        "`cargo tachi run` can run at most one executable, but multiple were specified: {}", .0.join(", ")
    )]
    Several(Vec<String>),
    /// An example that is a library was chosen.
    #[error("example target `{0}` is a library and cannot be executed")]
    LibraryExample(String),
    /// `-p` with a pattern.
    #[error("`cargo tachi run` does not support glob pattern `{0}` on package selection")]
    Pattern(String),
    /// `--target` with several, or with a group of several.
    #[error("only one `--target` argument is supported")]
    SeveralTargets,
    /// Nothing here runs the target's programs.
    #[error(transparent)]
    NoRunner(#[from] NoRunner),
}

impl RunError {
    /// The exit code for this error.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoRunner(_) => ExitCode::Kit,
            _ => ExitCode::Usage,
        }
    }
}
