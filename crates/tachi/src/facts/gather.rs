//! Looking around: all that a request's plan is computed from, in the order in which one fact leads
//! to the next.
//!
//! 1. [`config_files::cargo`]: what the user told cargo.
//! 2. [`probe::compiler`]: the compiler.
//! 3. [`slow_looks`]: side by side the other tools ([`probe::probe`]), the workspace
//!    ([`load::load`]), and what git says of it.
//! 4. `tachi.toml` and the packages' own settings, and [`Lockfile::load`]: the versions of kits.
//! 5. [`vcs::state`], [`Changes::find`] and [`epoch::of`]: which sources are built, which changes no
//!    commit holds, and the time that files get.
//! 6. What only some goals need: benchmarks for tests, documents for a release.

use std::collections::BTreeMap;
use std::thread::ScopedJoinHandle;

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageMetadata;

use super::{Facts, FactsError, config_files, epoch, machine};
use crate::config::cargo::CargoConfig;
use crate::config::file::{ConfigFile, FILE_NAME, Sccache};
use crate::config::sign::SignTable;
use crate::package::documents;
use crate::post::signer::SignerFacts;
use crate::request::{Goal, Request};
use crate::session::Session;
use crate::sys::fs;
use crate::toolchain::probe::{self, RustcFacts, ToolchainFacts};
use crate::toolchain::{Lockfile, ToolchainError, lockfile};
use crate::vcs::changes::{Changes, Scope};
use crate::vcs::{self, SourceState, VcsError};
use crate::workspace::metadata_cache::Question;
use crate::workspace::select_tests::{self, StatedBenches};
use crate::workspace::{Workspace, WorkspaceError, load};

/// Looks around. Earlier answers of rustc and cargo are used for as long as they hold.
///
/// # Errors
/// Something that the request needs is not there or does not parse.
pub fn gather(request: &Request, session: &Session) -> Result<Facts, FactsError> {
    let environment = session.environment.clone();
    let cache = probe::cache(&environment)?;
    let cache_in_use = cache.hold(&session.interrupt)?;
    let cargo_config = config_files::cargo(request, &environment)?;
    let cargo = probe::cargo(&environment)?;
    let rustc = probe::compiler(&environment, cargo_config.rustc(), &cache, &session.interrupt);
    let command = load::command(&cargo, request);
    let identity = rustc.as_ref().map(|rustc| rustc.identity.clone()).unwrap_or_default();
    let question = Question {
        command: &command,
        cargo: &identity,
        config: &cargo_config.to_toml(),
        environment: &environment,
        cache: &cache,
    };
    // Cargo, which is rustup's too, would say the same at length.
    if let Err(error @ ToolchainError::NoToolchain { .. }) = rustc {
        return Err(error.into());
    }
    let SlowLooks { toolchain, workspace, sources: early_sources } =
        slow_looks(&question, rustc, &cargo, request, session);
    // A missing Cargo.toml says more than what else is wrong with the compiler.
    let (workspace, toolchain) = (workspace?, toolchain?);

    // Cargo puts a relative folder behind the current one as it is: `…/here/../there`.
    let target_dir = request.target_dir.as_deref().unwrap_or(workspace.target_dir());
    let target_dir = environment.plain(target_dir);
    let file_path = workspace.root().join(FILE_NAME);
    let file = match fs::read_if_exists(&file_path)? {
        Some(text) => ConfigFile::parse(&file_path, &text)?,
        None => ConfigFile::default(),
    };
    let package_settings = config_files::package_settings(&workspace, &file, &file_path)?;
    let pins = Lockfile::load(workspace.root())?;
    let has_lockfile = fs::exists(&workspace.root().join(lockfile::FILE_NAME));
    let sccache_wrapper = sccache_wrapper(request, &file, &cargo_config, &toolchain)?;
    let uses_build_info = workspace.graph.packages().any(|package| package.name() == BUILD_INFO);
    let sources = if uses_build_info || needs_sources(request, &file) {
        let ask = || vcs::state(workspace.root(), &environment, &session.interrupt);
        Some(early_sources.unwrap_or_else(ask)?)
    } else {
        None
    };
    let changes = match &sources {
        Some(sources) if request.goal == Goal::Dist => {
            changes(&workspace, &target_dir, sources, session)?
        }
        _ => Changes::default(),
    };
    let source_date_epoch = epoch::of(&environment, sources.as_ref())?;
    let signers = SignerFacts::look(&file.sign, workspace.root(), source_date_epoch, &environment);
    Ok(Facts {
        benches: benches(request, &workspace)?,
        documents: documents_of(request, &workspace)?,
        nextest: environment.find_program("cargo-nextest"),
        environment,
        cache,
        cache_in_use,
        target_dir,
        file,
        file_path,
        package_settings,
        cargo_config,
        toolchain,
        machine: machine::look(),
        pins,
        has_lockfile,
        sccache_wrapper,
        source_date_epoch,
        signers,
        sources,
        changes,
        uses_build_info,
        workspace,
    })
}

/// What takes long to find out.
struct SlowLooks {
    toolchain: Result<ToolchainFacts, ToolchainError>,
    workspace: Result<Workspace, WorkspaceError>,
    /// Only where it is known early that somebody needs it.
    sources: Option<Result<SourceState, VcsError>>,
}

/// Looks for the tools that belong to `rustc`, reads the workspace, and asks git about it, all at
/// the same time. Where cargo has not answered before, nobody knows the workspace's folder yet, and
/// git has to wait.
fn slow_looks(
    question: &Question<'_>,
    rustc: Result<RustcFacts, ToolchainError>,
    cargo: &Utf8Path,
    request: &Request,
    session: &Session,
) -> SlowLooks {
    let Session { environment, interrupt, .. } = session;
    std::thread::scope(|scope| {
        let tools = rustc.map(|rustc| {
            scope.spawn(|| probe::probe(environment, cargo, rustc, question.cache, interrupt))
        });
        let remembered = question.recall();
        let sources = remembered
            .as_ref()
            .filter(|answer| is_release(request.profile.as_deref()) || answer.names(BUILD_INFO))
            .map(|answer| answer.root().to_owned())
            .map(|root| scope.spawn(move || vcs::state(&root, environment, interrupt)));
        let workspace = load::load(question, remembered, interrupt);
        SlowLooks { toolchain: tools.and_then(joined), workspace, sources: sources.map(joined) }
    })
}

/// What a thread found. Its panic is this thread's.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The changes in a workspace, and in the packages that it has by path, that no commit holds.
fn changes(
    workspace: &Workspace,
    target_dir: &Utf8Path,
    sources: &SourceState,
    session: &Session,
) -> Result<Changes, FactsError> {
    let root = workspace.root();
    let outside = workspace.packages_outside(root);
    let packages: Vec<_> = outside.filter_map(|package| package.manifest_path().parent()).collect();
    let scope = Scope { root, packages: &packages, target_dir, lockfile: lockfile::FILE_NAME };
    Ok(Changes::find(scope, sources, &session.environment, &session.interrupt)?)
}

/// The crate that gives programs a place for a stamp.
const BUILD_INFO: &str = "tachi-build-info";

/// Whether files are signed or released, so that they say or depend on which sources they come
/// from.
fn needs_sources(request: &Request, file: &ConfigFile) -> bool {
    let profile = request.profile.as_deref().or(file.profile.as_deref());
    is_release(profile) || request.goal == Goal::Dist || file.sign != SignTable::default()
}

fn is_release(profile: Option<&str>) -> bool {
    profile.is_some_and(|name| !matches!(name, "dev" | "debug" | "test"))
}

/// Which cargo targets are benchmarks, for tests of benchmarks.
fn benches(request: &Request, workspace: &Workspace) -> Result<StatedBenches, FactsError> {
    let mut benches = StatedBenches::new();
    if request.goal == Goal::Test && request.cargo_targets.benches {
        for package in workspace.graph.workspace().iter() {
            let manifest = fs::read_to_string(package.manifest_path())?;
            // Cargo has read the manifest and complained where something is wrong with it.
            let manifest = manifest.parse().unwrap_or_default();
            select_tests::read_benches(package.name(), &manifest, &mut benches);
        }
    }
    Ok(benches)
}

/// Readme, licences and changelog of each package, for a release.
fn documents_of(
    request: &Request,
    workspace: &Workspace,
) -> Result<BTreeMap<String, Vec<Utf8PathBuf>>, FactsError> {
    let members = workspace.graph.workspace();
    let released = members.iter().filter(|_| request.goal == Goal::Dist);
    let of_package = |package: PackageMetadata<'_>| {
        let folder = package.manifest_path().parent().unwrap_or(workspace.root());
        Ok((package.name().to_owned(), documents::find(folder, workspace.root())?))
    };
    released.map(of_package).collect()
}

/// sccache, where it is installed and wanted, and the user has set no other wrapper.
fn sccache_wrapper(
    request: &Request,
    file: &ConfigFile,
    cargo: &CargoConfig,
    toolchain: &ToolchainFacts,
) -> Result<Option<Utf8PathBuf>, FactsError> {
    let wanted = match request.sccache {
        Some(true) => Sccache::On,
        Some(false) => Sccache::Off,
        None => file.cache.sccache,
    };
    if wanted == Sccache::Off || cargo.has_rustc_wrapper() {
        return Ok(None);
    }
    match &toolchain.sccache {
        None if wanted == Sccache::On => Err(FactsError::NoSccache),
        found => Ok(found.clone()),
    }
}
