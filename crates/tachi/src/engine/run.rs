//! Runs a plan: checks before the first step, the steps, and what follows the last one.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::time::Duration;

use camino::Utf8Path;
use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{Action, Plan, StepId};

use super::beforehand::{self, Folders};
use super::claim::Limits;
use super::error::EngineError;
use super::job::{Job, Run};
use super::ledger::Ledger;
use super::schedule::{self, Cause, Failure, Node, Report, Work};
use super::{sccache, steps};
use crate::exit_code::ExitCode;
use crate::facts::Facts;
use crate::package::checksum;
use crate::plan::{Planned, words};
use crate::request::Request;
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::interrupt::Interrupt;
use crate::sys::jobserver::Jobserver;
use crate::sys::{SysError, fs};

/// Runs all steps of a plan.
///
/// 1. [`Folders::lock`]: no other Tachi writes into the same folders meanwhile.
/// 2. [`beforehand::check_secrets`]: what signing needs is there.
/// 3. [`sccache::Observer`]: the compiler cache answers, or is left out.
/// 4. [`schedule::run`]: the steps.
/// 5. [`withdraw`]: a release that fails a proof leaves nothing of an older one.
///
/// # Errors
/// The first step that failed, and those that failed beside it before they could be stopped.
pub fn run(
    planned: &Planned,
    request: &Request,
    facts: &Facts,
    session: &Session,
    stream: &EventStream<'_>,
) -> Result<(), EngineError> {
    let plan = &planned.plan;
    let emit = |event| stream.emit(event);
    let _folders = Folders::lock(plan, &planned.resolved.layout, &session.interrupt, &emit)?;
    beforehand::check_secrets(plan, session)?;
    let cache = sccache::Observer::start(facts.sccache_wrapper.as_deref(), session, &emit);
    let cores = tokens(request, facts);
    let jobserver = Jobserver::new(cores, &session.environment);
    let run = Run::new(planned, request, facts, session, &jobserver, cache.usable());
    let work = Steps { run: &run, stream };
    let report =
        schedule::run(&nodes(plan), &Limits::of(cores), &jobserver, &work, &session.interrupt)
            .map_err(|error| EngineError::Plan { message: error.to_string() })?;
    if has_compiled(plan, &report) {
        cache.report(session, &emit);
    }
    let stop = session.interrupt.check().err().filter(|_| report.is_interrupted);
    let result = outcome(report, stop, |step| plan.steps[step].id.to_string());
    if let Err(error) = &result
        && error.is_refusal()
        && let Err(withdrawal) = withdraw(plan, &run.ledger)
    {
        let message = format!("packages of an earlier run may still be there: {withdrawal}");
        emit(Event::Warning { message });
    }
    result
}

/// Whether cargo may have called the compiler: not where it found everything fresh.
fn has_compiled(plan: &Plan, report: &Report<Outcome, EngineError>) -> bool {
    let is_fresh = |step: usize| {
        report.done.iter().any(|(done, outcome)| *done == step && *outcome == Outcome::Fresh)
    };
    let mut compiles =
        (0..plan.steps.len()).filter(|&at| matches!(plan.steps[at].action, Action::Compile(_)));
    compiles.any(|step| !is_fresh(step))
}

/// How many cores a run may keep busy: as many as cargo would, by the same settings.
fn tokens(request: &Request, facts: &Facts) -> NonZeroUsize {
    let asked = request.jobs.or_else(|| facts.cargo_config.jobs());
    asked.and_then(NonZeroUsize::new).unwrap_or(facts.machine.cores)
}

/// The steps of `plan` by number.
fn nodes(plan: &Plan) -> Vec<Node> {
    let numbers: BTreeMap<&StepId, usize> =
        plan.steps.iter().map(|step| &step.id).zip(0..).collect();
    let number = |id: &StepId| numbers.get(id).copied();
    plan.steps
        .iter()
        .map(|step| Node {
            // A need that was taken out of the plan is not waited for.
            needs: step.needs.iter().filter_map(number).collect(),
            claim: steps::claim(&step.action),
        })
        .collect()
}

/// What the steps do, for the schedule.
struct Steps<'a> {
    run: &'a Run<'a>,
    stream: &'a EventStream<'a>,
}

impl Steps<'_> {
    fn id(&self, step: usize) -> &StepId {
        &self.run.plan.steps[step].id
    }
}

impl Work for Steps<'_> {
    type Done = Outcome;
    type Error = EngineError;

    fn run(&self, step: usize, interrupt: &Interrupt) -> Result<Outcome, EngineError> {
        let emit = self.stream.of_step(self.id(step));
        steps::run(&Job::new(self.run, &self.run.plan.steps[step], interrupt, &emit))
    }

    fn is_stop(&self, error: &EngineError) -> bool {
        SysError::stop_in(error).is_some()
    }

    fn started(&self, step: usize) {
        let planned = &self.run.plan.steps[step];
        self.stream.of_step(self.id(step))(Event::StepStarted {
            action: planned.action.kind(),
            subject: words::subject(planned),
            title: words::title(planned),
        });
    }

    fn ended(&self, step: usize, end: Result<&Outcome, &Failure<EngineError>>, time: Duration) {
        let outcome = end.map_or(Outcome::Failed, |outcome| *outcome);
        if end.is_ok() && outcome == Outcome::Failed {
            // Tests failed: the other targets' are still run, but the run is no success.
            self.stream.fail(ExitCode::Compilation as u8);
        }
        self.stream.of_step(self.id(step))(Event::StepFinished {
            outcome,
            seconds: time.as_secs_f64(),
        });
    }
}

/// The errors of a run in order of time, without those that only say that it was stopped.
fn outcome(
    report: Report<Outcome, EngineError>,
    stop: Option<SysError>,
    name: impl Fn(usize) -> String,
) -> Result<(), EngineError> {
    if let Some(stop) = stop {
        // The caller's wish counts more than the failures that it causes.
        return Err(stop.into());
    }
    let (causes, consequences): (Vec<_>, Vec<_>) =
        report.failures.into_iter().partition(|failure| !failure.is_consequence);
    let error = |failure: Failure<EngineError>| match failure.cause {
        Cause::Error(error) => error,
        Cause::Panic(message) => EngineError::Panicked { what: name(failure.step), message },
        Cause::ListenerPanic(message) => {
            EngineError::Panicked { what: "the reader of the events".into(), message }
        }
    };
    let mut errors: Vec<EngineError> = causes.into_iter().map(error).collect();
    match errors.len() {
        0 => match consequences.into_iter().next() {
            Some(consequence) => Err(error(consequence)),
            None => Ok(()),
        },
        1 => Err(errors.remove(0)),
        _ => Err(EngineError::Several(errors)),
    }
}

/// Removes an earlier run's packages that this run did not make, and their manifest: after a failed
/// proof the folder has proved packages only.
///
/// # Errors
/// A file cannot be removed.
fn withdraw(plan: &Plan, ledger: &Ledger) -> Result<(), SysError> {
    let mut archives = BTreeSet::new();
    for step in &plan.steps {
        match &step.action {
            Action::Package(package) => {
                archives.insert(&package.archive);
                let path = Utf8Path::new(&package.archive);
                if ledger.file(path).is_none() {
                    fs::remove_file(path)?;
                    fs::remove_file(&checksum::path_beside(path))?;
                }
            }
            Action::WriteManifest(step) if step.lists.iter().any(|one| archives.contains(one)) => {
                fs::remove_file(Utf8Path::new(&step.file))?;
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(error: EngineError, is_consequence: bool) -> Failure<EngineError> {
        Failure { step: 0, cause: Cause::Error(error), is_consequence }
    }

    /// What a run with these failures ends with, in order of time.
    fn ends(failures: Vec<Failure<EngineError>>, is_interrupted: bool) -> Option<EngineError> {
        let report = Report { done: Vec::new(), failures, unstarted: Vec::new(), is_interrupted };
        outcome(report, is_interrupted.then_some(SysError::Interrupted), |_| "place:x".to_owned())
            .err()
    }

    fn refusal() -> Failure<EngineError> {
        failure(EngineError::Findings(Vec::new()), false)
    }

    fn other() -> Failure<EngineError> {
        failure(EngineError::NotMade { file: "/f".into() }, false)
    }

    #[test]
    fn all_errors_of_a_run_are_kept_and_the_first_decides_the_exit_code() {
        assert!(ends(Vec::new(), false).is_none());
        let stopped = || failure(SysError::Stopped.into(), true);
        let one = ends(vec![other(), stopped()], false).unwrap();
        assert!(matches!(one, EngineError::NotMade { .. }), "{one}");
        for (failures, code) in [
            (vec![other(), refusal()], ExitCode::Bug),
            (vec![refusal(), stopped(), other()], ExitCode::Verification),
        ] {
            let all = ends(failures, false).unwrap();
            assert!(all.is_refusal() && all.to_string().contains("/f: no step made it"), "{all}");
            assert_eq!(all.exit_code(), code);
        }
    }

    #[test]
    fn an_interrupt_counts_more_than_what_fails_because_of_it() {
        let error = ends(vec![other()], true).unwrap();
        assert!(SysError::stop_in(&error).is_some_and(SysError::is_interrupt), "{error}");
    }

    #[test]
    fn a_panic_is_an_error_that_names_its_step() {
        let panic = Failure { step: 0, cause: Cause::Panic("oh".into()), is_consequence: false };
        let error = ends(vec![panic], false).unwrap();
        assert!(error.to_string().starts_with("place:x: panicked: oh\n"), "{error}");
        assert_eq!(error.exit_code(), ExitCode::Bug);
    }
}
