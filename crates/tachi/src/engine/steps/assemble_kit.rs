//! Assembles the kit of a target.

use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::AssembleKit;

use crate::engine::claim::{Claim, Resource};
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::toolchain::assemble::Assembly;

/// What several kits share: stubs of one SDK.
const PARTS: Resource = Resource("parts of kits");

/// A core, and the parts that kits share.
pub(in crate::engine) fn claim(_: &AssembleKit) -> Claim {
    Claim { exclusive: Some(PARTS), ..Claim::CORE }
}

/// Writes the files of the kit that are not there yet.
///
/// # Errors
/// zig fails, or a file cannot be written.
pub(in crate::engine) fn run(step: &AssembleKit, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let run = job.run;
    // The step before has fetched it; this only finds it.
    let zig = job.provision(|provision| run.facts.zig(provision))?;
    let assembly = Assembly {
        places: &run.facts.places(),
        zig: &zig,
        driver: &job.session().driver,
        interrupt: job.interrupt(),
        say: &|message| job.emit(Event::Notice { message }),
    };
    for kit in run.resolved.kits.iter().filter(|kit| kit.target == step.target) {
        assembly.assemble(kit)?;
        if kit.is_makeshift() {
            let message = format!("{}: {}", kit.target, kit.reason);
            job.emit(Event::Warning { message });
        }
    }
    Ok(Outcome::Done)
}
