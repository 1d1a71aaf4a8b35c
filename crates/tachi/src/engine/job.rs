//! A job: a step that runs, with what all steps of the run share.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{Plan, Step};

use super::error::EngineError;
use super::fresh::{Placed, PlacedIndex};
use super::ledger::Ledger;
use super::provider::Provider;
use crate::facts::Facts;
use crate::plan::{Planned, Resolved};
use crate::request::{Goal, Request};
use crate::session::Session;
use crate::sys::SysError;
use crate::sys::interrupt::Interrupt;
use crate::sys::jobserver::Jobserver;
use crate::toolchain::ToolchainError;
use crate::toolchain::provision::Provision;
use crate::verify::expectations::Expectations;
use crate::verify::{Finding, Severity};

/// What the steps of a run share, and what they hand on to each other.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) resolved: &'a Resolved,
    pub(super) request: &'a Request,
    pub(super) facts: &'a Facts,
    pub(super) session: &'a Session,
    pub(super) expectations: Expectations<'a>,
    pub(super) ledger: Ledger,
    /// The cores of this machine, shared with cargo.
    pub(super) jobserver: &'a Jobserver,
    /// The compiler cache, where there is one, answers.
    pub(super) cache_answers: bool,
    /// The names of all members by their ids.
    pub(super) members: BTreeMap<String, String>,
    /// The versions of all members by their names.
    pub(super) versions: BTreeMap<String, String>,
}

impl<'a> Run<'a> {
    /// Gathers what the steps of `planned` need.
    pub(super) fn new(
        planned: &'a Planned,
        request: &'a Request,
        facts: &'a Facts,
        session: &'a Session,
        jobserver: &'a Jobserver,
        cache_answers: bool,
    ) -> Self {
        let members = || facts.workspace.graph.workspace().iter();
        let name = |member: guppy::graph::PackageMetadata<'_>| member.name().to_owned();
        Self {
            plan: &planned.plan,
            resolved: &planned.resolved,
            request,
            facts,
            session,
            expectations: super::expectations(planned, request.goal, facts, session),
            ledger: Ledger::default(),
            jobserver,
            cache_answers,
            members: members().map(|one| (one.id().repr().to_owned(), name(one))).collect(),
            versions: members().map(|one| (name(one), one.version().to_string())).collect(),
        }
    }

    /// The folder of the finished files and their manifest.
    pub(super) fn finished_root(&self) -> &'a Utf8Path {
        &self.resolved.layout.finished
    }
}

/// A step that runs.
pub(super) struct Job<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) step: &'a Step,
    /// The session of the run, with the interrupt of its steps.
    session: Session,
    emit: &'a (dyn Fn(Event) + Sync),
}

impl<'a> Job<'a> {
    /// A step of `run`, which ends once `interrupt` is raised.
    pub(super) fn new(
        run: &'a Run<'a>,
        step: &'a Step,
        interrupt: &Interrupt,
        emit: &'a (dyn Fn(Event) + Sync),
    ) -> Self {
        let session = Session { interrupt: interrupt.clone(), ..run.session.clone() };
        Self { run, step, session, emit }
    }

    /// The session that the step runs in.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Raised once the step need not finish.
    pub(super) fn interrupt(&self) -> &Interrupt {
        &self.session.interrupt
    }

    /// # Errors
    /// The user, or another step's failure, stops the run.
    pub(super) fn check(&self) -> Result<(), SysError> {
        self.interrupt().check()
    }

    /// Says what happened in this step.
    pub(super) fn emit(&self, event: Event) {
        (self.emit)(event);
    }

    /// What brings tools for this step.
    pub(super) fn provider(&self) -> Provider<'_> {
        Provider {
            facts: self.run.facts,
            session: &self.session,
            offline: self.run.request.lock.offline,
            why: Some(&self.step.why),
            emit: self.emit,
        }
    }

    /// Brings something, saying why this step needs it.
    pub(super) fn provision<T>(
        &self,
        bring: impl FnOnce(&mut Provision<'_>) -> Result<T, ToolchainError>,
    ) -> Result<T, ToolchainError> {
        self.provider().provision(bring)
    }

    /// Reports finished files, remembers them, and stops a release that has errors among the
    /// findings.
    pub(super) fn settle(
        &self,
        target: &str,
        placed: Vec<Placed>,
        index: &PlacedIndex,
    ) -> Result<Outcome, EngineError> {
        let all_fresh = placed.iter().all(|placed| placed.fresh);
        if !all_fresh {
            index.write()?;
        }
        let mut findings = Vec::new();
        for Placed { path, file, fresh, findings: found } in placed {
            findings.extend(found.into_iter().map(|finding| (path.clone(), finding)));
            self.run.ledger.finished(&path, file.clone());
            self.emit(Event::Finished { path: path.into(), file, fresh });
        }
        self.report(target, findings)?;
        Ok(if all_fresh { Outcome::Fresh } else { Outcome::Done })
    }

    /// Tells of findings, and stops a release that has errors among them.
    pub(super) fn report(
        &self,
        target: &str,
        findings: Vec<(Utf8PathBuf, Finding)>,
    ) -> Result<(), EngineError> {
        for (path, finding) in &findings {
            self.emit(Event::Finding {
                path: path.to_string(),
                target: Some(target.to_owned()),
                finding: finding.clone(),
            });
        }
        let is_error = |(_, finding): &(_, Finding)| finding.severity == Severity::Error;
        let errors: Vec<_> = findings.into_iter().filter(is_error).collect();
        if self.run.request.goal == Goal::Dist && !errors.is_empty() {
            return Err(EngineError::Findings(errors));
        }
        Ok(())
    }
}
