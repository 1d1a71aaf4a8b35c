//! From the request and the facts to the plan, step by step.

use std::collections::BTreeMap;

use tachi_schema::plan::{FORMAT, Plan};

use super::brief::Brief;
use super::call::{self, Call};
use super::check;
use super::downloads;
use super::error::PlanError;
use super::layout::Layout;
use super::planner::Planner;
use super::steps::{
    assemble_kit, compile, fetch, join, package, place, prepare_std, smoke, test, write_lock,
    write_manifest,
};
use super::target::{self, TargetBuild};
use crate::config::profile::{self, Profile, ProfileSources};
use crate::facts::Facts;
use crate::request::{Goal, Request, Strip};
use crate::target::set::{UNIVERSAL_DARWIN, UNIVERSAL_DARWIN_PARTS};
use crate::toolchain::Kit;
use crate::toolchain::runner::Runner;
use crate::verify::policy::Policy;
use crate::workspace::select::{self, Selection};

/// A plan, and what its steps are made with.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What is done.
    pub plan: Plan,
    /// What the steps of the plan are made with.
    pub resolved: Resolved,
}

/// What the targets of a plan resolve to.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Where files go.
    pub layout: Layout,
    /// How each target is linked.
    pub kits: Vec<Kit>,
    /// The rules that the files of each target are checked against.
    pub policies: BTreeMap<String, Policy>,
    /// What runs the programs of each target that has something to run.
    pub runners: BTreeMap<String, Runner>,
}

/// Makes the plan.
///
/// # Errors
/// The request names something that does not exist, or this machine has no kit for a target.
pub fn build(request: &Request, facts: &Facts) -> Result<Planned, PlanError> {
    let profile = resolve_profile(request, facts)?;
    let (packages, cargo_targets) = (&request.packages, &request.cargo_targets);
    let settings = &facts.package_settings;
    let selection = select::select(&facts.workspace, packages, cargo_targets, settings)?;
    let selection = match request.goal {
        Goal::Dist => selection.into_release(packages, cargo_targets, settings),
        _ => selection,
    };
    let target::Targets { targets, universal } =
        target::resolve(request, facts, &selection, &profile)?;
    let host = &facts.toolchain.rustc.host;
    let selection = match request.goal {
        Goal::Test => selection.into_tests(&request.cargo_targets, &facts.benches),
        _ => selection,
    };
    let calls = call::group(&facts.workspace, &selection, cargo_targets, &targets, host)?;
    if request.goal == Goal::Dist {
        downloads::check(&selection, &calls, settings)?;
    }
    if calls.is_empty() {
        let help = nothing_help(&selection);
        return Err(match request.goal {
            Goal::Test => PlanError::NoTests(help),
            _ => PlanError::Nothing(help),
        });
    }

    let layout = Layout::new(&facts.target_dir, &profile.folder);
    let brief = Brief { request, facts, profile: &profile, layout };
    let mut planner = Planner::default();
    let mut notes: Vec<String> = downloads::note(&selection).into_iter().collect();
    notes.extend(facts.changes.note(request.allow_dirty));
    prepare(&brief, &targets, &mut planner);
    for (at, call) in calls.iter().enumerate() {
        let (draft, note) = compile::draft(at + 1, call, &brief, &planner);
        planner.add(draft);
        notes.extend(note);
    }
    let runners = if request.goal == Goal::Test {
        let tests = test::drafts(request, facts, planner.steps())?;
        planner.extend(tests.drafts);
        tests.runners
    } else {
        finish(&brief, &targets, &calls, universal, &mut planner)?;
        if request.goal == Goal::Dist {
            release(&brief, &targets, &selection, &mut planner)?
        } else {
            BTreeMap::new()
        }
    };
    let plan = Plan {
        format: FORMAT,
        tachi: env!("CARGO_PKG_VERSION").to_owned(),
        workspace_root: facts.workspace.root().to_string(),
        rustc: facts.toolchain.rustc.release.clone(),
        profile: profile.name.clone(),
        targets: targets.iter().map(TargetBuild::to_schema).collect(),
        steps: planner.finish(),
        notes,
    };
    debug_assert_eq!(check::check(&plan), Vec::<String>::new(), "the plan is sound");
    let policies = targets
        .iter()
        .map(|target| (target.triple.clone(), Policy::new(&target.verify)))
        .chain([(UNIVERSAL_DARWIN.to_owned(), universal_policy(facts)?)])
        .collect();
    let kits = targets.into_iter().map(|target| target.kit).collect();
    Ok(Planned { plan, resolved: Resolved { layout: brief.layout, kits, policies, runners } })
}

/// Adds steps for what cargo needs before it can compile.
fn prepare(brief: &Brief<'_>, targets: &[TargetBuild], planner: &mut Planner) {
    let Some(zig) = fetch::zig(targets, &brief.facts.pins.zig().version) else {
        planner.extend(targets.iter().filter_map(prepare_std::draft));
        return;
    };
    planner.add(zig);
    planner.extend(write_lock::draft(brief));
    planner.extend(targets.iter().filter_map(assemble_kit::draft));
    planner.extend(targets.iter().filter_map(prepare_std::draft));
}

/// What makes finished files of compiled ones.
fn finish(
    brief: &Brief<'_>,
    targets: &[TargetBuild],
    calls: &[Call<'_>],
    universal: bool,
    planner: &mut Planner,
) -> Result<(), PlanError> {
    for target in targets {
        planner.extend(place::draft(target, calls, brief)?);
    }
    if universal {
        planner.extend(join::draft(planner.steps(), &brief.layout));
    }
    let triples = targets.iter().map(|target| target.triple.as_str()).chain([UNIVERSAL_DARWIN]);
    let placed = triples.flat_map(|triple| join::placed(planner.steps(), triple));
    let files = placed.map(|file| file.to).collect();
    planner.add(write_manifest::draft("finished", &brief.layout.finished, files));
    Ok(())
}

/// What only a release has: programs are run, then packaged. Returns what runs them.
fn release(
    brief: &Brief<'_>,
    targets: &[TargetBuild],
    selection: &Selection<'_>,
    planner: &mut Planner,
) -> Result<BTreeMap<String, Runner>, PlanError> {
    let mut runners = BTreeMap::new();
    for target in targets.iter().filter(|_| !brief.request.no_smoke) {
        let placed = join::placed(planner.steps(), &target.triple);
        if let Some((draft, runner)) = smoke::draft(target, &placed, brief.facts)? {
            planner.add(draft);
            runners.extend(runner.map(|runner| (target.triple.clone(), runner)));
        }
    }
    let released = targets.iter().filter(|target| target.released);
    for triple in released.map(|target| target.triple.as_str()).chain([UNIVERSAL_DARWIN]) {
        planner.extend(package::drafts(triple, selection, brief, planner));
    }
    let archives = package::archives(planner.steps());
    planner.add(write_manifest::draft("dist", &brief.layout.dist, archives));
    Ok(runners)
}

fn resolve_profile(request: &Request, facts: &Facts) -> Result<Profile, PlanError> {
    let default = match request.goal {
        Goal::Build | Goal::Run | Goal::Test => "dev",
        Goal::Dist => "release",
    };
    let name = request.profile.as_deref().or(facts.file.profile.as_deref()).unwrap_or(default);
    let manifest_path = facts.workspace.manifest_path();
    let sources = ProfileSources {
        manifest_path: &manifest_path,
        manifest: &facts.workspace.profiles,
        config: &facts.cargo_config,
    };
    let strip = request.strip.or(facts.file.strip);
    let profile = profile::resolve(name, strip, sources)?;
    if request.goal == Goal::Dist && leaves_debug_information_to_chance(&profile) {
        return Ok(profile::resolve(name, Some(Strip::Debuginfo), sources)?);
    }
    Ok(profile)
}

/// Whether a release profile asks for debug information, and no setting says whether users get
/// it. They do not: it is most of the file, and what linkers add to it (zig's run-time code)
/// names folders of this machine.
fn leaves_debug_information_to_chance(profile: &Profile) -> bool {
    profile.root == "release" && profile.debug && !profile.strip_is_settled
}

fn nothing_help(selection: &Selection<'_>) -> String {
    let names: Vec<_> =
        selection.packages.iter().map(guppy::graph::PackageMetadata::name).collect();
    format!(
        "{} selected; choose others with -p or --workspace, or add required --features",
        names.join(", ")
    )
}

/// The policy for universal files, which are no target of rustc's.
fn universal_policy(facts: &Facts) -> Result<Policy, PlanError> {
    let [first, _] = UNIVERSAL_DARWIN_PARTS;
    Ok(Policy::new(&facts.file.verify_for(first, &facts.file_path)?))
}
