//! Runs the programs of a target.

use tachi_schema::event::Outcome;
use tachi_schema::plan::Smoke;

use crate::engine::claim::{Claim, Resource};
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::engine::proof;

/// What runs programs of other machines here.
const RUNNER: Resource = Resource("runner");

/// A core, and this machine's runners for itself: wine has one prefix, and an emulated program
/// that waits for a core may run out of time.
pub(in crate::engine) fn claim(_: &Smoke) -> Claim {
    Claim { exclusive: Some(RUNNER), ..Claim::CORE }
}

/// Runs the programs, or says that nothing here does.
///
/// # Errors
/// A program does not start or answer, and that stops the release; or the user interrupted.
pub(in crate::engine) fn run(smoke: &Smoke, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let run = job.run;
    let findings = proof::run(
        smoke,
        &smoke.calls,
        run.resolved.runners.get(&smoke.target),
        run.expectations.policy(&smoke.target),
        &job.provider(),
    )?;
    job.report(&smoke.target, findings)?;
    Ok(Outcome::Done)
}
