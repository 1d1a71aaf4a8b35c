//! A phase of the test command: its name, its end, its time.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::counts::Counts;
use super::slowest::Times;

/// How a phase ended.
pub(crate) enum Outcome {
    /// A check that counts no tests succeeded, or failed with a message.
    Checked(Result<(), String>),
    /// Tests ran. `success` is the runner's exit status.
    Tested {
        /// Whether the runner succeeded.
        success: bool,
        /// The counts of its summaries.
        counts: Counts,
        /// How long single tests took, if it says so.
        times: Times,
    },
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        Self::Checked(result)
    }
}

/// What a phase does.
pub(crate) type Work = Box<dyn FnOnce() -> Outcome + Send>;

/// A phase that is still to run.
pub(crate) struct Phase {
    name: &'static str,
    work: Work,
    /// The phase is silent, and shares no target folder with the others.
    beside: bool,
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
    pub(crate) fn new(name: &'static str, work: Work) -> Self {
        Self { name, work, beside: false }
    }

    /// Names a piece of work that prints nothing and may run at the same time as others.
    pub(crate) fn beside(name: &'static str, work: Work) -> Self {
        Self { name, work, beside: true }
    }

    /// Runs it under a heading, timed. A phase beside others gets its heading when it is done.
    fn run(self) -> Done {
        let heading = format!("\n== {} ==", self.name);
        if !self.beside {
            println!("{heading}");
        }
        let start = Instant::now();
        let outcome = (self.work)();
        let took = start.elapsed();
        let said = match &outcome {
            Outcome::Checked(Err(message)) => message,
            _ if self.beside => "ok",
            _ => "",
        };
        match (self.beside, said) {
            (true, said) => println!("{heading}\n{said}\n"),
            (false, "") => {}
            (false, said) => println!("{said}"),
        }
        Done { name: self.name, outcome, took }
    }
}

/// Runs all phases, whatever fails: one after the other, and those that may run beside others during
/// the last one, which takes longest.
pub(crate) fn run_all(phases: Vec<Phase>) -> Vec<Done> {
    let (beside, mut in_turn): (Vec<Phase>, Vec<Phase>) =
        phases.into_iter().partition(|phase| phase.beside);
    let last = in_turn.pop();
    let mut done: Vec<Done> = in_turn.into_iter().map(Phase::run).collect();
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| beside.into_iter().map(Phase::run).collect::<Vec<_>>());
        let last = last.map(Phase::run);
        done.extend(beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.extend(last);
    });
    done
}

impl Done {
    /// Whether anything in it went wrong.
    pub(crate) fn failed(&self) -> bool {
        match &self.outcome {
            Outcome::Checked(result) => result.is_err(),
            Outcome::Tested { success, counts, .. } => !success || counts.failed > 0,
        }
    }

    /// The tests it ran.
    pub(crate) fn counts(&self) -> Counts {
        match self.outcome {
            Outcome::Checked(_) => Counts::default(),
            Outcome::Tested { counts, .. } => counts,
        }
    }

    /// How long they took one by one, as far as that is known.
    pub(crate) fn times(&self) -> Option<&Times> {
        match &self.outcome {
            Outcome::Checked(_) => None,
            Outcome::Tested { times, .. } => Some(times),
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

    fn tested(success: bool, counts: Counts) -> Outcome {
        Outcome::Tested { success, counts, times: Times::new() }
    }

    #[test]
    fn phases_beside_others_run_and_the_last_phase_stays_last() {
        let ok = || -> Work { Box::new(|| Ok(()).into()) };
        let bad = || -> Work { Box::new(|| Err("no".to_owned()).into()) };
        let phases = vec![
            Phase::new("first", ok()),
            Phase::beside("beside", bad()),
            Phase::new("last", ok()),
        ];
        let done = run_all(phases);
        let seen: Vec<_> = done.iter().map(|done| (done.name, done.failed())).collect();
        assert_eq!(seen, [("first", false), ("beside", true), ("last", false)]);
    }

    #[test]
    fn a_phase_fails_by_its_runner_or_by_its_counts() {
        let counts = Counts { passed: 1, failed: 0, skipped: 0 };
        assert!(!done(tested(true, counts)).failed());
        assert!(done(tested(false, counts)).failed());
        let counts = Counts { failed: 1, ..counts };
        assert!(done(tested(true, counts)).failed());
        assert!(done(Err("no".to_owned()).into()).failed());
    }

    #[test]
    fn the_table_has_a_line_a_phase() {
        let counts = Counts { passed: 1, failed: 0, skipped: 2 };
        let phases = [done(Ok(()).into()), done(tested(true, counts))];
        let table = table(&phases);
        assert_eq!(table.lines().count(), 2);
        assert!(table.ends_with("ok          1.5 s  1 passed, 0 failed, 2 skipped\n"), "{table}");
    }
}
