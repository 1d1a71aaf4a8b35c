//! Recorded streams: files of JSON lines, as `--message-format json` prints them.

use std::io::{self, BufRead};

use tachi_schema::event::Envelope;

/// Why a recorded stream cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file or pipe it comes from.
    #[error("line {line}: {source}")]
    Input {
        /// The line, counted from 1.
        line: usize,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A line is no event.
    #[error("line {line} is no event of cargo-tachi: {source}")]
    NoEvent {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The events of a recorded stream, in order. Empty lines are passed over, and what a later
/// version wrote is [`Event::Unknown`](tachi_schema::event::Event::Unknown).
pub fn envelopes(stream: impl BufRead) -> impl Iterator<Item = Result<Envelope, ReadError>> {
    stream.lines().zip(1..).filter_map(|(text, line)| {
        let text = match text {
            Ok(text) if text.trim().is_empty() => return None,
            Ok(text) => text,
            Err(source) => return Some(Err(ReadError::Input { line, source })),
        };
        Some(serde_json::from_str(&text).map_err(|source| ReadError::NoEvent { line, source }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_event_is_named() {
        let text = "\n{\"seq\":0,\"at\":0,\"event\":\"compiling\"}\nwarning: x\n";
        let read: Vec<_> = envelopes(text.as_bytes()).collect();
        assert!(read[0].is_ok(), "{read:?}");
        let error = read[1].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("line 3 is no event of cargo-tachi: "), "{error}");
    }
}
