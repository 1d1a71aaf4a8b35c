//! The schedule. Two lanes run side by side: cargo's, where each step may use all cores,
//! and the files', where what one target needs after linking overlaps the compilation of
//! the next. A step starts once all that it needs is done.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{Action, Plan, Step};

use super::beforehand;
use super::error::EngineError;
use super::sccache;
use super::step::{Context, StepRun};
use crate::facts::Facts;
use crate::plan::{Planned, explain};
use crate::request::Request;
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::clock::Stopwatch;

/// The exit code of a run in which tests failed, as cargo has it.
const TESTS_FAILED: u8 = 101;

/// Runs all steps of `plan`.
///
/// # Errors
/// The first step that fails; steps that run beside it are finished or interrupted, none
/// is begun any more.
pub fn run(
    planned: &Planned,
    request: &Request,
    facts: &Facts,
    session: &Session,
    stream: &EventStream<'_>,
) -> Result<(), EngineError> {
    let plan = &planned.plan;
    let emit = |event| stream.emit(event);
    beforehand::check_writable(plan)?;
    beforehand::check_secrets(plan, session)?;
    let cache = sccache::Observer::start(facts.sccache_wrapper.as_deref(), session, &emit);
    let context = Context::new(planned, request, facts, session, cache.usable());
    let schedule =
        Schedule { plan, context, stream, state: Mutex::default(), changed: Condvar::new() };
    let result = std::thread::scope(|scope| {
        let files = scope.spawn(|| schedule.work(Lane::Files));
        let cargo = schedule.work(Lane::Cargo);
        let files = files.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        cargo.and(files)
    });
    if let Err(EngineError::Findings(_)) = result {
        schedule.context.withdraw()?;
    }
    cache.report(session, &emit);
    result
}

/// Which lane a step runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Cargo,
    Files,
}

fn lane(step: &Step) -> Lane {
    match step.action {
        Action::FetchTool { .. } | Action::PrepareStd { .. } | Action::Compile { .. } => {
            Lane::Cargo
        }
        Action::Place { .. }
        | Action::Join { .. }
        | Action::Test { .. }
        | Action::Smoke { .. }
        | Action::Package { .. }
        | Action::WriteManifest { .. } => Lane::Files,
    }
}

struct Schedule<'a> {
    plan: &'a Plan,
    context: Context<'a>,
    stream: &'a EventStream<'a>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    begun: BTreeSet<String>,
    done: BTreeSet<String>,
    failed: bool,
}

impl Schedule<'_> {
    /// Runs the steps of one lane as they become ready.
    fn work(&self, own: Lane) -> Result<(), EngineError> {
        while let Some(step) = self.next(own) {
            let (emit, clock) = (self.stream.of_step(&step.id), Stopwatch::start());
            emit(Event::StepStarted {
                action: step.action.kind(),
                subject: explain::subject(step),
                title: explain::title(step),
            });
            let result = StepRun::new(&self.context, &emit).run(step);
            let outcome = *result.as_ref().unwrap_or(&Outcome::Failed);
            if result.is_ok() && outcome == Outcome::Failed {
                self.stream.fail(TESTS_FAILED);
            }
            emit(Event::StepFinished { outcome, seconds: clock.seconds() });
            self.finish(step, result.is_ok());
            result?;
        }
        Ok(())
    }

    /// Waits for a step of this lane to become ready; none once there are no more, or
    /// once a step anywhere has failed.
    fn next(&self, own: Lane) -> Option<&Step> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let mut open = self
                .plan
                .steps
                .iter()
                .filter(|step| lane(step) == own && !state.begun.contains(&step.id))
                .peekable();
            if state.failed || open.peek().is_none() {
                return None;
            }
            let ready = open.find(|step| step.needs.iter().all(|need| state.done.contains(need)));
            if let Some(step) = ready {
                state.begun.insert(step.id.clone());
                return Some(step);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finish(&self, step: &Step, success: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if success {
            state.done.insert(step.id.clone());
        } else {
            state.failed = true;
        }
        self.changed.notify_all();
    }
}
