//! Runs the tests of one target.

use tachi_schema::Command;
use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{ArtifactKind, StdSource, Test};
use tachi_schema::test::{TestCase, TestOutcome, TestSummary};

use crate::cache::Bucket;
use crate::cargo::expect::Produced;
use crate::cargo::invoke::without_outer_cargo;
use crate::engine::claim::{Claim, Resource, Threads};
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::sys::clock::Stopwatch;
use crate::sys::run::Line;
use crate::testing::libtest::Sums;
use crate::testing::stand_in::StandIns;
use crate::testing::surroundings::Surroundings;
use crate::testing::{harness, nextest};
use crate::toolchain::runner::Ready;
use crate::workspace::load;

/// Flags with which users want to see the output of tests.
const ALOUD: [&str; 4] = ["--nocapture", "--no-capture", "--show-output", "--list"];

/// The screen: the output of tests for two targets must not be mixed.
const SCREEN: Resource = Resource("screen");

/// All cores, which test runners use without asking, and the screen.
pub(in crate::engine) fn claim(_: &Test) -> Claim {
    Claim { threads: Threads::All, exclusive: Some(SCREEN), ..Claim::default() }
}

/// Makes the archive and runs the tests, as far as each is planned.
///
/// # Errors
/// Tests cannot be run. A test that fails is no error.
pub(in crate::engine) fn run(test: &Test, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let compiled = job.run.ledger.compiled_for(&test.target);
    TargetTests { test, job, compiled }.run()
}

/// The tests of one target, and what was compiled for it.
struct TargetTests<'a> {
    test: &'a Test,
    job: &'a Job<'a>,
    compiled: Vec<Produced>,
}

/// The results of the tests.
#[derive(Default)]
struct Totals {
    sums: Sums,
    left_out: usize,
}

impl TargetTests<'_> {
    fn run(&self) -> Result<Outcome, EngineError> {
        let Test { target, runner: runner_name, reason, executables, .. } = self.test;
        let interrupt = self.job.interrupt();
        if let Some(archive) = &self.test.archive {
            let command = without_outer_cargo(archive.clone());
            nextest::archive(&command, interrupt, &mut |line| self.show(line, true))?;
        }
        let clock = Stopwatch::start();
        let runner = self.job.run.resolved.runners.get(target);
        let totals = match runner.filter(|_| runner_name.is_some()) {
            None => Totals::default(),
            Some(runner) => {
                let ready = self.job.provider().runner(runner)?;
                match &self.test.nextest {
                    Some(command) => self.through_nextest(command, &ready)?,
                    None => self.one_by_one(&ready)?,
                }
            }
        };
        let Totals { sums, left_out } = totals;
        self.job.emit(Event::Tests(TestSummary {
            target: target.clone(),
            runner: runner_name.clone(),
            reason: reason.clone(),
            executables: executables.len(),
            left_out,
            passed: sums.passed,
            failed: sums.failed,
            ignored: sums.ignored,
            seconds: clock.seconds(),
        }));
        Ok(if sums.failed == 0 { Outcome::Done } else { Outcome::Failed })
    }

    /// What lets tests under qemu call the programs of their package.
    fn stand_ins(&self, ready: &Ready) -> Result<StandIns, EngineError> {
        let Some(qemu) = ready.before().filter(|_| ready.is_qemu()) else {
            return Ok(StandIns::default());
        };
        let programs = self
            .compiled
            .iter()
            .filter(|file| file.artifact.kind == ArtifactKind::Executable)
            .map(|file| file.path.as_path());
        Ok(StandIns::put(programs, qemu)?)
    }

    fn through_nextest(&self, command: &Command, ready: &Ready) -> Result<Totals, EngineError> {
        let command = without_outer_cargo(command.clone());
        let metadata = load::command(&self.job.run.facts.toolchain.cargo, self.job.run.request);
        let scratch = &self.job.run.facts.cache.bucket(Bucket::Temporary);
        let interrupt = self.job.interrupt();
        let reuse = nextest::Reuse::prepare(command, &metadata, scratch, interrupt)?;
        let _stand_ins = self.stand_ins(ready)?;
        let is_quiet = !self.is_aloud();
        let limit = self.job.run.request.testing.timeout;
        let mut show = |line| self.show(line, is_quiet);
        let ran = reuse.run(&self.test.target, ready.before(), limit, interrupt, &mut show)?;
        let mut sums = Sums::default();
        for case in ran.cases {
            match case.outcome {
                TestOutcome::Passed => sums.passed += 1,
                TestOutcome::Ignored => sums.ignored += 1,
                // cargo-nextest gives no other.
                _ => sums.failed += 1,
            }
            self.tell(case);
        }
        Ok(Totals { sums, left_out: ran.left_out })
    }

    fn one_by_one(&self, ready: &Ready) -> Result<Totals, EngineError> {
        let testing = &self.job.run.request.testing;
        let (facts, scripts) = (self.job.run.facts, self.job.run.ledger.scripts());
        let surroundings = Surroundings {
            variables: facts.variables(),
            environment: &self.job.session().environment,
            sysroot: &facts.toolchain.rustc.sysroot,
            target: &self.test.target,
            std: self.std(),
            compiled: &self.compiled,
            scripts: &scripts,
        };
        let _stand_ins = self.stand_ins(ready)?;
        let is_quiet = !self.is_aloud();
        let mut totals = Totals::default();
        for executable in &self.test.executables {
            if totals.sums.failed > 0 && !testing.no_fail_fast {
                totals.left_out += 1;
                continue;
            }
            // The plan's own order guarantees it; cargo's messages were reconciled with it.
            let Some(file) = self.compiled.iter().find(|file| file.artifact == *executable) else {
                continue;
            };
            let command = ready.command(&file.path).args(testing.arguments.iter().cloned());
            let command = surroundings.around(command, executable, &file.path);
            let on_line = |line: &str| self.show_line(line.to_owned(), is_quiet);
            on_line(&format!("     Running {} ({})", executable.test_id(), file.path));
            let interrupt = self.job.interrupt();
            let ran = harness::run(&command, executable, testing.timeout, interrupt, &on_line)?;
            totals.sums.passed += ran.sums.passed;
            totals.sums.failed += ran.sums.failed;
            totals.sums.ignored += ran.sums.ignored;
            ran.cases.into_iter().for_each(|case| self.tell(case));
        }
        Ok(totals)
    }

    /// Where the standard library of the target comes from; the compiler's for the host's own.
    fn std(&self) -> StdSource {
        let targets = self.job.run.plan.targets.iter();
        let planned = targets.filter(|planned| planned.triple == self.test.target);
        planned.map(|planned| planned.std).next().unwrap_or(StdSource::Sysroot)
    }

    fn is_aloud(&self) -> bool {
        self.job
            .run
            .request
            .testing
            .arguments
            .iter()
            .any(|argument| ALOUD.contains(&argument.as_str()))
    }

    fn tell(&self, case: TestCase) {
        self.job.emit(Event::Test(case));
    }

    fn show(&self, line: Line, is_status: bool) {
        if !line.transient {
            self.show_line(line.text, is_status);
        }
    }

    fn show_line(&self, line: String, is_status: bool) {
        self.job.emit(Event::Output { status: is_status, line });
    }
}
