//! Why a finished file could not be changed.

use camino::Utf8PathBuf;
use tachi_binary::signature::SignatureError;
use tachi_binary::strip::StripError;
use tachi_binary::universal::UniversalError;

use crate::sys::SysError;

/// Why a finished file could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The machine.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// A file that cannot be joined or split.
    #[error("{path}: {source}{}", universal_help(source))]
    Universal {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: UniversalError,
    },
    /// A file that cannot be signed, or whose signature cannot be looked for.
    #[error("{path}: {source}{}", signature_help(source))]
    Signature {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        source: SignatureError,
    },
    /// A file that cannot be stripped or split.
    #[error("{path}: {source}{}", strip_help(source))]
    Strip {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        source: StripError,
    },
    /// Files that cannot be joined with each other.
    #[error("cannot join these files: {}{}", .0, universal_help(.0))]
    Join(UniversalError),
}

impl PostError {
    /// Wraps what is wrong with a file; use with `map_err`.
    pub(crate) fn universal(
        action: &'static str,
        path: impl Into<Utf8PathBuf>,
    ) -> impl FnOnce(UniversalError) -> Self {
        let path = path.into();
        move |error| match error {
            UniversalError::Io(error) => SysError::file(action, path)(error).into(),
            source => Self::Universal { path, source },
        }
    }
}

fn universal_help(error: &UniversalError) -> &'static str {
    match error {
        UniversalError::NotMachO => "\n  help: give files that were built for macOS",
        UniversalError::Truncated { .. } | UniversalError::Malformed { .. } => {
            "\n  help: build or fetch the file again"
        }
        UniversalError::Archive { .. } => {
            "\n  help: a library for one architecture, made of object files only, can be joined"
        }
        UniversalError::Duplicate { .. } => {
            "\n  help: give one file for each architecture; `cargo tachi universal info` lists what is in a file"
        }
        UniversalError::MixedKinds { .. } => {
            "\n  help: join executables with executables and libraries with libraries"
        }
        UniversalError::NoSlice { .. } => "\n  help: choose one of these with --arch",
        UniversalError::Changed => "\n  help: try again when nothing else writes it",
        _ => "",
    }
}

fn signature_help(error: &SignatureError) -> &'static str {
    match error {
        SignatureError::File(error) => universal_help(error),
        SignatureError::Kind(_) => "\n  help: executables, dylibs and bundles can be signed",
        SignatureError::Malformed(_) | SignatureError::NotLast(_) => {
            "\n  help: build or fetch the file again"
        }
        SignatureError::NoRoom(_) => {
            "\n  help: link with more space for load commands: -Clink-arg=-Wl,-headerpad,0x100 \
             (-Clink-arg=-headerpad -Clink-arg=0x100 where the linker is called directly)"
        }
        SignatureError::Precious(_) => "\n  help: to replace it all the same, give --force",
        SignatureError::Identifier(_) => {
            "\n  help: choose one with --identifier, such as com.example.app"
        }
        _ => "",
    }
}

fn strip_help(error: &StripError) -> &'static str {
    match error {
        StripError::Binary(_) | StripError::Malformed(_) => {
            "\n  help: give executables or shared libraries; build or fetch a damaged one again"
        }
        StripError::Kind(_) => "\n  help: executables and shared libraries can be stripped",
        StripError::Appended(_) => "\n  help: strip the program before data is put behind it",
        StripError::NothingToSplit(_) => "\n  help: strip it without --split-debuginfo",
        StripError::Universal(error) => universal_help(error),
        StripError::Signed(_) | StripError::Signature(SignatureError::Precious(_)) => {
            "\n  help: strip first, then sign"
        }
        StripError::Signature(error) => signature_help(error),
        _ => "",
    }
}
