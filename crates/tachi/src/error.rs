//! All that can stop a run, and the exit code that says so.

use camino::Utf8PathBuf;

use crate::cargo::CargoError;
use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::plan::PlanError;
use crate::post::signer::SignerError;
use crate::rebuild::RebuildError;
use crate::runnable::RunError;
use crate::sys::SysError;
use crate::toolchain::ToolchainError;
use crate::vcs::VcsError;
use crate::verify::release::ReleaseError;
use crate::workspace::WorkspaceError;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The workspace, or what was selected from it.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The compiler, or what kits need.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// A file could not be signed with a certificate.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The repository.
    #[error(transparent)]
    Vcs(#[from] VcsError),
    /// The plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The second build.
    #[error(transparent)]
    Rebuild(#[from] RebuildError),
    /// What was to be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A step.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A release to verify.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The machine.
    #[error(transparent)]
    Sys(#[from] SysError),
    /// `[package.…]` in `tachi.toml` for a package that does not exist.
    #[error("{file}: [package.{name}]: there is no package `{name}` in this workspace{hint}")]
    UnknownPackageTable {
        /// The file.
        file: Utf8PathBuf,
        /// The name.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// sccache was asked for, but is not installed.
    #[error(
        "sccache is asked for, but not on PATH\n  help: install it with `cargo install sccache`, or drop --sccache \
         and `sccache = true`"
    )]
    NoSccache,
    /// `SOURCE_DATE_EPOCH` is no number.
    #[error("SOURCE_DATE_EPOCH is `{value}`, which is not a number of seconds since 1970")]
    SourceDateEpoch {
        /// Its value.
        value: String,
    },
}

/// The exit codes that are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// All is done.
    Done = 0,
    /// A bug of Tachi's.
    Bug = 1,
    /// Usage or configuration.
    Usage = 2,
    /// A kit is missing or could not be fetched.
    Kit = 3,
    /// Verification found errors.
    Verification = 4,
    /// A rebuild differed.
    Rebuild = 5,
    /// Packaging failed.
    Packaging = 6,
    /// Compilation or tests failed: cargo's own code.
    Compilation = 101,
    /// Interrupted: 128 and the number of SIGINT, as shells have it.
    Interrupted = 130,
}

impl Error {
    /// The exit code for this error.
    pub fn exit_code(&self) -> ExitCode {
        if self.is_interrupt() {
            return ExitCode::Interrupted;
        }
        match self {
            // Of a wrong request and a missing kit, the request has to be mended first.
            Self::Plan(PlanError::NoKit(missing)) if missing.iter().any(|one| one.usage) => {
                ExitCode::Usage
            }
            Self::Toolchain(ToolchainError::Lock { .. } | ToolchainError::NoConsent { .. }) => {
                ExitCode::Usage
            }
            Self::Plan(PlanError::NoKit(_) | PlanError::NoNextest) | Self::Toolchain(_) => {
                ExitCode::Kit
            }
            Self::Run(error) => error.exit_code(),
            Self::Rebuild(error) => error.exit_code(),
            Self::Signer(error) | Self::Plan(PlanError::Signer(error)) => error.exit_code(),
            Self::Engine(error) => error.exit_code(),
            Self::Workspace(_)
            | Self::Config(_)
            | Self::Vcs(_)
            | Self::Plan(_)
            | Self::Release(_)
            | Self::Sys(_)
            | Self::UnknownPackageTable { .. }
            | Self::NoSccache
            | Self::SourceDateEpoch { .. } => ExitCode::Usage,
        }
    }

    /// The [`exit_code`](Self::exit_code) as the number that the process ends with.
    pub fn code(&self) -> u8 {
        self.exit_code() as u8
    }

    fn is_interrupt(&self) -> bool {
        let (Self::Sys(sys)
        | Self::Workspace(WorkspaceError::Sys(sys))
        | Self::Vcs(VcsError::Sys(sys))
        | Self::Signer(SignerError::Sys(sys))
        | Self::Toolchain(ToolchainError::Sys(sys))
        | Self::Engine(
            EngineError::Toolchain(ToolchainError::Sys(sys))
            | EngineError::Sys { source: sys, .. }
            | EngineError::Signer(SignerError::Sys(sys))
            | EngineError::Cargo(CargoError::Sys(sys)),
        )) = self
        else {
            return false;
        };
        matches!(sys, SysError::Interrupted)
    }
}
