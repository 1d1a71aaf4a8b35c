//! What each step does: one `match` over the plan's actions.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::{Event, Outcome};
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::{
    Action, Artifact, JoinedFile, PackedFile, PlacedFile, Plan, Signer, StdSource, Step,
};

use super::error::EngineError;
use super::join;
use super::manifest;
use super::place::{Basis, Destination, Record};
use crate::cargo::expect::Produced;
use crate::cargo::invoke::{self, Compiled, Invocation, Presentation};
use crate::cargo::messages::ScriptOutput;
use crate::facts::Facts;
use crate::package::{archive, checksum};
use crate::plan::Planned;
use crate::request::Request;
use crate::session::Session;
use crate::sys::{Command, fs};
use crate::testing::target::TargetTests;
use crate::toolchain::provision::{self, Notice, Provision};
use crate::toolchain::runner::Runner;
use crate::toolchain::{Kit, ToolchainError, assemble, wire, word, wrappers};
use crate::verify::check::Wanted;
use crate::verify::held::Held;

/// All that steps have in common, and what they hand on to each other.
pub struct Context<'a> {
    pub(super) plan: &'a Plan,
    kits: &'a [Kit],
    pub(super) runners: &'a BTreeMap<String, Runner>,
    pub(super) held: Held<'a>,
    pub(super) request: &'a Request,
    pub(super) facts: &'a Facts,
    pub(super) session: &'a Session,
    sccache: bool,
    members: BTreeMap<String, String>,
    versions: BTreeMap<String, String>,
    made: Mutex<Made>,
}

/// What steps made, for those after them.
#[derive(Default)]
pub(super) struct Made {
    compiled: BTreeMap<Artifact, Produced>,
    scripts: Vec<ScriptOutput>,
    pub(super) finished: Vec<File>,
    pub(super) packages: Vec<File>,
}

impl<'a> Context<'a> {
    /// Gathers what the steps of `plan` need.
    pub fn new(
        planned: &'a Planned,
        request: &'a Request,
        facts: &'a Facts,
        session: &'a Session,
        sccache: bool,
    ) -> Self {
        let members = || facts.workspace.graph.workspace().iter();
        Self {
            plan: &planned.plan,
            kits: &planned.kits,
            runners: &planned.runners,
            held: Held::new(planned, request.goal, facts),
            request,
            facts,
            session,
            sccache,
            members: members()
                .map(|one| (one.id().repr().to_owned(), one.name().to_owned()))
                .collect(),
            versions: members()
                .map(|one| (one.name().to_owned(), one.version().to_string()))
                .collect(),
            made: Mutex::default(),
        }
    }

    pub(super) fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One step at work.
pub struct StepRun<'a> {
    context: &'a Context<'a>,
    /// Where the step's events go.
    pub(super) emit: &'a (dyn Fn(Event) + Sync),
}

impl<'a> Deref for StepRun<'a> {
    type Target = Context<'a>;

    fn deref(&self) -> &Context<'a> {
        self.context
    }
}

impl<'a> StepRun<'a> {
    /// A step that tells of itself through `emit`.
    pub fn new(context: &'a Context<'a>, emit: &'a (dyn Fn(Event) + Sync)) -> Self {
        Self { context, emit }
    }

    /// Does the step's work.
    ///
    /// # Errors
    /// What the step was to do could not be done.
    pub fn run(&self, step: &Step) -> Result<Outcome, EngineError> {
        self.session.interrupt.check()?;
        match &step.action {
            Action::FetchTool { .. } => self.bring_zig(step),
            Action::PrepareStd { target, .. } => self.bring_std(step, target),
            Action::Compile { targets, command, expected } => {
                self.compile(targets, command, expected)
            }
            Action::Place { target, files, stamp, signer } => {
                self.place(target, files, stamp, signer.as_ref())
            }
            Action::Join { target, files } => self.join(target, files),
            Action::Test { target, runner, reason, executables, nextest, archive } => {
                let made = self.made();
                let of_target =
                    made.compiled.values().filter(|file| file.artifact.target == *target);
                let (compiled, scripts) = (of_target.cloned().collect(), made.scripts.clone());
                drop(made);
                TargetTests {
                    target,
                    runner_name: runner.as_deref(),
                    runner: self.runners.get(target),
                    reason,
                    executables,
                    nextest: nextest.as_ref(),
                    archive: archive.as_ref(),
                    std: self.std_of(target),
                    compiled,
                    scripts,
                    request: self.request,
                    facts: self.facts,
                    session: self.session,
                    emit: self.emit,
                }
                .run()
            }
            Action::Smoke { target, reason, calls, .. } => self.smoke(target, reason, calls),
            Action::Package { target, package, archive, contents } => self
                .package(target, package, Utf8Path::new(archive), contents)
                .map_err(in_packaging),
            Action::WriteManifest { file } => self.manifest(step, Utf8Path::new(file)),
        }
    }

    /// Brings zig and writes the wrappers through which cargo calls it.
    fn bring_zig(&self, step: &Step) -> Result<Outcome, EngineError> {
        let (facts, places) = (self.facts, self.facts.places());
        let zig = self.provision(step, |provision| facts.zig(provision))?;
        let maker = assemble::Assembly {
            places: &places,
            zig: &zig,
            driver: &self.session.driver,
            interrupt: &self.session.interrupt,
        };
        for kit in self.kits {
            maker.assemble(kit)?;
            if kit.is_makeshift() {
                let message = format!("{}: {}", kit.target, kit.reason);
                (self.emit)(Event::Warning { message });
            }
        }
        if !self.request.lock.locked {
            facts.pins.write_if_missing(facts.workspace.root())?;
        }
        Ok(Outcome::Done)
    }

    fn bring_std(&self, step: &Step, target: &str) -> Result<Outcome, EngineError> {
        let (toolchain, places) = (&self.facts.toolchain, self.facts.places());
        for kit in self.kits.iter().filter(|kit| kit.target == target) {
            self.provision(step, |provision| {
                provision::std::provide(provision, kit, toolchain, &places)
            })?;
        }
        Ok(Outcome::Done)
    }

    fn provision<T>(
        &self,
        step: &Step,
        bring: impl FnOnce(&mut Provision<'_>) -> Result<T, ToolchainError>,
    ) -> Result<T, ToolchainError> {
        let mut notice = |notice| {
            (self.emit)(match notice {
                Notice::Doing(what) => Event::Notice { message: format!("{what} ({})", step.why) },
                Notice::Said(line) => Event::Output { status: true, line },
            });
        };
        bring(&mut Provision {
            environment: &self.session.environment,
            cache_dir: &self.facts.cache_dir,
            offline: self.request.lock.offline,
            interrupt: &self.session.interrupt,
            notice: &mut notice,
        })
    }

    fn compile(
        &self,
        targets: &[String],
        command: &Command,
        expected: &[Artifact],
    ) -> Result<Outcome, EngineError> {
        // Another Tachi may use the same wrappers at the same time.
        let driver = self.session.driver.as_str();
        let listener = word::Listener::open()?;
        let (variable, folder) = listener.variable()?;
        let mut command = command.clone().env(wire::DRIVER, driver).env(variable, folder);
        let places = self.facts.places();
        let wrapper = places.rustc_wrapper().into_string();
        if command.env.get("RUSTC_WRAPPER") == Some(&Some(wrapper)) {
            wrappers::write_rustc(&places, &self.session.driver)?;
        }
        if let Some(sccache) = &self.facts.sccache_wrapper {
            if self.sccache {
                // A server that dies half-way must not fail the build.
                command = command.env("SCCACHE_IGNORE_SERVER_IO_ERROR", "1");
            } else {
                command.env.retain(|_, value| value.as_deref() != Some(sccache.as_str()));
            }
        }
        let presentation =
            Presentation { color: self.request.color, short: self.request.short_diagnostics };
        let members = &self.members;
        let invocation = Invocation { command: &command, targets, expected, members, presentation };
        let hear = |message| (self.emit)(Event::Notice { message });
        let invoked = listener
            .listen(&hear, || invoke::invoke(invocation, &self.session.interrupt, self.emit));
        let Compiled { files, scripts } = invoked?;
        let fresh = files.iter().all(|file| file.fresh);
        for Produced { artifact, path, fresh } in
            files.iter().filter(|one| one.artifact.kind.is_test())
        {
            let (artifact, path, fresh) = (artifact.clone(), path.to_string(), *fresh);
            (self.emit)(Event::TestExecutable { artifact, path, fresh });
        }
        let mut made = self.made();
        made.compiled.extend(files.into_iter().map(|file| (file.artifact.clone(), file)));
        made.scripts.extend(scripts);
        drop(made);
        Ok(if fresh { Outcome::Fresh } else { Outcome::Done })
    }

    fn place(
        &self,
        target: &str,
        files: &[PlacedFile],
        stamp: &BTreeMap<String, String>,
        signer: Option<&Signer>,
    ) -> Result<Outcome, EngineError> {
        let wanted = self.held.wanted(target);
        let basis =
            Basis { stamp: stamp.clone(), signer: signer.cloned(), held: self.held.digest(target) };
        let root = finished_root(self.plan);
        let destination = self.destination(&root, wanted, &basis);
        let folder = root.join(target);
        let mut record = Record::read(&folder);
        let mut placed = Vec::with_capacity(files.len());
        for file in files {
            self.session.interrupt.check()?;
            let source =
                self.made().compiled.get(&file.artifact).map(|produced| produced.path.clone());
            // The plan's own order guarantees it; cargo's messages were reconciled with it.
            let Some(source) = source else { continue };
            placed.push(destination.place(file, &source, &mut record)?);
        }
        self.settle(target, placed, &record, &folder)
    }

    fn join(&self, target: &str, files: &[JoinedFile]) -> Result<Outcome, EngineError> {
        let wanted = self.held.wanted(target);
        let basis = Basis { held: self.held.digest(target), ..Basis::default() };
        let root = finished_root(self.plan);
        let destination = self.destination(&root, wanted, &basis);
        let folder = root.join(target);
        let mut record = Record::read(&folder);
        let mut joined = Vec::with_capacity(files.len());
        for file in files {
            self.session.interrupt.check()?;
            joined.push(join::join(file, &destination, &mut record)?);
        }
        self.settle(target, joined, &record, &folder)
    }

    fn destination<'b>(
        &'b self,
        root: &'b Utf8Path,
        wanted: Wanted<'b>,
        basis: &'b Basis,
    ) -> Destination<'b> {
        Destination { root, wanted, basis, session: self.session, versions: &self.versions }
    }

    fn package(
        &self,
        target: &str,
        package: &str,
        path: &Utf8Path,
        contents: &[PackedFile],
    ) -> Result<Outcome, EngineError> {
        archive::write(path, contents, self.facts.source_date_epoch)?;
        let sha256 = checksum::write_beside(path)?;
        let file = File {
            path: path.file_name().unwrap_or_default().to_owned(),
            size: fs::state(path).map_or(0, |state| state.len),
            sha256,
            target: target.to_owned(),
            package: package.to_owned(),
            version: self.versions.get(package).cloned().unwrap_or_default(),
            content: Content::Archive {
                entries: contents.iter().map(|packed| packed.name.clone()).collect(),
            },
        };
        self.made().packages.push(file.clone());
        (self.emit)(Event::Finished { path: path.to_string(), file, fresh: false });
        Ok(Outcome::Done)
    }

    fn manifest(&self, step: &Step, path: &Utf8Path) -> Result<Outcome, EngineError> {
        let made = self.made();
        let of_packages = step.needs.iter().any(|need| need.starts_with("package:"));
        let files = if of_packages { made.packages.clone() } else { made.finished.clone() };
        drop(made);
        let fresh = manifest::write(path, self.plan, files)?;
        Ok(if fresh { Outcome::Fresh } else { Outcome::Done })
    }

    /// Where the standard library of a target comes from; the compiler's for the host's own.
    fn std_of(&self, target: &str) -> StdSource {
        let planned = self.plan.targets.iter().find(|planned| planned.triple == target);
        planned.map_or(StdSource::Sysroot, |planned| planned.std)
    }
}

fn in_packaging(error: EngineError) -> EngineError {
    match error {
        EngineError::Sys { source, .. } => EngineError::Sys { source, packaging: true },
        other => other,
    }
}

/// The folder of the finished files' manifest.
pub(super) fn finished_root(plan: &Plan) -> Utf8PathBuf {
    let manifest = plan.steps.iter().find_map(|step| match &step.action {
        Action::WriteManifest { file } => Utf8Path::new(file).parent(),
        _ => None,
    });
    manifest.unwrap_or(Utf8Path::new("")).to_owned()
}
