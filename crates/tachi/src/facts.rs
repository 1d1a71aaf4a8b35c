//! Facts: what is true of this machine, this workspace and its settings. Gathered here
//! and nowhere else; the plan computes from them.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use tachi_binary::leaks::Known;

use crate::config::cargo::CargoConfig;
use crate::config::file::{ConfigFile, FILE_NAME, PackageTable, Sccache};
use crate::config::sign::SignTable;
use crate::error::Error;
use crate::package::documents;
use crate::plan::jobs::Machine;
use crate::post::signer::SignerFacts;
use crate::request::{Goal, Request};
use crate::session::Session;
use crate::sys::env::Environment;
use crate::sys::fs;
use crate::toolchain::probe::{self, ToolchainFacts};
use crate::toolchain::provision::{self, Provision};
use crate::toolchain::{Lockfile, Places, ToolchainError};
use crate::vcs::{self, SourceState};
use crate::verify::machine as verified_machine;
use crate::workspace::load::{self, Workspace};
use crate::workspace::metadata_cache::Question;
use crate::workspace::select::PackageSettings;
use crate::workspace::select_tests::{self, StatedBenches};

/// All that the plan needs to know.
#[derive(Debug)]
pub struct Facts {
    /// The environment and the current directory.
    pub environment: Environment,
    /// Tachi's own folder for what it fetches and builds once.
    pub cache_dir: Utf8PathBuf,
    /// The workspace.
    pub workspace: Workspace,
    /// `tachi.toml`; all defaults if there is none.
    pub file: ConfigFile,
    /// Where it is, or would be.
    pub file_path: Utf8PathBuf,
    /// Settings by package: `[package.metadata.tachi]`, and `tachi.toml`'s over it.
    pub package_settings: PackageSettings,
    /// What the user told cargo.
    pub cargo_config: CargoConfig,
    /// Compiler, std, zig.
    pub toolchain: ToolchainFacts,
    /// Cores and memory.
    pub machine: Machine,
    /// The versions and checksums of what kits fetch.
    pub pins: Lockfile,
    /// sccache, if the compiler is to be wrapped in it.
    pub sccache_wrapper: Option<Utf8PathBuf>,
    /// Readme, licences and changelog by package; only gathered for `dist`.
    pub documents: BTreeMap<String, Vec<Utf8PathBuf>>,
    /// Which sources are built; only looked at where files are stamped, signed or released.
    pub sources: Option<SourceState>,
    /// Whether programs here have a place for a stamp.
    pub uses_build_info: bool,
    /// The time of everything in a package and of what compilers write, in seconds since the
    /// epoch.
    pub source_date_epoch: u64,
    /// What signing with the user's programs depends on.
    pub signers: SignerFacts,
    /// Which cargo targets are benchmarks, where manifests say so; only read for tests of
    /// benchmarks.
    pub benches: StatedBenches,
    /// cargo-nextest, if it is installed.
    pub nextest: Option<Utf8PathBuf>,
}

impl Facts {
    /// Where the parts of kits are.
    pub fn places(&self) -> Places {
        Places::new(&self.cache_dir, &self.pins.zig().version)
    }

    /// Brings zig, unless it is here.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub fn zig(&self, provision: &mut Provision<'_>) -> Result<Utf8PathBuf, ToolchainError> {
        provision::zig::provide(provision, self.pins.zig(), self.toolchain.zig.as_deref())
    }

    /// What of this machine must not be in a release.
    pub fn known(&self) -> Known {
        verified_machine::known(
            &self.environment,
            &[self.workspace.root(), self.workspace.target_dir()],
        )
    }
}

/// Looks around. What rustc and cargo answered before is remembered for as long as it holds.
///
/// # Errors
/// Something that the request needs is not there or does not parse.
pub fn gather(request: &Request, session: &Session) -> Result<Facts, Error> {
    let environment = session.environment.clone();
    let cache_dir = probe::cache_dir(&environment)?;
    let cargo_config = cargo_config(request, &environment)?;
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
    // A missing Cargo.toml says more than whatever is wrong with the compiler.
    let workspace = load::load(&question, &session.interrupt)?;
    let toolchain = toolchain?;

    let file_path = workspace.root().join(FILE_NAME);
    let file = match fs::read_if_exists(&file_path)? {
        Some(text) => ConfigFile::parse(&file_path, &text)?,
        None => ConfigFile::default(),
    };
    let package_settings = package_settings(&workspace, &file, &file_path)?;
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
    let source_date_epoch = epoch(&environment, sources.as_ref())?;
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
        machine: machine(),
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

/// Midnight of 1 January 1980, the oldest time that every archive format can hold: for
/// what is built outside any repository.
pub(crate) const FALLBACK_EPOCH: u64 = 315_532_800;

/// `SOURCE_DATE_EPOCH` ([specification](https://reproducible-builds.org/specs/source-date-epoch/)),
/// else the time of the last commit, else [`FALLBACK_EPOCH`]; never the clock.
fn epoch(environment: &Environment, sources: Option<&SourceState>) -> Result<u64, Error> {
    if let Some(value) = environment.var("SOURCE_DATE_EPOCH") {
        let invalid = |_| Error::SourceDateEpoch { value: value.to_owned() };
        return value.parse().map_err(invalid);
    }
    Ok(sources.and_then(|sources| sources.commit_time).unwrap_or(FALLBACK_EPOCH))
}

/// The crate whose users' files have a place for a stamp.
const BUILD_INFO: &str = "tachi-build-info";

/// Cargo's configuration: its files from the weakest to the strongest, then `--config`,
/// whose arguments are files or `KEY=VALUE`.
pub(crate) fn cargo_config(
    request: &Request,
    environment: &Environment,
) -> Result<CargoConfig, Error> {
    let walk = cargo_config2::Walk::new(environment.current_dir().as_std_path());
    let mut paths: Vec<Utf8PathBuf> =
        walk.filter_map(|path| Utf8PathBuf::from_path_buf(path).ok()).collect();
    paths.reverse();
    let is_file = |argument: &String| fs::is_file(&environment.absolute(argument.as_str().into()));
    let (files, values): (Vec<String>, Vec<String>) =
        request.config.iter().cloned().partition(is_file);
    paths.extend(files.iter().map(|file| environment.absolute(file.as_str().into())));
    let mut texts = Vec::new();
    for path in paths {
        texts.extend(fs::read_if_exists(&path)?.map(|text| (path, text)));
    }
    Ok(CargoConfig::merge(&texts, &values, environment.variables())?)
}

fn package_settings(
    workspace: &Workspace,
    file: &ConfigFile,
    path: &Utf8PathBuf,
) -> Result<PackageSettings, Error> {
    let members = workspace.graph.workspace();
    let mut settings = PackageSettings::new();
    for member in members.iter().filter(|member| member.metadata_table().get("tachi").is_some()) {
        let text = fs::read_to_string(member.manifest_path())?;
        if let Some(table) = PackageTable::parse_manifest(member.manifest_path(), &text)? {
            settings.insert(member.name().to_owned(), table);
        }
    }
    for (name, table) in &file.package {
        if !members.contains_name(name) {
            let names = members.iter().map(|member| member.name());
            let hint = crate::suggest::hint(name, names);
            return Err(Error::UnknownPackageTable {
                file: path.clone(),
                name: name.clone(),
                hint,
            });
        }
        settings.entry(name.clone()).or_default().overlay(table);
    }
    Ok(settings)
}

/// sccache, where it is there and wanted, and the user has no wrapper of their own.
fn sccache_wrapper(
    request: &Request,
    file: &ConfigFile,
    cargo: &CargoConfig,
    toolchain: &ToolchainFacts,
) -> Result<Option<Utf8PathBuf>, Error> {
    let wanted = match request.sccache {
        Some(true) => Sccache::On,
        Some(false) => Sccache::Off,
        None => file.cache.sccache,
    };
    if wanted == Sccache::Off || cargo.has_rustc_wrapper() {
        return Ok(None);
    }
    match &toolchain.sccache {
        None if wanted == Sccache::On => Err(Error::NoSccache),
        found => Ok(found.clone()),
    }
}

fn machine() -> Machine {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Machine { cores, available_memory: available_memory() }
}

/// `MemAvailable` of proc(5), in bytes.
fn available_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo".into()).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
