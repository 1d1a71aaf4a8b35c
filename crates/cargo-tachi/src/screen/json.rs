//! Events as JSON lines on standard output, for programs.

use std::io::Write;

use tachi_schema::event::Event;

/// Prints one event.
pub(crate) fn print(event: &Event) {
    let line = serde_json::to_string(event).expect("events hold strings and finite numbers");
    // If the reader has gone, the build itself is still worth finishing.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
