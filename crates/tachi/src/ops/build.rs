//! Building, testing or releasing a workspace: a request with its facts and its plan, ready to run.
//!
//! 1. [`facts::gather()`]: what is true of this machine and workspace.
//! 2. [`plan::build()`]: what is done, in which order and why.
//! 3. A release of changes that no commit holds is refused, unless the request allows it.
//! 4. [`engine::run()`]: does it, and reports it in events.
//! 5. Where rustup turns out not to have a standard library, the plan is made once more, with std
//!    from its source, and run.

use tachi_schema::event::{Envelope, Event};
use tachi_schema::plan::{Action, Plan, Step};

use super::Error;
use crate::engine;
use crate::facts::{self, Facts};
use crate::plan::{self, Planned};
use crate::request::Request;
use crate::session::Session;
use crate::stream::EventStream;
use crate::vcs::VcsError;

/// What was asked for, what is true here, and what would be done.
///
/// ```
/// use tachi::{Packages, Prepared, Request, Session};
///
/// # fn main() -> Result<(), tachi::Error> {
/// let session = Session::of_this_process()?;
/// let packages = Packages { include: vec!["cargo-tachi".into()], ..Packages::default() };
/// let prepared = Prepared::new(Request { packages, ..Request::default() }, &session)?;
/// print!("{}", tachi::ops::plan::screen(prepared.plan()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Prepared {
    /// What was asked for.
    pub(crate) request: Request,
    /// What is true of this machine and workspace.
    pub(crate) facts: Facts,
    /// What would be done.
    pub(crate) planned: Planned,
}

impl Prepared {
    /// Looks around and plans. Changes nothing.
    ///
    /// # Errors
    /// Something was asked for that does not exist or cannot be done here.
    pub fn new(request: Request, session: &Session) -> Result<Self, Error> {
        let facts = facts::gather(&request, session)?;
        let planned = plan::build(&request, &facts)?;
        Ok(Self { request, facts, planned })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.planned.plan
    }

    /// Runs only the steps that bring what is missing for the targets.
    ///
    /// # Errors
    /// Something cannot be fetched or built; the error says what else can be done.
    pub fn install(
        mut self,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<(), Error> {
        let brings = |step: &Step| {
            matches!(step.action, Action::Fetch(_) | Action::AssembleKit(_) | Action::PrepareStd(_))
        };
        self.planned.plan.steps.retain(brings);
        EventStream::run(emit, Some(&self.planned.plan), Error::code, |stream| {
            Ok(engine::run(&self.planned, &self.request, &self.facts, session, stream)?)
        })
    }

    /// Runs the plan. `emit` is called from several threads, one at a time.
    ///
    /// Where rustup turns out not to have a standard library, and the compiler's own source is
    /// here, a second plan builds the library from source.
    ///
    /// # Errors
    /// The first step that fails.
    pub fn run(
        &mut self,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<(), Error> {
        self.check_sources()?;
        let plan = self.planned.plan.clone();
        EventStream::run(emit, Some(&plan), Error::code, |stream| self.run_in(session, stream))
    }

    /// Makes sure that others can get the sources of what is released.
    ///
    /// # Errors
    /// Some of it is in no commit, and the request does not allow that.
    pub(crate) fn check_sources(&self) -> Result<(), VcsError> {
        if self.facts.changes.is_empty() || self.request.allow_dirty {
            return Ok(());
        }
        let root = self.facts.workspace.root().to_owned();
        Err(VcsError::Dirty { root, changes: self.facts.changes.clone() })
    }

    /// Runs the plan as a part of the run that `stream` reports.
    pub(crate) fn run_in(
        &mut self,
        session: &Session,
        stream: &EventStream<'_>,
    ) -> Result<(), Error> {
        let result = engine::run(&self.planned, &self.request, &self.facts, session, stream);
        let toolchain = &mut self.facts.toolchain;
        let may_build_std = toolchain.rust_src.is_some() && toolchain.rustup_toolchain.is_some();
        match result {
            Err(error) if may_build_std && error.is_no_std() => {
                toolchain.rustup_toolchain = None;
                self.planned = plan::build(&self.request, &self.facts)?;
                stream.emit(Event::PlanChanged {
                    plan: Box::new(self.planned.plan.clone()),
                    reason: format!("{error}\n  building it from source instead"),
                });
                Ok(engine::run(&self.planned, &self.request, &self.facts, session, stream)?)
            }
            other => Ok(other?),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::Mutex;

    use camino::Utf8Path;

    use super::*;
    use crate::exit_code::ExitCode;
    use crate::sys::fs;

    #[test]
    fn a_run_whose_plan_changes_has_one_beginning_and_one_end() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let write = |name: &str, text: &str| {
            fs::write_new(&root.join(name), 0o755, &mut text.as_bytes()).unwrap();
        };
        fs::create_dir_all(&root.join("src")).unwrap();
        write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[workspace]\n");
        write("src/main.rs", "fn main() {}");
        write("rustup", "#!/bin/sh\nexit 1\n");
        let session = Session::of_this_process().unwrap();
        let request =
            Request { manifest_path: Some(root.join("Cargo.toml")), ..Request::default() };
        let mut prepared = Prepared::new(request, &session).unwrap();
        // As if the sysroot were empty, rustup could not bring std, and its source were here.
        let toolchain = &mut prepared.facts.toolchain;
        toolchain.installed_std.clear();
        toolchain.rustup = Some(root.join("rustup"));
        toolchain.rustup_toolchain = Some("stable".into());
        toolchain.rust_src = Some(root.to_owned());
        prepared.planned = plan::build(&prepared.request, &prepared.facts).unwrap();
        let events = Mutex::new(Vec::new());
        let result = prepared.run(&session, &|envelope| {
            // The second plan need not be carried out.
            if matches!(envelope.event, Event::PlanChanged { .. }) {
                session.interrupt.raise();
            }
            events.lock().unwrap().push(envelope.event);
        });
        assert_eq!(result.unwrap_err().exit_code(), ExitCode::Interrupted);
        let events = events.into_inner().unwrap();
        let count = |is: fn(&Event) -> bool| events.iter().filter(|one| is(one)).count();
        assert_eq!(count(|one| matches!(one, Event::Started { .. })), 1, "{events:#?}");
        assert_eq!(count(|one| matches!(one, Event::PlanChanged { .. })), 1, "{events:#?}");
        let end = events.last().unwrap();
        assert!(matches!(end, Event::Ended { success: false, code: 130, .. }), "{end:?}");
    }
}
