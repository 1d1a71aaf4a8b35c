//! Runs a planned cargo call and turns its output into events.

use std::collections::BTreeMap;

use tachi_schema::event::Event;
use tachi_schema::plan::Artifact;

use super::error::CargoError;
use super::expect::{self, Mismatch, Produced};
use super::link_errors::{self, Explanation};
use super::messages::{self, FailedLink, Message, ScriptOutput};
use super::onset::Onset;
use super::progress::{self, StderrLine};
use crate::sys::Command;
use crate::sys::clock::Stopwatch;
use crate::sys::interrupt::Interrupt;
use crate::sys::jobserver::Jobserver;
use crate::sys::run::{self, Stream};

/// How the compiler's messages should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Presentation {
    /// With colours.
    pub color: bool,
    /// One line a message.
    pub short: bool,
}

/// A planned call.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// The command, as the plan shows it.
    pub command: &'a Command,
    /// The cores that cargo shares.
    pub jobserver: &'a Jobserver,
    pub targets: &'a [String],
    /// The files it has to report.
    pub expected: &'a [Artifact],
    /// The names of all members by their ids.
    pub members: &'a BTreeMap<String, String>,
    /// How the compiler's messages should look.
    pub presentation: Presentation,
}

/// What a call made.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// The files that the plan expects.
    pub files: Vec<Produced>,
    /// What build scripts gave.
    pub scripts: Vec<ScriptOutput>,
}

/// Runs the call and returns what it made.
///
/// # Errors
/// The compilation fails, or cargo reports other files than the plan expects.
pub fn invoke(
    invocation: Invocation<'_>,
    interrupt: &Interrupt,
    report: &dyn Fn(Event),
) -> Result<Compiled, CargoError> {
    let lent = invocation.jobserver.lend(invocation.command);
    let command = presented(&lent, invocation.presentation);
    let clock = Stopwatch::start();
    let (mut reported, mut scripts, mut said) = (Vec::new(), Vec::new(), String::new());
    let mut onset = Onset::new(report);
    let exit = run::stream(&command, interrupt, &mut |line| match line.stream {
        Stream::Stdout => match messages::parse(&line.text) {
            Message::Artifact(artifact) => {
                onset.file(artifact.fresh);
                reported.push(artifact);
            }
            Message::Diagnostic { package_id, level, rendered, link } => {
                let package = invocation.members.get(&package_id).cloned().unwrap_or(package_id);
                onset.message(Event::Diagnostic { package, level, rendered });
                if let Some(explanation) = link.and_then(|link| explain(&link, invocation)) {
                    onset.message(remedy(explanation));
                }
            }
            Message::Script(script) => scripts.push(script),
            Message::Other => {}
        },
        Stream::Stderr => {
            let said_line = progress::parse(without_erasure(&line.text));
            onset.line(&said_line);
            if let Some(event) = stderr_event(said_line, &line.text, line.transient, clock) {
                if let Event::Output { status: false, line, .. } = &event {
                    said.push_str(line);
                    said.push('\n');
                }
                report(event);
            }
        }
    });
    onset.end();
    let exit = exit?;
    let failure = || Box::new(invocation.command.clone());
    if !exit.success() {
        let header = link_errors::explain_missing_header(&said, invocation.targets);
        header.into_iter().map(remedy).for_each(report);
        return Err(CargoError::Failed { command: failure(), status: exit.status });
    }
    // Only packages of the call are checked for surplus files; others are dependencies.
    let selected = invocation
        .members
        .iter()
        .filter(|(_, name)| invocation.expected.iter().any(|artifact| artifact.package == **name))
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect();
    let files = expect::reconcile(invocation.expected, &reported, invocation.targets, &selected);
    match files {
        Ok(files) => Ok(Compiled { files, scripts }),
        Err(Mismatch::Missing(files)) => Err(CargoError::Missing { files, command: failure() }),
        Err(Mismatch::Surplus(files)) => Err(CargoError::Surplus { files, command: failure() }),
    }
}

/// Explains a failed link. The linker's command tells which of the call's targets it was for:
/// it has the target's name as a folder. If the linker was not found, it is the first target.
fn explain(link: &FailedLink, invocation: Invocation<'_>) -> Option<Explanation> {
    let named =
        invocation.targets.iter().find(|target| link.command.contains(&format!("/{target}/")));
    let is_hosts = || !invocation.command.args.iter().any(|arg| arg == "--target");
    let only = || invocation.targets.first().filter(|_| link.command.is_empty() || is_hosts());
    link_errors::explain(&link.title, &link.words, named.or_else(only).map(String::as_str))
}

fn remedy(Explanation { cause, remedy }: Explanation) -> Event {
    Event::Remedy { cause, remedy }
}

/// Variables of an outer `cargo run` or `cargo test` about *its* package. Build scripts that read
/// them by name (ring's does) would run again, with a recompilation of all that depends on them,
/// whenever Tachi is called with other values than before.
const OF_OUTER_CARGO: [&str; 21] = [
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_HOMEPAGE",
    "CARGO_PKG_LICENSE",
    "CARGO_PKG_LICENSE_FILE",
    "CARGO_PKG_NAME",
    "CARGO_PKG_README",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_RUST_VERSION",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// `command` without an outer cargo's variables about its own package.
pub(crate) fn without_outer_cargo(command: Command) -> Command {
    OF_OUTER_CARGO.iter().fold(command, |command, name| command.env_remove(*name))
}

/// The planned command, plus what makes its output readable for us.
fn presented(command: &Command, presentation: Presentation) -> Command {
    let format = match (presentation.color, presentation.short) {
        (true, true) => "json-diagnostic-rendered-ansi,json-diagnostic-short",
        (true, false) => "json-diagnostic-rendered-ansi",
        (false, true) => "json-diagnostic-short",
        (false, false) => "json",
    };
    without_outer_cargo(command.clone())
        .arg(format!("--message-format={format}"))
        .args(["--color", if presentation.color { "always" } else { "never" }])
        // A quiet configuration would take the status lines away.
        .env("CARGO_TERM_QUIET", "false")
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "120")
}

/// Cargo removes its progress bar with "erase to the end of the line" before it goes on.
fn without_erasure(line: &str) -> &str {
    line.strip_prefix("\u{1b}[K").unwrap_or(line)
}

fn stderr_event(said: StderrLine, line: &str, transient: bool, clock: Stopwatch) -> Option<Event> {
    let line = without_erasure(line).to_owned();
    match said {
        StderrLine::Bar { done, total, active } => {
            let seconds = clock.seconds();
            let remaining = remaining(done, total, seconds);
            Some(Event::Progress { done, total: Some(total), active, seconds, remaining })
        }
        // The rest of a progress bar that was drawn over is no line.
        _ if transient => None,
        StderrLine::Status { .. } => Some(Event::Output { status: true, line }),
        StderrLine::Other => Some(Event::Output { status: false, line }),
    }
}

/// The time left, in seconds, if the rest goes as fast as the part that is done.
#[expect(clippy::cast_precision_loss, reason = "counts of compilation units are small")]
fn remaining(done: u64, total: u64, seconds: f64) -> Option<f64> {
    (done > 0).then(|| seconds / done as f64 * total.saturating_sub(done) as f64)
}
