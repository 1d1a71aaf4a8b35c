//! Screens: each shows the engine's events in its own way.

use tachi::Session;
use tachi_schema::event::Envelope;

use crate::failure::Failure;
use crate::flags::output::{MessageFormat, OutputArgs};
use crate::terminal::Terminal;

mod human;
mod json;
pub(crate) mod results;
mod sarif;
pub(crate) mod words;

/// Where events are shown.
pub(crate) struct Screens<'a> {
    /// What the user wants to see.
    pub(crate) output: &'a OutputArgs,
    /// What the terminal can do.
    pub(crate) terminal: Terminal,
    /// A file for findings in SARIF.
    pub(crate) sarif: Option<&'a str>,
}

impl Screens<'_> {
    /// Does `work`, showing its events, and writes its findings down, however it ends.
    pub(crate) fn show<T>(
        &self,
        session: &Session,
        work: impl FnOnce(&(dyn Fn(Envelope) + Sync)) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let findings = sarif::Findings::default();
        let result = if self.output.message_format == MessageFormat::Json {
            work(&|envelope| {
                findings.note(&envelope.event);
                json::print(&envelope);
            })
        } else {
            let screen = human::Screen::new(self.terminal);
            let result = work(&|envelope| {
                findings.note(&envelope.event);
                screen.show(envelope);
            });
            screen.close();
            result
        };
        if let Some(path) = self.sarif {
            findings.write(path, session)?;
        }
        result
    }
}
