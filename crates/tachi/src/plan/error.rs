//! Why no plan can be made.

use camino::Utf8PathBuf;
use tachi_binary::stamp::InvalidValue;

use crate::config::ConfigError;
use crate::exit_code::ExitCode;
use crate::post::signer::SignerError;
use crate::target::TargetError;
use crate::toolchain::decide::NoKit;
use crate::workspace::WorkspaceError;

/// A request that cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A target that does not exist.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A setting that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A package, cargo target or feature that does not exist.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Targets that this machine has no kit for.
    #[error("{}", list(.0))]
    NoKit(Vec<NoKit>),
    /// A value that cannot be stamped.
    #[error(transparent)]
    Stamp(#[from] InvalidValue),
    /// Files that cannot be signed as the settings have it.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// `[[verify.run]]` names a program that does not exist.
    #[error("{file}: [[verify.run]]: there is no program `{name}` in this workspace{hint}")]
    UnknownProgram {
        /// The `tachi.toml`.
        file: Utf8PathBuf,
        /// The program's name, as it is written there.
        name: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// The selection yields no file.
    #[error(
        "nothing to build: none of the selected packages has a binary, a cdylib or a staticlib\n  help: {0}"
    )]
    Nothing(String),
    /// The selection yields nothing that users download.
    #[error(
        "nothing to package: users download programs, shared libraries (cdylib, Node.js modules) and static \
         libraries\n  {}\n  help: choose packages with -p or --workspace, cargo targets with --bins or --examples; \
         `cargo tachi build` builds without packaging",
        packages.join("\n  ")
    )]
    NothingToPackage {
        /// The packages, each with the reason why it yields nothing.
        packages: Vec<String>,
    },
    /// The selection has no tests.
    #[error(
        "nothing to test: none of the selected packages has tests among what was selected\n  help: {0}"
    )]
    NoTests(String),
    /// cargo-nextest is needed and not installed.
    #[error(
        "cargo-nextest is needed, but not on PATH\n  help: install it with `cargo install cargo-nextest \
         --locked`; --archive and --nextest do not work without it"
    )]
    NoNextest,
}

impl PlanError {
    /// The exit code for this error.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            // A wrong request has to be fixed before a missing kit.
            Self::NoKit(missing) if missing.iter().any(|one| one.usage) => ExitCode::Usage,
            Self::NoKit(_) | Self::NoNextest => ExitCode::Kit,
            Self::Signer(error) => error.exit_code(),
            _ => ExitCode::Usage,
        }
    }
}

fn list(missing: &[NoKit]) -> String {
    missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
