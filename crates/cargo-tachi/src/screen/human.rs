//! The screen for people: on a terminal one live line below what has been said, elsewhere
//! plain lines. Standard error, as cargo has it. `tachi_report::lines` chooses the words.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tachi_report::lines::{Lines, Shown, Style};
use tachi_schema::event::Envelope;

use crate::terminal::{self, Terminal};

/// The screen.
pub(crate) struct Screen {
    live: ProgressBar,
    lines: Mutex<Lines>,
}

impl Screen {
    /// A screen for one run.
    pub(crate) fn new(terminal: Terminal) -> Self {
        let Terminal { live, verbose, quiet, short, .. } = terminal;
        let lines = Lines::new(Style { live, verbose, quiet, short });
        let live = if live && !quiet {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10))
        } else {
            ProgressBar::hidden()
        };
        Self { live, lines: Mutex::new(lines) }
    }

    /// Shows one event.
    pub(crate) fn show(&self, envelope: Envelope) {
        let shown = self.lines.lock().unwrap_or_else(PoisonError::into_inner).see(envelope);
        for one in shown {
            match one {
                Shown::Line(line) => self.live.suspend(|| terminal::say(&line)),
                Shown::Live { verb, text } => self.go_on(verb, text),
                Shown::NoLive => {
                    self.live.disable_steady_tick();
                    self.live.set_style(style(""));
                    self.live.set_prefix("");
                }
            }
        }
    }

    /// Takes the live line away.
    pub(crate) fn close(&self) {
        self.live.finish_and_clear();
    }

    fn go_on(&self, verb: String, text: String) {
        if self.live.prefix().is_empty() {
            self.live.set_style(style("{prefix} {elapsed:>4} {wide_msg}"));
            self.live.reset_elapsed();
            // The time goes on while the last links take theirs and cargo says nothing.
            self.live.enable_steady_tick(Duration::from_millis(250));
        }
        self.live.set_prefix(verb);
        self.live.set_message(text);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a constant template")
}
