//! The terminal: colours, whether lines can be redrawn, and how errors look.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use tachi::Session;
use tachi::ops::driver::LinkOutcome;

use crate::failure::Failure;
use crate::flags::output::{ColorWhen, MessageFormat, OutputArgs, TerminalArgs};

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const GREEN: &str = "\u{1b}[1;32m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

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
    pub(crate) fn new(args: &TerminalArgs, session: &Session) -> Result<Self, Failure> {
        let environment = &session.environment;
        let is_terminal = std::io::stderr().is_terminal();
        let when = match (args.color, environment.var("CARGO_TERM_COLOR")) {
            (Some(when), _) => when,
            (None, None | Some("auto")) => ColorWhen::Auto,
            (None, Some("always")) => ColorWhen::Always,
            (None, Some("never")) => ColorWhen::Never,
            (None, Some(other)) => {
                return Err(Failure::Usage(format!(
                    "CARGO_TERM_COLOR is `{other}`; it takes auto, always or never"
                )));
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
        let quiet = args.quiet || (args.verbose == 0 && is_true("CARGO_TERM_QUIET"));
        let live = match environment.var("CARGO_TERM_PROGRESS_WHEN") {
            Some("never") => false,
            Some("always") => true,
            _ => is_terminal && environment.var("TERM") != Some("dumb"),
        };
        Ok(Self {
            color,
            live,
            verbose: args.verbose > 0 || is_true("CARGO_TERM_VERBOSE"),
            quiet,
            short: false,
        })
    }

    /// As [`Self::new`], for a build.
    pub(crate) fn of_build(output: &OutputArgs, session: &Session) -> Result<Self, Failure> {
        let short = output.message_format == MessageFormat::Short;
        Ok(Self { short, ..Self::new(&output.terminal, session)? })
    }

    /// Says what is done, in cargo's manner: a verb in twelve columns, then text.
    pub(crate) fn done(self, verb: &str, text: &str) {
        if !self.quiet {
            say(&format!("{GREEN}{verb:>12}{RESET} {text}"));
        }
    }

    /// Says what may be wrong.
    pub(crate) fn warn(self, message: &str) {
        if !self.quiet {
            say(&format!("{YELLOW}warning{RESET}{BOLD}:{RESET} {message}"));
        }
    }
}

/// Writes a line to standard error, with as much colour as the terminal and the user take.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Says what a linker said, and ends as it ended.
pub(crate) fn pass_on(outcome: &LinkOutcome) -> ExitCode {
    // Whoever started the linker may have closed the pipe.
    let _ = std::io::stderr().write_all(outcome.stderr.as_bytes());
    if outcome.success { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows an error and gives its exit code.
pub(crate) fn fail(error: &Failure) -> ExitCode {
    let Some((message, code)) = error.message() else { return ExitCode::SUCCESS };
    say_error(&message);
    ExitCode::from(code as u8)
}

/// Says an error.
pub(crate) fn say_error(message: &str) {
    say(&format!("{RED}error{RESET}{BOLD}:{RESET} {message}"));
}
