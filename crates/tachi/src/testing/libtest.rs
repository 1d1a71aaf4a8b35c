//! Reads the output of Rust's own harness, test by test, in its stable form: `test … ok`, then the
//! output of failed tests, then a line of sums.
//!
//! The form is [libtest's "pretty" one](https://doc.rust-lang.org/rustc/tests/index.html). What
//! is not in it (another harness, `--quiet`, output in between) is passed over; the sums count.

use std::collections::BTreeMap;

use tachi_schema::test::TestOutcome;

/// What has been read of one test executable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The tests that ended, by name, in the order in which they did.
    pub tests: Vec<(String, TestOutcome)>,
    /// What the failed ones said, by name.
    pub outputs: BTreeMap<String, String>,
    /// The sums, once all tests have ended.
    pub sums: Option<Sums>,
    /// Whether a harness of Rust has begun.
    pub has_begun: bool,
    /// A test that has begun and not ended.
    pub running: Option<String>,
    section: Section,
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Tests that passed; benchmarks count as such.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that were ignored.
    pub ignored: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Tests,
    Failures,
    FailureOf(String),
    Names,
}

impl Reading {
    /// Reads one line of standard output.
    pub fn push(&mut self, line: &str) {
        if self.sums.is_some() {
            return;
        }
        if let Some(sums) = line.strip_prefix("test result: ") {
            self.sums = Some(self::sums(sums));
            self.section = Section::Tests;
            return;
        }
        match &self.section {
            Section::Tests => self.push_test(line),
            Section::Failures | Section::FailureOf(_) => self.push_failure(line),
            Section::Names => {}
        }
    }

    fn push_test(&mut self, line: &str) {
        if is_beginning(line) {
            self.has_begun = true;
        } else if line == "failures:" && self.has_begun {
            self.section = Section::Failures;
        } else if let Some((name, rest)) =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        {
            let name = name.strip_suffix(" - should panic").unwrap_or(name).to_owned();
            match outcome(rest) {
                Some(outcome) => self.tests.push((name, outcome)),
                None => self.running = Some(name),
            }
        } else if let Some(outcome) = outcome(line) {
            // One test at a time, with output between its name and its result.
            self.tests.extend(self.running.take().map(|name| (name, outcome)));
        }
    }

    fn push_failure(&mut self, line: &str) {
        let header = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" ----"));
        if let Some(header) = header {
            let name = header.strip_suffix(" stdout").unwrap_or(header);
            let name = name.strip_suffix(" - should panic").unwrap_or(name);
            self.section = Section::FailureOf(name.to_owned());
        } else if line == "failures:" {
            self.section = Section::Names;
        } else if let Section::FailureOf(name) = &self.section {
            let output = self.outputs.entry(name.clone()).or_default();
            output.push_str(line);
            output.push('\n');
        }
    }

    /// What a test said, without the empty lines around it.
    pub fn output_of(&self, name: &str) -> String {
        self.outputs.get(name).map(|output| output.trim().to_owned()).unwrap_or_default()
    }
}

/// `running 3 tests`.
fn is_beginning(line: &str) -> bool {
    let count = line.strip_prefix("running ").and_then(|rest| rest.split_once(' '));
    count.is_some_and(|(count, word)| {
        count.parse::<usize>().is_ok() && (word == "test" || word == "tests")
    })
}

fn outcome(words: &str) -> Option<TestOutcome> {
    match words.split([' ', ',', ':']).next()? {
        "ok" | "bench" => Some(TestOutcome::Passed),
        "FAILED" => Some(TestOutcome::Failed),
        "ignored" => Some(TestOutcome::Ignored),
        _ => None,
    }
}

/// `FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.06s`.
fn sums(line: &str) -> Sums {
    let mut sums = Sums::default();
    for part in line.split(['.', ';']) {
        let Some((count, what)) = part.trim().split_once(' ') else { continue };
        let Ok(count) = count.parse::<usize>() else { continue };
        match what {
            "passed" | "measured" => sums.passed += count,
            "failed" => sums.failed += count,
            "ignored" => sums.ignored += count,
            _ => {}
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use TestOutcome::{Failed, Ignored, Passed};

    fn read(text: &str) -> Reading {
        let mut reading = Reading::default();
        text.lines().for_each(|line| reading.push(line));
        reading
    }

    fn tests(reading: &Reading) -> Vec<(&str, TestOutcome)> {
        reading.tests.iter().map(|(name, outcome)| (name.as_str(), *outcome)).collect()
    }

    #[test]
    fn tests_failures_and_sums_are_read() {
        let reading = read(
            "\nrunning 5 tests\ntest tests::ig ... ignored, slow\ntest tests::ok ... ok\ntest tests::sp - should \
             panic ... ok\ntest tests::bad ... FAILED\ntest b ... bench:          12 ns/iter (+/- 1)\n\nfailures:\n\n\
             ---- tests::bad stdout ----\nhi\n\nthread 'tests::bad' (1) panicked at a.rs:1:2:\nno\n\n\nfailures:\n    \
             tests::bad\n\ntest result: FAILED. 2 passed; 1 failed; 1 ignored; 1 measured; 0 filtered out; finished \
             in 0.06s\n\n",
        );
        let expected = [
            ("tests::ig", Ignored),
            ("tests::ok", Passed),
            ("tests::sp", Passed),
            ("tests::bad", Failed),
            ("b", Passed),
        ];
        assert_eq!(tests(&reading), expected);
        assert_eq!(reading.sums, Some(Sums { passed: 3, failed: 1, ignored: 1 }));
        assert_eq!(
            reading.output_of("tests::bad"),
            "hi\n\nthread 'tests::bad' (1) panicked at a.rs:1:2:\nno"
        );
    }

    #[test]
    fn output_of_a_test_does_not_hide_its_result() {
        let reading = read("running 2 tests\ntest a ... hello\nworld\nok\ntest b ... ok\n");
        assert_eq!(tests(&reading), [("a", Passed), ("b", Passed)]);
        assert_eq!(reading.running, None);
    }

    #[test]
    fn a_test_that_ends_the_program_is_named() {
        let reading = read("running 2 tests\ntest a ... ok\ntest aborts ... about to die");
        assert_eq!(
            (reading.running.as_deref(), reading.sums, reading.has_begun),
            (Some("aborts"), None, true)
        );
    }

    #[test]
    fn output_of_another_harness_is_no_test() {
        let reading = read("testing the parser\ntest suite passed\nok\nfailures: none\n");
        assert_eq!(reading, Reading::default());
    }
}
