//! The terminal: colours, whether lines can be redrawn, and how errors look.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use tachi::sys::env::Environment;
use tachi::toolchain::macos::link::Ended;

use crate::cli::{ColorWhen, MessageFormat, OutputArgs};

/// What the terminal can do and what the user wants of it.
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Use colours.
    pub(crate) color: bool,
    /// Redraw a live line.
    pub(crate) live: bool,
    /// Show cargo's own lines.
    pub(crate) verbose: bool,
    /// Show only diagnostics and errors.
    pub(crate) quiet: bool,
    /// One line a diagnostic.
    pub(crate) short: bool,
}

impl Terminal {
    /// Flags first, then cargo's variables, then what standard error is.
    ///
    /// # Errors
    /// `CARGO_TERM_COLOR` is none of the words that cargo takes.
    pub(crate) fn new(output: &OutputArgs, environment: &Environment) -> Result<Self, String> {
        let is_terminal = std::io::stderr().is_terminal();
        let when = match (output.color, environment.var("CARGO_TERM_COLOR")) {
            (Some(when), _) => when,
            (None, None | Some("auto")) => ColorWhen::Auto,
            (None, Some("always")) => ColorWhen::Always,
            (None, Some("never")) => ColorWhen::Never,
            (None, Some(other)) => {
                return Err(format!(
                    "CARGO_TERM_COLOR is `{other}`; it takes auto, always or never"
                ));
            }
        };
        let choice = match when {
            ColorWhen::Auto => anstream::ColorChoice::Auto,
            ColorWhen::Always => anstream::ColorChoice::Always,
            ColorWhen::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        let color = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_terminal && environment.var("NO_COLOR").is_none(),
        };
        let is_true = |name: &str| environment.var(name) == Some("true");
        let quiet = output.quiet || (output.verbose == 0 && is_true("CARGO_TERM_QUIET"));
        let live = match environment.var("CARGO_TERM_PROGRESS_WHEN") {
            Some("never") => false,
            Some("always") => true,
            _ => is_terminal && environment.var("TERM") != Some("dumb"),
        };
        Ok(Self {
            color,
            live,
            verbose: output.verbose > 0 || is_true("CARGO_TERM_VERBOSE"),
            quiet,
            short: output.message_format == MessageFormat::Short,
        })
    }
}

/// Writes a line to standard error, with as much colour as the terminal and the user take.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Says what a linker said, and ends as it ended.
pub(crate) fn pass_on(ended: &Ended) -> ExitCode {
    // Whoever started the linker may have closed the pipe.
    let _ = std::io::stderr().write_all(ended.stderr.as_bytes());
    if ended.success { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows an error and gives its exit code.
pub(crate) fn fail(error: &Failure) -> ExitCode {
    let (message, code) = match error {
        Failure::Tachi(error) => (error.to_string(), error.exit_code() as u8),
        Failure::Refused(message) => (message.clone(), tachi::ExitCode::Verification as u8),
        Failure::Different(message) => (message.clone(), tachi::ExitCode::Rebuild as u8),
        Failure::Usage(message) => (message.clone(), tachi::ExitCode::Usage as u8),
        // The reader of our output has gone, as `head` does: nobody is left to tell.
        Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            return ExitCode::SUCCESS;
        }
        Failure::Output(error) => {
            (format!("cannot write the output: {error}"), tachi::ExitCode::Usage as u8)
        }
    };
    say(&format!("\u{1b}[1;31merror\u{1b}[0m\u{1b}[1m:\u{1b}[0m {message}"));
    ExitCode::from(code)
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library says why.
    Tachi(Box<tachi::Error>),
    /// The terminal's own settings.
    Usage(String),
    /// Verification found errors, which have been shown.
    Refused(String),
    /// Two builds differ, which has been shown.
    Different(String),
    /// Standard output.
    Output(std::io::Error),
}

impl<E: Into<tachi::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Tachi(Box::new(error.into()))
    }
}
