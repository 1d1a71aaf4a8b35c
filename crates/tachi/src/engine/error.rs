//! What can stop a run of the plan.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::cargo::CargoError;
use crate::exit_code::ExitCode;
use crate::package::PackageError;
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
    /// A tool or a standard library could not be provided.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// A file.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// A package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A file that cargo made is not an object file.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file, in cargo's folder.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: tachi_binary::BinaryError,
    },
    /// A file could not be stamped or signed.
    #[error("{path}: {source}")]
    Finish {
        /// The file, in cargo's folder.
        path: Utf8PathBuf,
        /// Why it was not finished.
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
    /// Finished files are not what they were meant to be: the findings that stop the release.
    #[error("{}", not_released(.0))]
    Findings(Vec<(Utf8PathBuf, Finding)>),
    /// A step reads a file that no step before it made.
    #[error("{file}: no step made it\n  help: this is a bug in Tachi; please report it")]
    NotMade {
        /// The file, as the plan names it.
        file: String,
    },
    /// The plan's steps do not fit together.
    #[error("the plan cannot be run: {message}\n  help: this is a bug in Tachi; please report it")]
    Plan {
        /// What does not fit, in a clause.
        message: String,
    },
    /// A panic.
    #[error("{what}: panicked: {message}\n  help: this is a bug; please report it")]
    Panicked {
        /// The id of the step, or the part of Tachi.
        what: String,
        /// What the panic said.
        message: String,
    },
    /// Several steps that failed at the same time, in order of time.
    #[error("{}", list(.0))]
    Several(Vec<EngineError>),
}

impl EngineError {
    /// The exit code for this error, unless the user interrupted the run.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Cargo(CargoError::Failed { .. }) => ExitCode::Compilation,
            Self::Toolchain(error) => error.exit_code(),
            Self::Signer(error) => error.exit_code(),
            Self::Test(error) => error.exit_code(),
            Self::Findings(_) | Self::Post(_) | Self::Unreadable { .. } | Self::Finish { .. } => {
                ExitCode::Verification
            }
            Self::Package(PackageError::Sys(_)) => ExitCode::Packaging,
            Self::Cargo(CargoError::Sys(_)) | Self::Sys(_) => ExitCode::Usage,
            Self::Cargo(CargoError::Missing { .. } | CargoError::Surplus { .. })
            | Self::Package(PackageError::Changed { .. })
            | Self::NotMade { .. }
            | Self::Plan { .. }
            | Self::Panicked { .. } => ExitCode::Bug,
            Self::Several(errors) => errors.first().map_or(ExitCode::Bug, Self::exit_code),
        }
    }

    /// Whether rustup turned out not to have a standard library, and nothing else failed.
    pub(crate) fn is_no_std(&self) -> bool {
        match self {
            Self::Toolchain(ToolchainError::NoStd { .. }) => true,
            Self::Several(errors) => errors.iter().all(Self::is_no_std),
            _ => false,
        }
    }

    /// Whether a finished file was refused.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Findings(_) => true,
            Self::Several(errors) => errors.iter().any(Self::is_refusal),
            _ => false,
        }
    }
}

fn list(errors: &[EngineError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn not_released(findings: &[(Utf8PathBuf, Finding)]) -> String {
    let files: BTreeSet<&str> =
        findings.iter().map(|(path, _)| path.file_name().unwrap_or(path.as_str())).collect();
    let files = files.into_iter().collect::<Vec<_>>().join(", ");
    let rules: BTreeSet<&str> = findings.iter().map(|(_, finding)| finding.rule.as_str()).collect();
    let rules = rules.into_iter().map(|rule| format!("\"{rule}\"")).collect::<Vec<_>>().join(", ");
    format!(
        "{files}: not released\n  help: fix the findings above; to accept them, set `[verify] allow = [{rules}]` in \
         tachi.toml"
    )
}
