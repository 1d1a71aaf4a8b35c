//! Runs one test executable by itself, and reports test by test.

use std::time::Duration;

use tachi_schema::plan::Artifact;
use tachi_schema::test::{TestCase, TestOutcome};

use super::libtest::{Reading, Sums};
use crate::sys::interrupt::Interrupt;
use crate::sys::run::{self, Exit, Stream};
use crate::sys::{Command, SysError};

/// The results of a test executable.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ran {
    /// The tests.
    pub cases: Vec<TestCase>,
    /// Their sums, which may be more than the tests that could be told apart.
    pub sums: Sums,
}

/// Runs `command`, which is the test `executable`, for at most `limit`. Lines go to `on_line` as
/// they come.
///
/// # Errors
/// It cannot be started, or the user interrupted.
pub fn run(
    command: &Command,
    executable: &Artifact,
    limit: Option<Duration>,
    interrupt: &Interrupt,
    on_line: &dyn Fn(&str),
) -> Result<Ran, SysError> {
    let (mut reading, mut said) = (Reading::default(), String::new());
    let exit = run::stream_within(command, limit, interrupt, &mut |line| {
        if line.stream == Stream::Stdout {
            reading.push(&line.text);
        }
        on_line(&line.text);
        said.push_str(&line.text);
        said.push('\n');
    })?;
    Ok(judge(executable, &reading, &said, &exit, limit))
}

/// The results that output and exit status of a test executable mean.
fn judge(
    executable: &Artifact,
    reading: &Reading,
    said: &str,
    exit: &Exit,
    limit: Option<Duration>,
) -> Ran {
    let case = |name: &str, outcome, output: String| TestCase {
        target: executable.target.clone(),
        executable: executable.test_id(),
        name: name.to_owned(),
        outcome,
        seconds: None,
        output,
    };
    let mut cases: Vec<TestCase> = reading
        .tests
        .iter()
        .map(|(name, outcome)| case(name, *outcome, reading.output_of(name)))
        .collect();
    let count = |wanted| reading.tests.iter().filter(|(_, outcome)| *outcome == wanted).count();
    let mut sums = reading.sums.unwrap_or_else(|| Sums {
        passed: count(TestOutcome::Passed),
        failed: count(TestOutcome::Failed),
        ignored: count(TestOutcome::Ignored),
    });
    // If the executable itself failed, the running test failed, if one is known.
    let whole = reading.running.as_deref().unwrap_or(&executable.name);
    let trouble = if exit.timed_out {
        let seconds = limit.unwrap_or_default().as_secs_f64();
        Some((TestOutcome::TimedOut, format!("not ended after {seconds} s")))
    } else if !exit.success() && sums.failed == 0 {
        Some((TestOutcome::Failed, exit.status.clone()))
    } else if reading.has_begun && reading.sums.is_none() {
        Some((TestOutcome::Failed, format!("{} before all tests were run", exit.status)))
    } else {
        if !reading.has_begun {
            // Another harness: only its exit code counts.
            sums.passed += 1;
            cases.push(case(whole, TestOutcome::Passed, String::new()));
        }
        None
    };
    if let Some((outcome, reason)) = trouble {
        sums.failed += 1;
        cases.push(case(whole, outcome, format!("{}\n{reason}", said.trim()).trim().to_owned()));
    }
    Ran { cases, sums }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tachi_schema::plan::ArtifactKind;

    fn judged(text: &str, code: Option<i32>) -> (Vec<(String, TestOutcome, String)>, Sums) {
        let executable = Artifact {
            target: "t".into(),
            package: "app".into(),
            name: "it".into(),
            kind: ArtifactKind::IntegrationTest,
            variant: None,
        };
        let mut reading = Reading::default();
        text.lines().for_each(|line| reading.push(line));
        let status = format!("exit {}", code.unwrap_or_default());
        let exit = Exit { code, status, timed_out: code.is_none() };
        let limit = Some(Duration::from_secs(2));
        let ran = judge(&executable, &reading, text, &exit, limit);
        let cases = ran.cases.into_iter();
        (cases.map(|case| (case.name, case.outcome, case.output)).collect(), ran.sums)
    }

    #[test]
    fn output_and_exit_code_are_weighed_together() {
        use TestOutcome::{Failed, Passed, TimedOut};
        let sums = |passed, failed| Sums { passed, failed, ignored: 0 };
        let good =
            "running 1 test\ntest a ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored";
        let bad = "running 1 test\ntest a ... FAILED\n\nfailures:\n\n---- a stdout ----\nno\n\nfailures:\n    a\n\ntest \
                   result: FAILED. 0 passed; 1 failed; 0 ignored";
        let dead = "running 2 tests\ntest a ... ok\ntest b ... about to";
        let one = |name: &str, outcome, output: &str| (name.to_owned(), outcome, output.to_owned());
        let after_death = format!("{dead}\nexit 134");
        let cases = [
            (good, Some(0), vec![one("a", Passed, "")], sums(1, 0)),
            (bad, Some(101), vec![one("a", Failed, "no")], sums(0, 1)),
            (
                dead,
                Some(134),
                vec![one("a", Passed, ""), one("b", Failed, &after_death)],
                sums(1, 1),
            ),
            ("all well", Some(0), vec![one("it", Passed, "")], sums(1, 0)),
            ("all bad", Some(3), vec![one("it", Failed, "all bad\nexit 3")], sums(0, 1)),
            ("slow", None, vec![one("it", TimedOut, "slow\nnot ended after 2 s")], sums(0, 1)),
            // It succeeded, but before its tests ended: one of them called `exit(0)`.
            (
                "running 1 test\ntest a ... bye",
                Some(0),
                vec![one(
                    "a",
                    Failed,
                    "running 1 test\ntest a ... bye\nexit 0 before all tests were run",
                )],
                sums(0, 1),
            ),
            // Terse: only the sums tell.
            (
                "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 0 ignored",
                Some(0),
                vec![],
                sums(2, 0),
            ),
        ];
        for (text, code, expected, sums) in cases {
            assert_eq!(judged(text, code), (expected, sums), "{text:?}");
        }
    }
}
