//! Screens: each shows the engine's events in its own way.

use std::sync::{Mutex, PoisonError};

use tachi::Session;
use tachi::ops::report;
use tachi_report::sarif::Findings;
use tachi_schema::event::Envelope;

use crate::failure::Failure;
use crate::flags::output::{MessageFormat, OutputArgs};
use crate::terminal::Terminal;

mod human;
mod json;

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
    /// Does `work`, shows its events, and writes its findings to the SARIF file, even if it fails.
    pub(crate) fn show<T>(
        &self,
        session: &Session,
        work: impl FnOnce(&(dyn Fn(Envelope) + Sync)) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let findings = Mutex::new(Findings::default());
        let keep = |envelope: &Envelope| {
            findings.lock().unwrap_or_else(PoisonError::into_inner).see(&envelope.event);
        };
        let result = if self.output.message_format == MessageFormat::Json {
            work(&|envelope| {
                keep(&envelope);
                json::print(&envelope);
            })
        } else {
            let screen = human::Screen::new(self.terminal);
            let result = work(&|envelope| {
                keep(&envelope);
                screen.show(envelope);
            });
            screen.close();
            result
        };
        if let Some(path) = self.sarif {
            let findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
            let written = report::write_sarif(&findings, path.as_ref(), session);
            // What went wrong before counts more than that it cannot be written down.
            let done = result?;
            written?;
            return Ok(done);
        }
        result
    }
}
