//! All that can stop an operation, and the exit code that says so.

use super::run::RunError;
use super::verify_release::ReleaseError;
use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::exit_code::ExitCode;
use crate::facts::FactsError;
use crate::plan::PlanError;
use crate::post::PostError;
use crate::post::signer::SignerError;
use crate::post::stamp::StampFileError;
use crate::rebuild::RebuildError;
use crate::sys::SysError;
use crate::target::TargetError;
use crate::toolchain::ToolchainError;
use crate::vcs::VcsError;
use crate::workspace::WorkspaceError;

/// Why a run stopped. Its text has the cause and a remedy, and its [exit code](Self::exit_code) is
/// that of `cargo tachi`.
///
/// ```
/// use tachi::{Builder, ExitCode, Session};
///
/// # fn main() -> Result<(), tachi::Error> {
/// let session = Session::of_this_process()?;
/// let error = Builder::new().target("x86_64-unkown-linux-gnu").plan(&session).unwrap_err();
/// assert!(error.to_string().contains("did you mean"));
/// assert_eq!(error.exit_code(), ExitCode::Usage);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is true here cannot be found out.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The workspace, or what was selected from it.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The compiler, or what kits need.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// A target that does not exist.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A finished file could not be changed.
    #[error(transparent)]
    Post(#[from] PostError),
    /// A file could not be stamped.
    #[error(transparent)]
    Stamp(#[from] StampFileError),
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
    #[error("{0}")]
    Sys(#[from] SysError),
}

impl Error {
    /// The exit code for this error.
    pub fn exit_code(&self) -> ExitCode {
        if SysError::stop_in(self).is_some_and(SysError::is_interrupt) {
            return ExitCode::Interrupted;
        }
        match self {
            Self::Facts(error) => error.exit_code(),
            Self::Toolchain(error) => error.exit_code(),
            Self::Plan(error) => error.exit_code(),
            Self::Run(error) => error.exit_code(),
            Self::Rebuild(error) => error.exit_code(),
            Self::Signer(error) => error.exit_code(),
            Self::Engine(error) => error.exit_code(),
            Self::Workspace(_)
            | Self::Config(_)
            | Self::Vcs(_)
            | Self::Target(_)
            | Self::Post(_)
            | Self::Stamp(_)
            | Self::Release(_)
            | Self::Sys(_) => ExitCode::Usage,
        }
    }

    /// The [`exit_code`](Self::exit_code) as the number that the process ends with.
    pub fn code(&self) -> u8 {
        self.exit_code() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::CargoError;
    use crate::package::PackageError;
    use crate::testing::TestError;

    #[test]
    fn an_interrupt_is_found_in_the_errors_of_every_domain() {
        use SysError::Interrupted;
        let pip = ToolchainError::Download {
            what: "zig".into(),
            version: "1".into(),
            source: Interrupted,
        };
        let signer = SignerError::Failed {
            signer: "osslsigncode".into(),
            file: "app.exe".into(),
            source: Box::new(Interrupted),
            help: String::new(),
        };
        let interrupts: [Error; 21] = [
            Interrupted.into(),
            FactsError::from(Interrupted).into(),
            FactsError::from(WorkspaceError::from(Interrupted)).into(),
            FactsError::from(VcsError::from(Interrupted)).into(),
            FactsError::from(ToolchainError::from(Interrupted)).into(),
            WorkspaceError::from(Interrupted).into(),
            VcsError::from(Interrupted).into(),
            ToolchainError::from(Interrupted).into(),
            pip.into(),
            PostError::from(Interrupted).into(),
            StampFileError::from(Interrupted).into(),
            SignerError::from(Interrupted).into(),
            signer.into(),
            RebuildError::from(Interrupted).into(),
            PlanError::from(WorkspaceError::from(Interrupted)).into(),
            EngineError::from(Interrupted).into(),
            EngineError::from(CargoError::from(Interrupted)).into(),
            EngineError::from(TestError::from(Interrupted)).into(),
            EngineError::from(PackageError::from(Interrupted)).into(),
            EngineError::from(ToolchainError::from(Interrupted)).into(),
            EngineError::from(SignerError::from(VcsError::from(Interrupted))).into(),
        ];
        for error in interrupts {
            assert_eq!(error.exit_code(), ExitCode::Interrupted, "{error:?}");
        }
        let other = SysError::NotUtf8 { path: "x".into() };
        assert_eq!(Error::from(FactsError::from(other)).exit_code(), ExitCode::Usage);
    }

    #[test]
    fn a_step_ends_with_the_exit_code_of_its_toolchain_error() {
        let lock = || ToolchainError::Lock {
            file: "tachi.lock".into(),
            line: 1,
            message: String::new(),
            hint: String::new(),
        };
        let consent = || ToolchainError::NoConsent { what: "", licence: "", url: "" };
        let missing = || ToolchainError::NoPip { version: "1".into() };
        for (error, code) in
            [(lock(), ExitCode::Usage), (consent(), ExitCode::Usage), (missing(), ExitCode::Kit)]
        {
            assert_eq!(Error::from(EngineError::from(error)).exit_code(), code);
        }
    }
}
