//! A phase of the test command: what it is called, how it ended, how long it took.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::counts::Counts;

/// How a phase ended.
pub(crate) enum Outcome {
    /// Well, or with a message; a check that counts no tests.
    Checked(Result<(), String>),
    /// Tests ran. `success` is the runner's own word.
    Tested {
        /// Whether the runner ended well.
        success: bool,
        /// What its summaries say.
        counts: Counts,
    },
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        Self::Checked(result)
    }
}

/// A phase that is still to run.
pub(crate) struct Phase {
    name: &'static str,
    work: Box<dyn FnOnce() -> Outcome>,
}

/// A phase that has run.
pub(crate) struct Done {
    /// Its name in the table.
    pub(crate) name: &'static str,
    outcome: Outcome,
    took: Duration,
}

impl Phase {
    /// Names a piece of work.
    pub(crate) fn new(name: &'static str, work: Box<dyn FnOnce() -> Outcome>) -> Self {
        Self { name, work }
    }

    /// Runs it under a heading, timed.
    pub(crate) fn run(self) -> Done {
        println!("\n== {} ==", self.name);
        let start = Instant::now();
        let outcome = (self.work)();
        if let Outcome::Checked(Err(message)) = &outcome {
            println!("{message}");
        }
        Done { name: self.name, outcome, took: start.elapsed() }
    }
}

impl Done {
    /// Whether anything in it went wrong.
    pub(crate) fn failed(&self) -> bool {
        match &self.outcome {
            Outcome::Checked(result) => result.is_err(),
            Outcome::Tested { success, counts } => !success || counts.failed > 0,
        }
    }

    /// The tests it ran.
    pub(crate) fn counts(&self) -> Counts {
        match self.outcome {
            Outcome::Checked(_) => Counts::default(),
            Outcome::Tested { counts, .. } => counts,
        }
    }
}

/// One line a phase: name, how it ended, seconds, tests.
pub(crate) fn table(done: &[Done]) -> String {
    let mut text = String::new();
    for phase in done {
        let word = if phase.failed() { "FAILED" } else { "ok" };
        let tests = match &phase.outcome {
            Outcome::Checked(_) => String::new(),
            Outcome::Tested { counts, .. } => format!("  {counts}"),
        };
        let seconds = phase.took.as_secs_f64();
        let _ = writeln!(text, "{:<18} {word:<6} {seconds:>8.1} s{tests}", phase.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(outcome: Outcome) -> Done {
        Done { name: "x", outcome, took: Duration::from_millis(1500) }
    }

    #[test]
    fn a_phase_fails_by_its_runner_or_by_its_counts() {
        let counts = Counts { passed: 1, failed: 0, skipped: 0 };
        assert!(!done(Outcome::Tested { success: true, counts }).failed());
        assert!(done(Outcome::Tested { success: false, counts }).failed());
        let counts = Counts { failed: 1, ..counts };
        assert!(done(Outcome::Tested { success: true, counts }).failed());
        assert!(done(Err("no".to_owned()).into()).failed());
    }

    #[test]
    fn the_table_has_a_line_a_phase() {
        let counts = Counts { passed: 1, failed: 0, skipped: 2 };
        let phases = [done(Ok(()).into()), done(Outcome::Tested { success: true, counts })];
        let table = table(&phases);
        assert_eq!(table.lines().count(), 2);
        assert!(table.ends_with("ok          1.5 s  1 passed, 0 failed, 2 skipped\n"), "{table}");
    }
}
