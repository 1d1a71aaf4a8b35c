//! What a program says, cut into lines while it runs.

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Where a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line of output, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it came from.
    pub stream: Stream,
    /// Its text; invalid UTF-8 is replaced.
    pub text: String,
    /// It ended in a bare carriage return: a progress bar that will be drawn over.
    pub transient: bool,
}

/// Sends the lines of `pipe`, counting them in `sent`, until it is closed or nobody receives them.
pub(super) fn send(
    pipe: impl Read + Send + 'static,
    stream: Stream,
    lines: mpsc::Sender<Line>,
    sent: Arc<AtomicUsize>,
) {
    std::thread::spawn(move || {
        let pass_on = |text, transient| {
            let is_sent = lines.send(Line { stream, text, transient }).is_ok();
            sent.fetch_add(usize::from(is_sent), Ordering::Release);
            is_sent
        };
        let mut pipe = BufReader::new(pipe);
        let mut splitter = Splitter::default();
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            for (text, transient) in splitter.push(&buffer[..count]) {
                if !pass_on(text, transient) {
                    return;
                }
            }
        }
        if let Some(text) = splitter.rest() {
            pass_on(text, false);
        }
    });
}

/// Cuts a byte stream into lines at `\n`, `\r\n` and bare `\r`.
#[derive(Debug, Default)]
struct Splitter {
    pending: Vec<u8>,
    after_return: bool,
}

impl Splitter {
    fn push(&mut self, bytes: &[u8]) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        for &byte in bytes {
            if std::mem::take(&mut self.after_return) {
                lines.push((self.take(), byte != b'\n'));
                if byte == b'\n' {
                    continue;
                }
            }
            match byte {
                b'\n' => lines.push((self.take(), false)),
                b'\r' => self.after_return = true,
                _ => self.pending.push(byte),
            }
        }
        lines
    }

    fn take(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.pending)).into_owned()
    }

    fn rest(mut self) -> Option<String> {
        (!self.pending.is_empty()).then(|| self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_newlines_and_bare_returns_even_across_chunks() {
        let mut splitter = Splitter::default();
        let mut lines = splitter.push(b"one\ntwo\r");
        lines.extend(splitter.push(b"\nbar 1\rbar 2\rend"));
        let expected = [("one", false), ("two", false), ("bar 1", true), ("bar 2", true)];
        assert_eq!(lines, expected.map(|(text, transient)| (text.to_owned(), transient)));
        assert_eq!(splitter.rest(), Some("end".into()));
    }
}
