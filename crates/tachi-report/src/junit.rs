//! A report as `JUnit`'s XML, which CI systems show: one suite for each test executable of each
//! target.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCaseStatus, TestSuite};
use tachi_schema::test::{TestCase, TestOutcome};

use crate::outcome::{Report, TargetReport};

/// The report as XML. A target whose tests were not run is one skipped test with the reason.
pub fn to_xml(report: &Report) -> String {
    let mut xml = quick_junit::Report::new("cargo-tachi");
    for target in &report.targets {
        for suite in suites(target) {
            xml.add_test_suite(suite);
        }
    }
    let seconds: f64 = report.targets.iter().map(|target| target.summary.seconds).sum();
    xml.set_time(Duration::from_secs_f64(seconds));
    xml.to_string().expect("writing to memory succeeds")
}

fn suites(target: &TargetReport) -> Vec<TestSuite> {
    let summary = &target.summary;
    let Some(runner) = &summary.runner else {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("not run: {}", summary.reason));
        let mut suite = TestSuite::new(&summary.target);
        suite.add_test_case(quick_junit::TestCase::new("tests", status));
        return vec![suite];
    };
    let mut suites: Vec<(&str, TestSuite)> = Vec::new();
    for case in &target.cases {
        let known = suites.iter().position(|(name, _)| *name == case.executable);
        let at = known.unwrap_or_else(|| {
            let mut suite = TestSuite::new(format!("{}/{}", summary.target, case.executable));
            suite.add_property(("target", summary.target.as_str()));
            suite.add_property(("runner", runner.as_str()));
            suites.push((&case.executable, suite));
            suites.len() - 1
        });
        suites[at].1.add_test_case(test(case));
    }
    suites.into_iter().map(|(_, suite)| suite).collect()
}

fn test(case: &TestCase) -> quick_junit::TestCase {
    let mut status = match case.outcome {
        TestOutcome::Passed => TestCaseStatus::success(),
        TestOutcome::Failed | TestOutcome::TimedOut => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        // `Ignored`, and what only a later version knows.
        _ => TestCaseStatus::skipped(),
    };
    if case.outcome.is_failure() {
        let timed_out = case.outcome == TestOutcome::TimedOut;
        status.set_type(if timed_out { "timeout" } else { "failure" });
        status.set_description(&case.output);
    }
    let mut test = quick_junit::TestCase::new(&case.name, status);
    test.set_classname(&case.executable);
    if let Some(seconds) = case.seconds {
        test.set_time(Duration::from_secs_f64(seconds));
    }
    test
}

#[cfg(test)]
mod tests {
    use super::*;
    use tachi_schema::test::TestSummary;

    #[test]
    fn a_report_is_read_back_with_its_targets_apart() {
        let summary = |target: &str, runner: Option<&str>| TestSummary {
            target: target.into(),
            runner: runner.map(str::to_owned),
            reason: "why".into(),
            executables: 1,
            left_out: 0,
            passed: 1,
            failed: 1,
            ignored: 1,
            seconds: 1.5,
        };
        let case = |name: &str, outcome, output: &str| TestCase {
            target: "x".into(),
            executable: "a::it".into(),
            name: name.into(),
            outcome,
            seconds: Some(0.5),
            output: output.into(),
        };
        let cases = vec![
            case("good", TestOutcome::Passed, ""),
            case("bad", TestOutcome::Failed, "a < b & \u{1b}[31mred\u{1b}[0m"),
            case("later", TestOutcome::Ignored, ""),
        ];
        let run = TargetReport { summary: summary("x", Some("qemu")), cases };
        let not_run = TargetReport { summary: summary("y", None), cases: Vec::new() };
        let xml = to_xml(&Report { targets: vec![run, not_run], ..Report::default() });
        let read = quick_junit::Report::deserialize_from_str(&xml).unwrap();
        assert_eq!((read.tests, read.failures, read.skipped), (4, 1, 2));
        assert_eq!(read.test_suites[0].name.as_str(), "x/a::it");
        let TestCaseStatus::NonSuccess { description, .. } =
            &read.test_suites[0].test_cases[1].status
        else {
            panic!("{xml}")
        };
        assert_eq!(description.as_ref().unwrap().as_str(), "a < b & red");
        let TestCaseStatus::Skipped { message, .. } = &read.test_suites[1].test_cases[0].status
        else {
            panic!("{xml}")
        };
        assert_eq!(message.as_ref().unwrap().as_str(), "not run: why");
    }
}
