//! One target of the plan: its kit, its std, its flags and features.

use tachi_schema::plan::Target;

use super::error::PlanError;
use super::paths;
use crate::config::profile::Profile;
use crate::config::rustflags::Sources;
use crate::config::verify::VerifyTable;
use crate::facts::Facts;
use crate::request::{Features, Goal, Request};
use crate::target::{Context, Member, TargetFacts, Triple, expand};
use crate::toolchain::kit::cargo_settings;
use crate::toolchain::{CargoSettings, Kit, NoKit, Wishes, decide};
use crate::workspace::Selection;

/// How one target is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetBuild {
    /// The rustc triple.
    pub triple: String,
    /// Its row in the catalogue.
    pub facts: &'static TargetFacts,
    /// Whether cargo gets a `--target`.
    pub explicit: bool,
    /// Whether it was asked for itself, not only as a part of a universal target.
    pub released: bool,
    /// What links and compiles C, and where std comes from.
    pub kit: Kit,
    /// The kit's identity, without paths; none if the kit is not Tachi's.
    pub kit_identity: Option<String>,
    /// What the kit means for cargo.
    pub settings: CargoSettings,
    /// Flags for rustc by source.
    pub flags: Sources,
    /// Features, this target's own included.
    pub features: Features,
    /// The rules that its files are checked against.
    pub verify: VerifyTable,
}

impl TargetBuild {
    /// As the plan shows it.
    pub fn to_schema(&self) -> Target {
        Target {
            triple: self.triple.clone(),
            platform: self.facts.platform.to_owned(),
            arch: self.facts.arch.to_owned(),
            explicit: self.explicit,
            kit: self.kit.name(),
            kit_identity: self.kit_identity.clone(),
            kit_reason: self.kit.reason.clone(),
            glibc: self.kit.glibc().map(str::to_owned),
            minimum_os: self.kit.minimum_os.clone(),
            std: self.kit.std,
            std_reason: self.kit.std_reason.clone(),
            rustflags: if self.flags.cargo_suffices() { Vec::new() } else { self.flags.to_add() },
        }
    }
}

/// What was asked for.
#[derive(Debug)]
pub struct Targets {
    /// The targets to compile for, in the order asked for.
    pub targets: Vec<TargetBuild>,
    /// `universal-apple-darwin` was asked for, too.
    pub universal: bool,
}

/// The targets that were asked for, in that order.
///
/// # Errors
/// A target does not exist, or this machine has no kit for it; all of the latter are named.
pub fn resolve(
    request: &Request,
    facts: &Facts,
    selection: &Selection<'_>,
    profile: &Profile,
) -> Result<Targets, PlanError> {
    let host = Triple::new(&facts.toolchain.rustc.host);
    let context = Context { configured: &facts.file.targets, host: &host };
    let asked = asked(request, facts);
    let members = match &asked {
        Some(asked) => expand(asked, context)?,
        None => expand(&["host"], context)?,
    };
    let (mut targets, mut missing) = (Vec::new(), Vec::new());
    for row in rows(&members) {
        match target(row, asked.is_some(), request, facts, selection, profile)? {
            Ok(target) => {
                let released = members.contains(&Member::Rustc(row));
                targets.push(TargetBuild { released, ..target });
            }
            Err(no_kit) => missing.push(no_kit),
        }
    }
    if !missing.is_empty() {
        return Err(PlanError::NoKit(missing));
    }
    Ok(Targets { targets, universal: members.contains(&Member::UniversalDarwin) })
}

/// The targets that the user named: on the command line, in `tachi.toml`, in cargo's
/// configuration. `cargo tachi run` ignores the list in `tachi.toml`, which is about releases.
/// None, for a build, means the host as cargo alone builds it; a release always names its
/// targets, so that the host's flags do not reach build scripts, nor its glibc users.
fn asked(request: &Request, facts: &Facts) -> Option<Vec<String>> {
    let configured = facts.cargo_config.build_targets();
    if !request.targets.is_empty() {
        Some(request.targets.clone())
    } else if !facts.file.targets.is_empty() && request.goal != Goal::Run {
        Some(facts.file.targets.clone())
    } else if !configured.is_empty() {
        Some(configured)
    } else {
        (request.goal == Goal::Dist).then(|| vec!["host".to_owned()])
    }
}

/// The targets to compile for, each once.
fn rows(members: &[Member]) -> Vec<&'static TargetFacts> {
    let mut rows: Vec<&'static TargetFacts> = Vec::new();
    for row in members.iter().copied().flat_map(Member::rustc_targets) {
        if rows.iter().all(|known| known.triple != row.triple) {
            rows.push(row);
        }
    }
    rows
}

fn target(
    row: &'static TargetFacts,
    explicit: bool,
    request: &Request,
    facts: &Facts,
    selection: &Selection<'_>,
    profile: &Profile,
) -> Result<Result<TargetBuild, NoKit>, PlanError> {
    let own = facts.file.settings_for(row.triple, &facts.file_path)?;
    let cargo = &facts.cargo_config;
    let mut flags = Sources {
        build: cargo.build_rustflags(),
        target: cargo.target_rustflags(row.triple),
        environment: cargo.environment_rustflags(),
        file: own.rustflags,
        ..Sources::default()
    };
    let linker = flags.linker().or_else(|| cargo.target_linker(row.triple));
    let minimum_os = own
        .minimum_os
        .or_else(|| facts.environment.var("MACOSX_DEPLOYMENT_TARGET").map(str::to_owned));
    let linker = linker.map(str::to_owned);
    let wishes = Wishes { linker, glibc: own.glibc, minimum_os, explicit };
    let kit = match decide(row.triple, &wishes, &facts.toolchain) {
        Ok(kit) => kit,
        Err(no_kit) => return Ok(Err(no_kit)),
    };
    let (rustc, places) = (&facts.toolchain.rustc, facts.places());
    let mut settings = cargo_settings(&kit, &places, rustc, &facts.environment, profile.strip);
    flags.kit.clone_from(&settings.rustflags);
    // Without a target, Tachi makes the same files as cargo alone.
    if explicit || facts.file.trim_paths == Some(true) {
        let names = paths::names(facts, profile);
        flags.paths = names.rustflags(&rustc.release);
        flags.kit.extend(paths::link_flags(&kit, profile));
        settings.env.extend(paths::environment(&names, &kit, facts, profile));
    }
    let mut features = request.features.clone();
    features.list.extend(own.features);
    features.list.extend(package_features(facts, selection));
    Ok(Ok(TargetBuild {
        triple: row.triple.to_owned(),
        facts: row,
        explicit,
        released: true,
        kit_identity: places.identity(&kit).map(|identity| identity.digest()),
        kit,
        settings,
        flags,
        features,
        verify: facts.file.verify_for(row.triple, &facts.file_path)?,
    }))
}

/// The features that `[package.…]` switches on for the selected packages.
fn package_features(facts: &Facts, selection: &Selection<'_>) -> Vec<String> {
    let packages = selection.packages.iter();
    let settings = packages
        .filter_map(|package| Some((package.name(), facts.package_settings.get(package.name())?)));
    settings
        .flat_map(|(name, table)| {
            table.features.iter().map(move |feature| format!("{name}/{feature}"))
        })
        .collect()
}
