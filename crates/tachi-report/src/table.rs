//! The results of tests for people: a table with a line for each target, then the output of the
//! failed tests.

use std::fmt::Write;

use tachi_schema::test::{TestCase, TestOutcome, TestSummary};

use crate::outcome::Report;
use crate::words;

const RED: &str = "\u{1b}[1;31m";
const RESET: &str = "\u{1b}[0m";
const NUMBERS: [&str; 4] = ["passed", "failed", "skipped", "time"];

/// The table and the failures; where no tests were to be run, the executables.
pub fn show(report: &Report) -> String {
    let mut out = String::new();
    if report.targets.is_empty() {
        for (executable, path) in &report.executables {
            let _ = writeln!(out, "{} ({}) {path}", executable.test_id(), executable.target);
        }
        return out;
    }
    let summaries: Vec<&TestSummary> =
        report.targets.iter().map(|target| &target.summary).collect();
    let width = |of: &dyn Fn(&TestSummary) -> usize, head: &str| {
        summaries.iter().map(|summary| of(summary)).chain([head.len()]).max().unwrap_or_default()
    };
    let target_width = width(&|summary| summary.target.len(), "target");
    let runner_width = width(&|summary| summary.runner.as_ref().map_or(0, String::len), "runner");
    let [passed, failed, skipped, time] = NUMBERS;
    let _ = writeln!(
        out,
        "\n{:target_width$}  {:runner_width$}  {passed:>7}  {failed:>7}  {skipped:>7}  {time:>7}",
        "target", "runner"
    );
    for summary in &summaries {
        let target = &summary.target;
        let Some(runner) = &summary.runner else {
            let _ = writeln!(out, "{target:target_width$}  not run: {}", summary.reason);
            continue;
        };
        let TestSummary { passed, failed, ignored, seconds, .. } = summary;
        let (colour, reset) = if *failed > 0 { (RED, RESET) } else { ("", "") };
        let time = words::duration(*seconds);
        let _ = writeln!(
            out,
            "{target:target_width$}  {runner:runner_width$}  {passed:>7}  {colour}{failed:>7}{reset}  {ignored:>7}  {time:>7}"
        );
    }
    for summary in summaries.iter().filter(|summary| summary.left_out > 0) {
        let TestSummary { target, left_out, .. } = summary;
        let _ = writeln!(
            out,
            "\n{target}: {left_out} more not run after the first failure; --no-fail-fast runs all"
        );
    }
    for case in report.failures() {
        failure(&mut out, case);
    }
    out
}

fn failure(out: &mut String, case: &TestCase) {
    let TestCase { target, executable, name, output, .. } = case;
    let verb = if case.outcome == TestOutcome::TimedOut { "timed out" } else { "failed" };
    let _ = writeln!(out, "\n{RED}{verb}{RESET} {executable} {name} ({target})");
    for line in output.lines() {
        let _ = writeln!(out, "  | {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::TargetReport;

    #[test]
    fn each_target_has_its_line_and_failures_follow() {
        let summary = |target: &str, runner: Option<&str>, reason: &str, failed| TestSummary {
            target: target.into(),
            runner: runner.map(str::to_owned),
            reason: reason.into(),
            executables: 3,
            left_out: failed * 2,
            passed: 12,
            failed,
            ignored: 1,
            seconds: 3.06,
        };
        let case = TestCase {
            target: "aarch64".into(),
            executable: "app::it".into(),
            name: "adds".into(),
            outcome: TestOutcome::Failed,
            seconds: None,
            output: "1 + 1\nis 3".into(),
        };
        let report = Report {
            targets: vec![
                TargetReport {
                    summary: summary("x86_64", Some("this machine"), "", 0),
                    cases: Vec::new(),
                },
                TargetReport {
                    summary: summary("aarch64", Some("qemu"), "", 1),
                    cases: vec![case],
                },
                TargetReport { summary: summary("darwin", None, "no Mac", 0), cases: Vec::new() },
            ],
            ..Report::default()
        };
        assert_eq!(
            anstream::adapter::strip_str(&show(&report)).to_string(),
            "
target   runner         passed   failed  skipped     time
x86_64   this machine       12        0        1     3.1s
aarch64  qemu               12        1        1     3.1s
darwin   not run: no Mac

aarch64: 2 more not run after the first failure; --no-fail-fast runs all

failed app::it adds (aarch64)
  | 1 + 1
  | is 3
"
        );
        assert_eq!(show(&Report::default()), "");
    }
}
