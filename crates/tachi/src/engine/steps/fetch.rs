//! Fetches zig.

use tachi_schema::event::Outcome;
use tachi_schema::plan::Fetch;

use crate::engine::claim::Claim;
use crate::engine::error::EngineError;
use crate::engine::job::Job;

/// The network.
pub(in crate::engine) fn claim(_: &Fetch) -> Claim {
    Claim { network: true, ..Claim::default() }
}

/// Fetches the tool, unless this machine has it.
///
/// # Errors
/// It cannot be fetched.
pub(in crate::engine) fn run(_: &Fetch, job: &Job<'_>) -> Result<Outcome, EngineError> {
    job.provision(|provision| job.run.facts.zig(provision))?;
    Ok(Outcome::Done)
}
