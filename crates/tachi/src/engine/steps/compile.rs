//! Calls cargo.

use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::Compile;

use crate::cargo::expect::Produced;
use crate::cargo::invoke::{self, Compiled, Invocation, Presentation};
use crate::engine::claim::Claim;
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::toolchain::{wire, word, wrappers};

/// Cargo. One runs at a time: two in one target folder wait for each other.
pub(in crate::engine) fn claim(_: &Compile) -> Claim {
    Claim::CARGO
}

/// Makes the call.
///
/// # Errors
/// The compilation fails, or cargo makes other files than the plan expects.
pub(in crate::engine) fn run(step: &Compile, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let run = job.run;
    if step.rustc_wrapper.is_some() {
        wrappers::write_rustc(&run.facts.places(), &job.session().driver)?;
    }
    let listener = word::Listener::open();
    // Another Tachi may use the same wrappers at the same time.
    let driver = job.session().driver.as_str();
    let mut command = step.command.clone().env(wire::DRIVER, driver);
    if let Some((variable, folder)) = listener.variable() {
        command = command.env(variable, folder);
    }
    if let Some(cache) = step.compiler_cache.as_ref().filter(|_| !run.cache_answers) {
        command.env.remove(&cache.variable);
    }
    let invocation = Invocation {
        command: &command,
        jobserver: run.jobserver,
        targets: &step.targets,
        expected: &step.expected,
        members: &run.members,
        presentation: Presentation {
            color: run.request.color,
            short: run.request.short_diagnostics,
        },
    };
    let hear = |message| job.emit(Event::Notice { message });
    let invoked = listener
        .listen(&hear, || invoke::invoke(invocation, job.interrupt(), &|event| job.emit(event)));
    let Compiled { files, scripts } = invoked?;
    let fresh = files.iter().all(|file| file.fresh);
    for Produced { artifact, path, fresh } in files.iter().filter(|one| one.artifact.kind.is_test())
    {
        let (artifact, path, fresh) = (artifact.clone(), path.to_string(), *fresh);
        job.emit(Event::TestExecutable { artifact, path, fresh });
    }
    run.ledger.compiled(files, scripts);
    Ok(if fresh { Outcome::Fresh } else { Outcome::Done })
}
