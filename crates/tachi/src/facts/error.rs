//! Why facts cannot be gathered.

use camino::Utf8PathBuf;

use crate::config::ConfigError;
use crate::exit_code::ExitCode;
use crate::sys::SysError;
use crate::toolchain::ToolchainError;
use crate::vcs::VcsError;
use crate::workspace::WorkspaceError;

/// Something that a request needs, and that is not there or cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The compiler, or the versions of what kits need.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The repository.
    #[error(transparent)]
    Vcs(#[from] VcsError),
    /// The machine.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// `[package.…]` in `tachi.toml` for a package that does not exist.
    #[error("{file}: [package.{name}]: there is no package `{name}` in this workspace{hint}")]
    UnknownPackageTable {
        /// The `tachi.toml`.
        file: Utf8PathBuf,
        /// The package's name, as it is written there.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// sccache was asked for, but is not installed.
    #[error(
        "sccache is needed, but not on PATH\n  help: install it with `cargo install sccache`, or drop --sccache \
         and `sccache = true`"
    )]
    NoSccache,
    /// `SOURCE_DATE_EPOCH` is no number.
    #[error("SOURCE_DATE_EPOCH is `{value}`, which is not a number of seconds since 1970")]
    SourceDateEpoch { value: String },
}

impl FactsError {
    /// The exit code for this error; the caller sees to interrupts.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Toolchain(error) => error.exit_code(),
            _ => ExitCode::Usage,
        }
    }
}
