//! The step that runs the tests of one target.

use tachi_schema::Command;
use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{Artifact, ArtifactKind, StdSource};
use tachi_schema::test::{TestCase, TestOutcome, TestSummary};

use super::libtest::Sums;
use super::stand_in::StandIns;
use super::surroundings::Surroundings;
use super::{harness, nextest};
use crate::cargo::expect::Produced;
use crate::cargo::invoke::without_outer_cargo;
use crate::cargo::messages::ScriptOutput;
use crate::engine::{EngineError, runner};
use crate::facts::Facts;
use crate::request::Request;
use crate::session::Session;
use crate::sys::clock::Stopwatch;
use crate::sys::run::Line;
use crate::toolchain::runner::{Ready, Runner};
use crate::workspace::load;

/// Flags after which users want to see what tests say.
const ALOUD: [&str; 4] = ["--nocapture", "--no-capture", "--show-output", "--list"];

/// The tests of one target, as the plan has them, and what was compiled.
pub struct TargetTests<'a> {
    /// The rustc triple.
    pub target: &'a str,
    /// What runs them, for people; absent where nothing is run.
    pub runner_name: Option<&'a str>,
    /// What runs them, where they can be run.
    pub runner: Option<&'a Runner>,
    /// Why that, or why not.
    pub reason: &'a str,
    /// The executables.
    pub executables: &'a [Artifact],
    /// The call of cargo-nextest that runs them, where that is used.
    pub nextest: Option<&'a Command>,
    /// The call of cargo-nextest that makes an archive of them.
    pub archive: Option<&'a Command>,
    /// Where the target's standard library comes from.
    pub std: StdSource,
    /// What was compiled for the target.
    pub compiled: Vec<Produced>,
    /// What build scripts gave.
    pub scripts: Vec<ScriptOutput>,
    /// What was asked for.
    pub request: &'a Request,
    /// What is true here.
    pub facts: &'a Facts,
    /// The surroundings of this run.
    pub session: &'a Session,
    /// Where events go.
    pub emit: &'a (dyn Fn(Event) + Sync),
}

/// What the tests came to.
#[derive(Default)]
struct Totals {
    sums: Sums,
    left_out: usize,
}

impl TargetTests<'_> {
    /// Makes the archive and runs the tests, as far as each is planned.
    ///
    /// # Errors
    /// Tests cannot be run; that some fail is no error.
    pub fn run(&self) -> Result<Outcome, EngineError> {
        let interrupt = &self.session.interrupt;
        if let Some(archive) = self.archive {
            let command = without_outer_cargo(archive.clone());
            nextest::archive(&command, interrupt, &mut |line| self.show(line, true))?;
        }
        let clock = Stopwatch::start();
        let totals = match self.runner.filter(|_| self.runner_name.is_some()) {
            None => Totals::default(),
            Some(runner) => {
                let (is_offline, emit) = (self.request.lock.offline, self.emit);
                let (facts, session) = (self.facts, self.session);
                let ready = runner::make_ready(runner, is_offline, facts, session, emit)?;
                match self.nextest {
                    Some(command) => self.through_nextest(command, &ready)?,
                    None => self.one_by_one(&ready)?,
                }
            }
        };
        let Totals { sums, left_out } = totals;
        (self.emit)(Event::Tests(TestSummary {
            target: self.target.to_owned(),
            runner: self.runner_name.map(str::to_owned),
            reason: self.reason.to_owned(),
            executables: self.executables.len(),
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
        let metadata = load::command(&self.facts.toolchain.cargo, self.request);
        let scratch = &self.facts.cache_dir;
        let interrupt = &self.session.interrupt;
        let reuse = nextest::Reuse::prepare(command, &metadata, scratch, interrupt)?;
        let _stand_ins = self.stand_ins(ready)?;
        let is_quiet = !self.is_aloud();
        let limit = self.request.testing.timeout;
        let mut show = |line| self.show(line, is_quiet);
        let ran = reuse.run(self.target, ready.before(), limit, interrupt, &mut show)?;
        let mut sums = Sums::default();
        for case in ran.cases {
            match case.outcome {
                TestOutcome::Passed => sums.passed += 1,
                TestOutcome::Ignored => sums.ignored += 1,
                TestOutcome::Failed | TestOutcome::TimedOut => sums.failed += 1,
            }
            self.tell(case);
        }
        Ok(Totals { sums, left_out: ran.left_out })
    }

    fn one_by_one(&self, ready: &Ready) -> Result<Totals, EngineError> {
        let testing = &self.request.testing;
        let surroundings = Surroundings {
            variables: self.facts.variables(),
            environment: &self.session.environment,
            sysroot: &self.facts.toolchain.rustc.sysroot,
            target: self.target,
            std: self.std,
            compiled: &self.compiled,
            scripts: &self.scripts,
        };
        let _stand_ins = self.stand_ins(ready)?;
        let is_quiet = !self.is_aloud();
        let mut totals = Totals::default();
        for executable in self.executables {
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
            let interrupt = &self.session.interrupt;
            let ran = harness::run(&command, executable, testing.timeout, interrupt, &on_line)?;
            totals.sums.passed += ran.sums.passed;
            totals.sums.failed += ran.sums.failed;
            totals.sums.ignored += ran.sums.ignored;
            ran.cases.into_iter().for_each(|case| self.tell(case));
        }
        Ok(totals)
    }

    fn is_aloud(&self) -> bool {
        self.request.testing.arguments.iter().any(|argument| ALOUD.contains(&argument.as_str()))
    }

    fn tell(&self, case: TestCase) {
        (self.emit)(Event::Test(case));
    }

    fn show(&self, line: Line, is_status: bool) {
        if !line.transient {
            self.show_line(line.text, is_status);
        }
    }

    fn show_line(&self, line: String, is_status: bool) {
        (self.emit)(Event::Output { status: is_status, line });
    }
}
