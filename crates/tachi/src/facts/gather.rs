//! Looking around: all that a request's plan is computed from, in the order in which one fact leads
//! to the next.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::{Facts, FactsError, config_files, epoch, machine};
use crate::config::cargo::CargoConfig;
use crate::config::file::{ConfigFile, FILE_NAME, Sccache};
use crate::config::sign::SignTable;
use crate::package::documents;
use crate::post::signer::SignerFacts;
use crate::request::{Goal, Request};
use crate::session::Session;
use crate::sys::fs;
use crate::toolchain::probe::{self, ToolchainFacts};
use crate::toolchain::{Lockfile, ToolchainError};
use crate::vcs;
use crate::workspace::load;
use crate::workspace::metadata_cache::Question;
use crate::workspace::select_tests::{self, StatedBenches};

/// Looks around. What rustc and cargo answered before is remembered for as long as it holds.
///
/// # Errors
/// Something that the request needs is not there or does not parse.
pub fn gather(request: &Request, session: &Session) -> Result<Facts, FactsError> {
    let environment = session.environment.clone();
    let cache_dir = probe::cache_dir(&environment)?;
    let cargo_config = config_files::cargo(request, &environment)?;
    let cargo = probe::cargo(&environment)?;
    let toolchain =
        probe::probe(&environment, &cargo, cargo_config.rustc(), &cache_dir, &session.interrupt);
    let command = load::command(&cargo, request);
    let question = Question {
        command: &command,
        cargo: toolchain.as_ref().map_or("", |toolchain| &toolchain.rustc.identity),
        config: &cargo_config.to_toml(),
        environment: &environment,
        cache_dir: &cache_dir,
    };
    // Cargo is rustup's, too, and would say the same at length.
    if let Err(error @ ToolchainError::NoToolchain { .. }) = toolchain {
        return Err(error.into());
    }
    // A missing Cargo.toml says more than whatever else is wrong with the compiler.
    let workspace = load::load(&question, &session.interrupt)?;
    let toolchain = toolchain?;

    let file_path = workspace.root().join(FILE_NAME);
    let file = match fs::read_if_exists(&file_path)? {
        Some(text) => ConfigFile::parse(&file_path, &text)?,
        None => ConfigFile::default(),
    };
    let package_settings = config_files::package_settings(&workspace, &file, &file_path)?;
    let pins = Lockfile::load(workspace.root())?;
    let sccache_wrapper = sccache_wrapper(request, &file, &cargo_config, &toolchain)?;
    let mut documents_by_package = BTreeMap::new();
    let uses_build_info = workspace.graph.packages().any(|package| package.name() == BUILD_INFO);
    let signs = file.sign != SignTable::default();
    let profile = request.profile.as_deref().or(file.profile.as_deref());
    let is_release = profile.is_some_and(|name| !matches!(name, "dev" | "debug" | "test"));
    let sources = if uses_build_info || signs || is_release || request.goal == Goal::Dist {
        Some(vcs::state(workspace.root(), &environment, &session.interrupt)?)
    } else {
        None
    };
    let source_date_epoch = epoch::of(&environment, sources.as_ref())?;
    let signers = SignerFacts::look(&file.sign, workspace.root(), source_date_epoch, &environment);
    let mut benches = StatedBenches::new();
    if request.goal == Goal::Test && request.cargo_targets.benches {
        for package in workspace.graph.workspace().iter() {
            let manifest = fs::read_to_string(package.manifest_path())?;
            // Cargo has read it, and complained where there was something to complain of.
            let manifest = manifest.parse().unwrap_or_default();
            select_tests::read_benches(package.name(), &manifest, &mut benches);
        }
    }
    if request.goal == Goal::Dist {
        for package in workspace.graph.workspace().iter() {
            let folder = package.manifest_path().parent().unwrap_or(workspace.root());
            documents_by_package
                .insert(package.name().to_owned(), documents::find(folder, workspace.root())?);
        }
    }
    let nextest = environment.find_program("cargo-nextest");
    Ok(Facts {
        environment,
        cache_dir,
        file,
        file_path,
        package_settings,
        cargo_config,
        toolchain,
        machine: machine::look(),
        pins,
        sccache_wrapper,
        documents: documents_by_package,
        source_date_epoch,
        signers,
        benches,
        nextest,
        sources,
        uses_build_info,
        workspace,
    })
}

/// The crate whose users' files have a place for a stamp.
const BUILD_INFO: &str = "tachi-build-info";

/// sccache, where it is there and wanted, and the user has no wrapper of their own.
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
