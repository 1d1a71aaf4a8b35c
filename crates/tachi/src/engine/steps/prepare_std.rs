//! Provides the standard library of a target.

use tachi_schema::event::Outcome;
use tachi_schema::plan::{PrepareStd, StdSource};

use crate::engine::claim::{Claim, Resource};
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::engine::provider::Provider;
use crate::toolchain::provision::std;

/// rustup, which is not made for two at once: its own files would conflict.
const RUSTUP: Resource = Resource("rustup");

/// Cargo where std is built from source, and the network in any case.
pub(in crate::engine) fn claim(step: &PrepareStd) -> Claim {
    match step.source {
        StdSource::Source => Claim { network: true, ..Claim::CARGO },
        _ => Claim { network: true, exclusive: Some(RUSTUP), ..Claim::default() },
    }
}

/// Fetches or builds std, unless this machine has it.
///
/// # Errors
/// It can neither be fetched nor be built.
pub(in crate::engine) fn run(step: &PrepareStd, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let (facts, places) = (job.run.facts, job.run.facts.places());
    // Only the user stops rustup: a toolchain that is half installed takes no more targets.
    let session = if step.source == StdSource::Rustup { job.run.session } else { job.session() };
    let provider = Provider { session, ..job.provider() };
    for kit in job.run.resolved.kits.iter().filter(|kit| kit.target == step.target) {
        provider.provision(|provision| std::provide(provision, kit, &facts.toolchain, &places))?;
    }
    Ok(Outcome::Done)
}
