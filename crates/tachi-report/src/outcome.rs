//! What the tests of a run came to.

use tachi_schema::event::Event;
use tachi_schema::plan::Artifact;
use tachi_schema::test::{TestCase, TestSummary};

/// The tests of all targets, in the order in which they were run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// One entry for each target; empty where tests were only compiled.
    pub targets: Vec<TargetReport>,
    /// The test executables, each with the absolute path that cargo gave it.
    pub executables: Vec<(Artifact, String)>,
}

/// The tests of one target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetReport {
    /// The numbers, and what ran the tests.
    pub summary: TestSummary,
    /// The tests by name, as far as their harness names them.
    pub cases: Vec<TestCase>,
}

impl Report {
    /// Whether no test failed.
    pub fn success(&self) -> bool {
        self.targets.iter().all(|target| target.summary.failed == 0)
    }

    /// The tests that failed, in order.
    pub fn failures(&self) -> impl Iterator<Item = &TestCase> {
        let cases = self.targets.iter().flat_map(|target| &target.cases);
        cases.filter(|case| case.outcome.is_failure())
    }
}

/// Collects a [`Report`].
#[derive(Debug, Default)]
pub struct Collector {
    open: Vec<TestCase>,
    report: Report,
}

impl Collector {
    /// Keeps the event if it is about tests.
    pub fn see(&mut self, event: &Event) {
        match event {
            Event::TestExecutable { artifact, path, .. } => {
                self.report.executables.push((artifact.clone(), path.clone()));
            }
            // The new plan does all of it again.
            Event::PlanChanged { .. } => *self = Self::default(),
            Event::Test(case) => self.open.push(case.clone()),
            Event::Tests(summary) => {
                let is_its = |case: &TestCase| case.target == summary.target;
                let (cases, rest) = self.open.drain(..).partition(is_its);
                self.open = rest;
                self.report.targets.push(TargetReport { summary: summary.clone(), cases });
            }
            _ => {}
        }
    }

    /// The report on all events that were seen.
    pub fn finish(self) -> Report {
        self.report
    }
}
