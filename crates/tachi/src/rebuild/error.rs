//! Why a release could not be built a second time.

use camino::Utf8PathBuf;

use crate::exit_code::ExitCode;
use crate::sys::SysError;

/// Why.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The build needs packages from outside of the folder that is copied.
    #[error(
        "packages of this build lie outside of {root}: {package}\n  help: put the workspace and the packages \
         that it names by path into one repository, or into one folder"
    )]
    Scattered {
        /// The folder that would be copied.
        root: Utf8PathBuf,
        /// The manifest of a package outside of it.
        package: Utf8PathBuf,
    },
    /// The second build failed where the first had not.
    #[error(
        "the second build failed ({status}) where the first succeeded, in {folder}\n  help: the lines \
         above say what it lacks; most often that is a file that is in no commit\n  command: {command}"
    )]
    Second {
        /// How it ended.
        status: String,
        /// Its exit code.
        code: Option<i32>,
        /// The folder of the second build.
        folder: Utf8PathBuf,
        /// The whole command.
        command: String,
    },
    /// A manifest that was written is not there or not readable.
    #[error("{manifest}: {source}")]
    Manifest {
        manifest: Utf8PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The machine.
    #[error("{0}")]
    Sys(#[from] SysError),
}

impl RebuildError {
    /// The exit code for this error.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Scattered { .. } | Self::Sys(_) => ExitCode::Usage,
            Self::Second { code: Some(101), .. } => ExitCode::Compilation,
            Self::Second { .. } => ExitCode::Rebuild,
            Self::Manifest { .. } => ExitCode::Bug,
        }
    }
}
