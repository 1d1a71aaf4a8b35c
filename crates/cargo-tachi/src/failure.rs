//! Why a command stopped, and the exit code that says so.

use tachi::ExitCode;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library says why.
    Tachi(Box<tachi::Error>),
    /// The arguments, the settings of the terminal, or a file that was named.
    Usage(String),
    /// Verification found errors, which are on the screen.
    Refused(String),
    /// Two builds differ; where is on the screen.
    Different(String),
    /// Standard output.
    Output(std::io::Error),
}

impl Failure {
    /// What is said, and the exit code; nothing where the reader of the output has gone, as
    /// `head` does: nobody is left to tell.
    pub(crate) fn message(&self) -> Option<(String, ExitCode)> {
        Some(match self {
            Self::Tachi(error) => (error.to_string(), error.exit_code()),
            Self::Refused(message) => (message.clone(), ExitCode::Verification),
            Self::Different(message) => (message.clone(), ExitCode::Rebuild),
            Self::Usage(message) => (message.clone(), ExitCode::Usage),
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return None,
            Self::Output(error) => (format!("cannot write the output: {error}"), ExitCode::Usage),
        })
    }
}

impl<E: Into<tachi::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Tachi(Box::new(error.into()))
    }
}
