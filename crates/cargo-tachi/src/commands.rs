//! The commands: each turns flags into a request and hands the events to a screen.

pub(crate) mod build;
pub(crate) mod inspect;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod setup;
pub(crate) mod sign;
pub(crate) mod stamp;
pub(crate) mod strip;
pub(crate) mod targets;
pub(crate) mod test;
pub(crate) mod universal;
pub(crate) mod verify;

use crate::terminal::{self, Terminal};

/// Says what is done, in cargo's manner.
fn done(terminal: Terminal, verb: &str, text: &str) {
    if !terminal.quiet {
        terminal::say(&format!("\u{1b}[1;32m{verb:>12}\u{1b}[0m {text}"));
    }
}
