//! The library's door: the specification's `RustBuilder`.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Envelope;
use tachi_schema::plan::{Action, Compile, Plan};

use crate::ops::rebuild::Rebuild;
use crate::ops::verify_files::Verifier;
use crate::ops::{self, Error, Prepared, Runnable};
use crate::plan::PlanError;
use crate::request::{Goal, Request, Strip};
use crate::session::Session;
use crate::sys::Command;
use crate::target::{TargetFacts, catalogue};
use crate::testing::Report;

/// Builds a workspace. Without further calls it follows the specification: profile `release`, the
/// whole workspace, sccache where it is installed.
///
/// ```no_run
/// # fn main() -> Result<(), tachi::Error> {
/// let session = tachi::Session::of_this_process()?;
/// tachi::Builder::new()
///     .target("aarch64-unknown-linux-musl")
///     .features(["telemetry"])
///     .build(&session, &|event| println!("{event:?}"))?;
/// # Ok(())
/// # }
/// ```
///
/// A program that embeds the library calls
/// [`ops::driver::answer`](crate::ops::driver::answer) first in its `main`: the
/// linker that Tachi gives to rustc is that same program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Builder {
    request: Request,
}

/// A row of the specification's table of targets.
///
/// ```
/// let first = tachi::Builder::supported_targets().next().unwrap();
/// assert_eq!((first.triple, first.platform, first.tier), ("x86_64-apple-darwin", "darwin", 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportedTarget {
    /// The rustc triple.
    pub triple: &'static str,
    /// The platform in Node's naming.
    pub platform: &'static str,
    /// The architecture in Node's naming.
    pub arch: &'static str,
    /// The specification's tier: 1 to 3.
    pub tier: u8,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// The specification's defaults.
    pub fn new() -> Self {
        let mut request = Request { profile: Some("release".into()), ..Request::default() };
        request.packages.workspace = true;
        Self { request }
    }

    /// The profile: `debug`, `release`, `test`, or any that the workspace defines.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.request.profile = Some(name.into());
        self
    }

    /// The one target: as [`targets`](Self::targets) with one. It takes the place of those that were
    /// set before.
    #[must_use]
    pub fn target(self, target: impl Into<String>) -> Self {
        self.targets([target])
    }

    /// The targets: triples, groups (`linux`, `macos`, `windows`, `tier1`), `all`, `host`. They take
    /// the place of those that were set before. Without any it is what `tachi.toml` says, else the
    /// host, as cargo builds it.
    ///
    /// ```
    /// # fn main() -> Result<(), tachi::Error> {
    /// let session = tachi::Session::of_this_process()?;
    /// let plan = tachi::Builder::new()
    ///     .targets(["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl"])
    ///     .packages(["cargo-tachi"])
    ///     .plan(&session)?;
    /// assert_eq!(plan.targets.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn targets<T: Into<String>>(mut self, targets: impl IntoIterator<Item = T>) -> Self {
        self.request.targets = targets.into_iter().map(Into::into).collect();
        self
    }

    /// The features to switch on.
    #[must_use]
    pub fn features<F: Into<String>>(mut self, features: impl IntoIterator<Item = F>) -> Self {
        self.request.features.list = features.into_iter().map(Into::into).collect();
        self
    }

    /// Whether to build all members, where no packages are named.
    #[must_use]
    pub fn workspace(mut self, all: bool) -> Self {
        self.request.packages.workspace = all;
        self
    }

    /// The packages to build instead of the workspace.
    #[must_use]
    pub fn packages<P: Into<String>>(mut self, packages: impl IntoIterator<Item = P>) -> Self {
        self.request.packages.include = packages.into_iter().map(Into::into).collect();
        self.request.packages.workspace &= self.request.packages.include.is_empty();
        self
    }

    /// What is stripped from programs and libraries, instead of what the profile says.
    #[must_use]
    pub fn strip(mut self, strip: Strip) -> Self {
        self.request.strip = Some(strip);
        self
    }

    /// The number of jobs that run at once.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.request.jobs = Some(jobs);
        self
    }

    /// Whether cargo prints each command that it runs.
    #[must_use]
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.request.verbose = u8::from(verbose);
        self
    }

    /// Whether sccache is used, where it is installed.
    #[must_use]
    pub fn sccache(mut self, wanted: bool) -> Self {
        self.request.sccache = if wanted { None } else { Some(false) };
        self
    }

    /// Whether a release may hold changes that no commit holds.
    #[must_use]
    pub fn allow_dirty(mut self, allowed: bool) -> Self {
        self.request.allow_dirty = allowed;
        self
    }

    /// The workspace, by its manifest; found from the current directory if not set.
    #[must_use]
    pub fn manifest_path(mut self, path: impl Into<Utf8PathBuf>) -> Self {
        self.request.manifest_path = Some(path.into());
        self
    }

    /// Everything else that can be asked for.
    #[must_use]
    pub fn request(mut self, change: impl FnOnce(&mut Request)) -> Self {
        change(&mut self.request);
        self
    }

    /// The plan for all that was asked.
    ///
    /// # Errors
    /// Something was asked for that does not exist or cannot be done here.
    pub fn plan(&self, session: &Session) -> Result<Plan, Error> {
        Ok(Prepared::new(self.request.clone(), session)?.planned.plan)
    }

    /// The first cargo call of the plan: its arguments are the specification's
    /// `getCargoArgs`, its environment is `getEnv`. The settings that the specification puts
    /// into `CARGO_PROFILE_RELEASE_*` are `--config` arguments here, and only for what the
    /// user has not set.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub fn cargo_command(&self, session: &Session) -> Result<Command, Error> {
        Ok(first_call(&self.plan(session)?)?.command.clone())
    }

    /// Builds. `emit` is called from several threads, one at a time, with the events of the run.
    ///
    /// # Errors
    /// It cannot be planned, or a step fails.
    pub fn build(&self, session: &Session, emit: &(dyn Fn(Envelope) + Sync)) -> Result<(), Error> {
        Prepared::new(self.request.clone(), session)?.run(session, emit)
    }

    /// Makes a release: builds, verifies and packages for all targets, into `tachi/dist` of the target
    /// folder. `Cargo.lock` stays as it is, as with `--locked`.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tachi::Error> {
    /// let session = tachi::Session::of_this_process()?;
    /// let builder = tachi::Builder::new().targets(["all"]);
    /// builder.dist(&session, &|event| println!("{event:?}"))?;
    /// assert_eq!(builder.verify(&session, &|_event| {})?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// It cannot be planned, a step fails, or verification finds errors: nothing is packaged then.
    pub fn dist(&self, session: &Session, emit: &(dyn Fn(Envelope) + Sync)) -> Result<(), Error> {
        Prepared::new(self.release(), session)?.run(session, emit)
    }

    /// Verifies the release that [`dist`](Self::dist) has made. Returns the number of findings that
    /// are errors; `emit` gets the findings.
    ///
    /// # Errors
    /// There is no release, or a file or a runner cannot be used.
    pub fn verify(
        &self,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<usize, Error> {
        ops::verify_release::verify(&Prepared::new(self.release(), session)?, session, emit)
    }

    /// Verifies files, whoever made them, and all that is in archives among them: for the target of
    /// this builder if it has one, else for what each file says it is for. Returns the number of
    /// findings that are errors.
    ///
    /// # Errors
    /// A file cannot be read, or a setting cannot be used.
    pub fn verify_files<P: AsRef<Utf8Path>>(
        &self,
        files: impl IntoIterator<Item = P>,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<usize, Error> {
        // Several say nothing of one file: then the file itself tells its target.
        let target = match self.request.targets.as_slice() {
            [target] => Some(target.as_str()),
            _ => None,
        };
        Verifier::new(session, target)?.files(files, emit)
    }

    /// Makes a release, makes it again elsewhere and under other conditions, and compares every byte.
    /// Returns the number of files that differ. [`Session::driver`] has to be a `cargo-tachi` of this
    /// version, which makes the second build.
    ///
    /// # Errors
    /// A build fails, or there is no commit to build from.
    pub fn rebuild(
        &self,
        how: &Rebuild,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<usize, Error> {
        let mut prepared = Prepared::new(self.release(), session)?;
        ops::rebuild::rebuild(&mut prepared, how, session, emit)
    }

    /// The request for a release, as `cargo tachi dist` makes it.
    fn release(&self) -> Request {
        let mut request = Request { goal: Goal::Dist, ..self.request.clone() };
        request.lock.locked = true;
        request
    }

    /// Compiles tests and runs them where this machine can. Tests that fail are no error: the
    /// report says so.
    ///
    /// # Errors
    /// It cannot be planned, the compilation fails, or tests cannot be run.
    pub fn test(
        &self,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<Report, Error> {
        let request = Request { goal: Goal::Test, ..self.request.clone() };
        ops::test::run(&mut Prepared::new(request, session)?, session, emit)
    }

    /// The one program that was asked for, ready to be built and run.
    ///
    /// # Errors
    /// As [`Runnable::new`].
    pub fn runnable(&self, session: &Session) -> Result<Runnable, Error> {
        Runnable::new(self.request.clone(), session)
    }

    /// Brings what is missing for a target, then builds for it.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_for_target(
        &self,
        target: &TargetFacts,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<(), Error> {
        self.clone().target(target.triple).build(session, emit)
    }

    /// Brings what is missing for a target and builds nothing.
    ///
    /// # Errors
    /// It cannot be brought; the error says what else can be done.
    pub fn install_target(
        &self,
        triple: &str,
        session: &Session,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<(), Error> {
        let request = Request { targets: vec![triple.to_owned()], ..self.request.clone() };
        Prepared::new(request, session)?.install(session, emit)
    }

    /// Where cargo puts a program: below the target folder, in the folder of the profile, for the first
    /// target where there are several, with `.exe` if that *target* has it, whatever the host is.
    /// `tachi.toml` and cargo's configuration are taken into account. The finished file is elsewhere:
    /// the plan's `place` steps say where.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub fn output_path(&self, binary: &str, session: &Session) -> Result<Utf8PathBuf, Error> {
        let planned = Prepared::new(self.request.clone(), session)?.planned;
        let compile = first_call(&planned.plan)?;
        let triple = compile.targets.first().map_or("", String::as_str);
        let target = catalogue::find(triple).expect("plans have the catalogue's targets only");
        let is_named = compile.command.args.iter().any(|argument| argument == "--target");
        let folder = planned.resolved.layout.compiled(is_named.then_some(target));
        Ok(folder.join(target.executable_name(binary)))
    }

    /// The specification's targets, in its order.
    pub fn supported_targets() -> impl Iterator<Item = SupportedTarget> {
        catalogue::DEFAULT_SET.iter().filter_map(|(triple, tier)| {
            let facts = catalogue::find(triple)?;
            Some(SupportedTarget {
                triple: facts.triple,
                platform: facts.platform,
                arch: facts.arch,
                tier: (*tier).into(),
            })
        })
    }
}

fn first_call(plan: &Plan) -> Result<&Compile, PlanError> {
    let call = plan.steps.iter().find_map(|step| match &step.action {
        Action::Compile(compile) => Some(compile),
        _ => None,
    });
    call.ok_or_else(|| PlanError::Nothing(String::new()))
}
