//! What can stop a run of the plan.

use camino::Utf8PathBuf;

use crate::cargo::CargoError;
use crate::error::ExitCode;
use crate::post::PostError;
use crate::post::finish::FinishError;
use crate::post::signer::SignerError;
use crate::sys::SysError;
use crate::testing::TestError;
use crate::toolchain::ToolchainError;
use crate::verify::Finding;

/// A step that failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The compilation.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// Bringing a tool or a standard library.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// A file.
    #[error("{source}")]
    Sys {
        /// What went wrong.
        source: SysError,
        /// It happened while packaging.
        packaging: bool,
    },
    /// A file that cargo made is no object file.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: tachi_binary::BinaryError,
    },
    /// A file could not be stamped or signed.
    #[error("{path}: {source}")]
    Finish {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        source: FinishError,
    },
    /// A file could not be signed with a certificate.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// Tests could not be run.
    #[error(transparent)]
    Test(#[from] TestError),
    /// Files could not be joined.
    #[error(transparent)]
    Post(#[from] PostError),
    /// Finished files are not what they were meant to be.
    #[error("{}", list(.0))]
    Findings(Vec<(Utf8PathBuf, Finding)>),
}

impl EngineError {
    /// The exit code for this error; interrupts are seen to elsewhere.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Cargo(CargoError::Failed { .. }) => ExitCode::Compilation,
            Self::Cargo(CargoError::Missing { .. } | CargoError::Surplus { .. }) => ExitCode::Bug,
            Self::Toolchain(_) => ExitCode::Kit,
            Self::Signer(error) => error.exit_code(),
            Self::Test(error) => error.exit_code(),
            Self::Findings(_) | Self::Post(_) | Self::Unreadable { .. } | Self::Finish { .. } => {
                ExitCode::Verification
            }
            Self::Sys { packaging: true, .. } => ExitCode::Packaging,
            Self::Cargo(CargoError::Sys(_)) | Self::Sys { packaging: false, .. } => ExitCode::Usage,
        }
    }
}

impl From<SysError> for EngineError {
    fn from(source: SysError) -> Self {
        Self::Sys { source, packaging: false }
    }
}

fn list(findings: &[(Utf8PathBuf, Finding)]) -> String {
    findings
        .iter()
        .map(|(path, finding)| format!("{path}: {finding}"))
        .collect::<Vec<_>>()
        .join("\n")
}
