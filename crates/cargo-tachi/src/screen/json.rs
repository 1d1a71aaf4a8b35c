//! Events as JSON lines on standard output, for programs.

use std::io::Write;

use tachi_schema::event::Envelope;

/// Prints one event.
pub(crate) fn print(envelope: &Envelope) {
    let line = serde_json::to_string(envelope).expect("events hold strings and finite numbers");
    // If the reader has gone, the build itself is still worth finishing.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
