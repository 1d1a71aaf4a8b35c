//! Why a file was not signed.

use camino::Utf8PathBuf;

use crate::config::sign::Conflict;
use crate::exit_code::ExitCode;
use crate::sys::SysError;
use crate::vcs::VcsError;

/// Why a file was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The settings do not go together.
    #[error(transparent)]
    Settings(#[from] Conflict),
    /// The program is not installed.
    #[error("`{program}` is needed for signing, but is not on PATH\n  help: {help}")]
    NoProgram {
        /// Its file name, without a folder.
        program: &'static str,
        /// How to get it.
        help: &'static str,
    },
    /// A file that the settings name is not there.
    #[error("[sign.{table}]: `{key}` names {path}, which is not there or cannot be read")]
    NoFile {
        /// The table below `[sign]`: `macos` or `windows`.
        table: &'static str,
        /// The key in it, such as `certificate`.
        key: &'static str,
        /// The path that it names, absolute.
        path: Utf8PathBuf,
    },
    /// The variable of a secret is not set.
    #[error(
        "the environment variable {variable} is not set, and {signer} needs its value\n  help: set it \
         where this runs, such as in the secrets of your CI"
    )]
    NoSecret {
        /// Its name.
        variable: String,
        /// The program that needs it.
        signer: String,
    },
    /// The program failed.
    #[error("{signer} did not sign {file}\n{source}\n  help: {help}")]
    Failed {
        /// The signing program.
        signer: String,
        /// The file that it did not sign.
        file: String,
        /// The program's output.
        source: Box<SysError>,
        /// What to look at.
        help: String,
    },
    /// Windows knows no signature without a certificate.
    #[error(
        "{path} is for Windows, where a signature needs a certificate\n  help: give --certificate and --key, or \
         [sign.windows] in tachi.toml"
    )]
    NoCertificate {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file has a signature already.
    #[error("{path} is signed with a certificate already\n  help: to replace that, give --force")]
    Precious {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The repository.
    #[error(transparent)]
    Vcs(#[from] VcsError),
    /// The program succeeded, and the file has no signature of a certificate.
    #[error("{signer} reported success, but {file} has no signature with a certificate")]
    Unsigned {
        /// Who was to sign.
        signer: String,
        /// The file that it was called for.
        file: String,
    },
    /// The machine.
    #[error("{0}")]
    Sys(#[from] SysError),
}

impl SignerError {
    /// The exit code for this error, unless the user interrupted the run.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoProgram { .. } => ExitCode::Kit,
            Self::Failed { .. } | Self::Unsigned { .. } => ExitCode::Verification,
            Self::Settings(_)
            | Self::NoFile { .. }
            | Self::NoSecret { .. }
            | Self::NoCertificate { .. }
            | Self::Precious { .. }
            | Self::Vcs(_)
            | Self::Sys(_) => ExitCode::Usage,
        }
    }
}
