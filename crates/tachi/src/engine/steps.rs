//! The steps of a run: a file for each action says what the step claims and how it is done. The
//! plan has a file of the same name for each, which says why the step is there.

use tachi_schema::event::Outcome;
use tachi_schema::plan::Action;

use super::claim::Claim;
use super::error::EngineError;
use super::job::Job;

mod assemble_kit;
mod compile;
mod fetch;
mod join;
mod package;
mod place;
mod prepare_std;
mod smoke;
mod test;
mod write_lock;
mod write_manifest;

/// What a step needs for itself while it runs.
pub(super) fn claim(action: &Action) -> Claim {
    match action {
        Action::Fetch(step) => fetch::claim(step),
        Action::AssembleKit(step) => assemble_kit::claim(step),
        Action::PrepareStd(step) => prepare_std::claim(step),
        Action::WriteLock(step) => write_lock::claim(step),
        Action::Compile(step) => compile::claim(step),
        Action::Place(step) => place::claim(step),
        Action::Join(step) => join::claim(step),
        Action::Test(step) => test::claim(step),
        Action::Smoke(step) => smoke::claim(step),
        Action::Package(step) => package::claim(step),
        Action::WriteManifest(step) => write_manifest::claim(step),
        _ => Claim::default(),
    }
}

/// Runs one step.
///
/// # Errors
/// The step failed.
pub(super) fn run(job: &Job<'_>) -> Result<Outcome, EngineError> {
    job.check()?;
    match &job.step.action {
        Action::Fetch(step) => fetch::run(step, job),
        Action::AssembleKit(step) => assemble_kit::run(step, job),
        Action::PrepareStd(step) => prepare_std::run(step, job),
        Action::WriteLock(step) => write_lock::run(step, job),
        Action::Compile(step) => compile::run(step, job),
        Action::Place(step) => place::run(step, job),
        Action::Join(step) => join::run(step, job),
        Action::Test(step) => test::run(step, job),
        Action::Smoke(step) => smoke::run(step, job),
        Action::Package(step) => package::run(step, job),
        Action::WriteManifest(step) => write_manifest::run(step, job),
        _ => {
            let message = format!("{}: there is no such action", job.step.id);
            Err(EngineError::Plan { message })
        }
    }
}
