//! One program of a workspace, built for one target and run here: `cargo tachi run`.
//!
//! 1. [`facts::gather()`]: what is true of this machine and workspace.
//! 2. `choose::one`: the program that is meant, by cargo's rules.
//! 3. [`plan::build()`]: how it is built.
//! 4. `plan::runner::choose`: what runs it.
//! 5. [`Prepared::run`]: builds it.
//! 6. `Provider::runner`: brings what the runner needs.
//! 7. [`Variables::add`](crate::workspace::variables::Variables::add): what cargo tells a program.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Envelope;
use tachi_schema::plan::{Action, Artifact, Plan};

use super::{Error, Prepared};
use crate::engine::provider::Provider;
use crate::facts;
use crate::plan;
use crate::request::{Goal, Request};
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::env::Environment;
use crate::sys::{Command, run as process};
use crate::target::catalogue;
pub use crate::toolchain::runner::Choice;

mod choose;
mod error;

pub use error::RunError;

/// A program that can be built and run.
///
/// ```no_run
/// # fn main() -> Result<(), tachi::Error> {
/// let session = tachi::Session::of_this_process()?;
/// let runnable = tachi::Builder::new()
///     .target("x86_64-pc-windows-msvc")
///     .request(|request| request.cargo_targets.bin = vec!["app".into()])
///     .runnable(&session)?;
/// println!("run by {}: {}", runnable.runner().runner.name(), runnable.runner().reason);
/// let command = runnable.build(&session, &|_event| {})?.arg("--version");
/// println!("{command}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Runnable {
    prepared: Prepared,
    choice: Choice,
    program: Artifact,
    file: Utf8PathBuf,
}

impl Runnable {
    /// Finds the one program that `request` means, and what runs it. Changes nothing.
    ///
    /// # Errors
    /// The request means no program, or several, or several targets; nothing here runs such
    /// programs; or the build cannot be planned.
    pub fn new(request: Request, session: &Session) -> Result<Self, Error> {
        let mut request = Request { goal: Goal::Run, ..request };
        let facts = facts::gather(&request, session)?;
        request.cargo_targets = choose::one(&facts.workspace, &facts.package_settings, &request)?;
        let planned = plan::build(&request, &facts)?;
        let [target] = planned.plan.targets.as_slice() else {
            return Err(RunError::SeveralTargets.into());
        };
        let row = catalogue::find(&target.triple).expect("plans have the catalogue's targets only");
        let choice = plan::runner::choose(row, &facts)?.map_err(RunError::from)?;
        let (program, file) = placed(&planned.plan).ok_or(RunError::NoProgram)?;
        Ok(Self { prepared: Prepared { request, facts, planned }, choice, program, file })
    }

    /// What will be done to build it.
    pub fn plan(&self) -> &Plan {
        self.prepared.plan()
    }

    /// What will run it, and why.
    pub fn runner(&self) -> &Choice {
        &self.choice
    }

    /// Builds it, makes its runner ready, and returns the command that runs it: with cargo's
    /// variables, in the current directory, and so far without arguments for the program.
    ///
    /// # Errors
    /// A step of the build fails, or the runner cannot be made ready.
    pub fn build(
        mut self,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<Command, Error> {
        let plan = self.plan().clone();
        EventStream::run(emit, Some(&plan), Error::code, |stream| self.build_in(session, stream))
    }

    fn build_in(&mut self, session: &Session, stream: &EventStream<'_>) -> Result<Command, Error> {
        self.prepared.run_in(session, stream)?;
        let emit = |event| stream.emit(event);
        let facts = &self.prepared.facts;
        let offline = self.prepared.request.lock.offline;
        let provider = Provider { facts, session, offline, why: None, emit: &emit };
        let ready = provider.runner(&self.choice.runner)?;
        let command = ready.command(&as_cargo_calls_it(&self.file, &session.environment));
        Ok(facts.variables().add(command, &self.program.package))
    }
}

/// Replaces this process by `command`, which keeps its input and output. Returns only if that fails.
pub fn exec(command: &Command) -> Error {
    process::exec(command).into()
}

/// The one program that the plan makes, and where.
fn placed(plan: &Plan) -> Option<(Artifact, Utf8PathBuf)> {
    plan.steps.iter().find_map(|step| match &step.action {
        Action::Place(place) => {
            let file = place.files.first()?;
            Some((file.artifact.clone(), file.to.clone().into()))
        }
        _ => None,
    })
}

/// The path of a program, from the current directory where it is below that.
fn as_cargo_calls_it(file: &Utf8Path, environment: &Environment) -> Utf8PathBuf {
    match file.strip_prefix(environment.current_dir()) {
        Ok(path) if path.file_name() == Some(path.as_str()) => Utf8Path::new(".").join(path),
        Ok(path) => path.to_owned(),
        Err(_) => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_by_the_shortest_path_that_is_one() {
        for (file, expected) in [
            ("/w/target/app", "target/app"),
            ("/w/app", "./app"),
            ("/elsewhere/app", "/elsewhere/app"),
        ] {
            let called = as_cargo_calls_it(file.into(), &Environment::new([], "/w"));
            assert_eq!(called, expected);
        }
    }
}
