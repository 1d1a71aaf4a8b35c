//! Whether a cargo call compiles anything, and since when.
//!
//! Cargo prints "Compiling" to standard error and the compiler's messages to standard output. The
//! two arrive independently of each other, and cargo repeats the messages of crates that it does
//! not compile this time. So the messages wait until one of the streams tells.

use tachi_schema::event::Event;

use super::progress::StderrLine;

/// Tells of [`Event::Compiling`] once, before the compiler's messages.
pub(super) struct Onset<'a> {
    report: &'a dyn Fn(Event),
    waiting: Vec<Event>,
    is_known: bool,
    compiles: bool,
}

impl<'a> Onset<'a> {
    /// For a call that has just begun, and whose events go to `report`.
    pub(super) fn new(report: &'a dyn Fn(Event)) -> Self {
        Self { report, waiting: Vec::new(), is_known: false, compiles: false }
    }

    /// The compiler has something to say.
    pub(super) fn message(&mut self, event: Event) {
        if self.is_known {
            (self.report)(event);
        } else {
            self.waiting.push(event);
        }
    }

    /// Cargo has made a file, or found it fresh.
    pub(super) fn file(&mut self, is_fresh: bool) {
        if !is_fresh {
            self.begin();
        }
    }

    /// Cargo has written a line to standard error.
    pub(super) fn line(&mut self, line: &StderrLine) {
        if line.is_compilation() {
            self.begin();
        } else if line.is_end() {
            self.end();
        }
    }

    /// The call has ended.
    pub(super) fn end(&mut self) {
        self.is_known = true;
        std::mem::take(&mut self.waiting).into_iter().for_each(self.report);
    }

    fn begin(&mut self) {
        if !std::mem::replace(&mut self.compiles, true) {
            (self.report)(Event::Compiling);
        }
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::cargo::progress;

    /// What is told of cargo's words, each with the stream that it comes through.
    #[track_caller]
    fn check(words: &[(&str, &str)], expected: &[&str]) {
        let told = RefCell::new(Vec::new());
        let report = |event| {
            told.borrow_mut().push(match event {
                Event::Warning { message } => message,
                other => format!("{other:?}"),
            });
        };
        let mut onset = Onset::new(&report);
        for (stream, text) in words {
            match *stream {
                "message" => onset.message(Event::Warning { message: (*text).to_owned() }),
                "file" => onset.file(*text == "fresh"),
                _ => onset.line(&progress::parse(text)),
            }
        }
        onset.end();
        assert_eq!(told.into_inner(), expected);
    }

    #[test]
    fn compiling_is_told_before_the_messages_of_what_is_compiled() {
        let compiling = ("line", "   Compiling a v1.0.0");
        check(&[compiling, ("message", "unused")], &["Compiling", "unused"]);
        check(&[("message", "unused"), compiling, compiling], &["Compiling", "unused"]);
        check(&[("message", "unused"), ("file", "new")], &["Compiling", "unused"]);
    }

    #[test]
    fn repeated_messages_are_no_compilation() {
        let end = ("line", "    Finished `dev` profile [unoptimized] target(s) in 0.0s");
        check(&[("message", "unused"), ("file", "fresh"), end], &["unused"]);
        check(&[("message", "unused"), ("line", "error: it is broken")], &["unused"]);
        check(&[("line", "    Updating the index"), end], &[]);
    }
}
