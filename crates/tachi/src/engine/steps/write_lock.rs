//! Writes `tachi.lock`.

use tachi_schema::event::Outcome;
use tachi_schema::plan::WriteLock;

use crate::engine::claim::Claim;
use crate::engine::error::EngineError;
use crate::engine::job::Job;

/// Nothing: the file is a few lines long.
pub(in crate::engine) fn claim(_: &WriteLock) -> Claim {
    Claim::default()
}

/// Writes the file, unless another process wrote it after the plan was made.
///
/// # Errors
/// The file cannot be written.
pub(in crate::engine) fn run(_: &WriteLock, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let facts = job.run.facts;
    facts.pins.write_if_missing(facts.workspace.root())?;
    Ok(Outcome::Done)
}
