//! How many tests ran, read from the summaries of `cargo nextest` and `cargo test`.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Tests that passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Those that passed, whether fast, slow or at a second try.
    pub(crate) passed: u64,
    /// Those that failed, timed out or could not be started.
    pub(crate) failed: u64,
    /// Those that were ignored or left out by a filter.
    pub(crate) skipped: u64,
}

impl Counts {
    /// From the output of `cargo nextest run`: its one summary, not those that it repeats
    /// from the test processes of failed tests.
    pub(crate) fn of_nextest(output: &str) -> Self {
        let mut summaries = output.lines().filter_map(|line| {
            plain(line)
                .trim_start()
                .strip_prefix("Summary [")?
                .split_once(": ")
                .map(|(_, rest)| in_summary(rest))
        });
        summaries.next_back().unwrap_or_default()
    }

    /// From the output of `cargo test`: the sum of its summaries, one a test executable.
    pub(crate) fn of_cargo_test(output: &str) -> Self {
        let summaries = output.lines().filter_map(|line| {
            plain(line)
                .strip_prefix("test result: ")?
                .split_once(". ")
                .map(|(_, rest)| in_summary(rest))
        });
        summaries.sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(out, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

/// nextest: `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 3 skipped`;
/// libtest: `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; …`.
/// Both from behind the part that names them.
fn in_summary(summary: &str) -> Counts {
    let mut counts = Counts::default();
    for part in without_brackets(summary).split([',', ';']) {
        let Some((number, what)) = part.trim().split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match what.trim() {
            "passed" => counts.passed += number,
            "skipped" | "ignored" | "filtered out" => counts.skipped += number,
            "failed" | "timed out" | "exec failed" => counts.failed += number,
            _ => {}
        }
    }
    counts
}

/// `7 passed (1 slow, 1 flaky)`: tests in brackets are counted already.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The line without colour codes.
pub(super) fn plain(line: &str) -> String {
    let mut kept = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn nextest_summaries_are_read() {
        let check = |output, expected| assert_eq!(Counts::of_nextest(output), expected, "{output}");
        check("     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped", counts(5, 0, 0));
        check(
            "     Summary [  61.2s] 9/12 tests run: 6 passed (1 slow, 2 flaky), 1 failed, 1 timed out, 1 exec failed, 3 skipped",
            counts(6, 3, 3),
        );
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.012s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m2\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m",
            counts(1, 0, 2),
        );
    }

    #[test]
    fn summaries_in_the_output_of_a_failed_test_are_not_counted() {
        let output = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 46 filtered out\n\
                      Summary [ 1s] 2 tests run: 1 passed, 1 failed, 0 skipped\n";
        assert_eq!(Counts::of_nextest(output), counts(1, 1, 0));
    }

    #[test]
    fn libtest_summaries_are_read_and_summed() {
        let output = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s\n\
                      noise: 9 passed\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Counts::of_cargo_test(output), counts(6, 2, 3));
    }

    #[test]
    fn other_lines_count_nothing() {
        let output = "running 3 tests\n3 passed\nSummary: 4 passed, 1 failed";
        assert_eq!(Counts::of_nextest(output), Counts::default());
        assert_eq!(Counts::of_cargo_test(output), Counts::default());
    }
}
