//! From the request and the facts to the plan, step by step.

use std::collections::BTreeMap;

use camino::Utf8Path;
use tachi_schema::plan::{Action, FORMAT, PlacedFile, Plan, Signer, StdSource, Step};

use super::call::{self, Call, Part};
use super::command;
use super::error::PlanError;
use super::jobs;
use super::join;
use super::layout::{Layout, MANIFEST};
use super::release::Release;
use super::target::{self, TargetBuild};
use super::testing;
use crate::config::profile::{self, Profile, ProfileSources};
use crate::facts::Facts;
use crate::post::signer;
use crate::post::stamp::{self, BuildValues};
use crate::request::{Goal, Request, Strip};
use crate::target::set::{UNIVERSAL_DARWIN, UNIVERSAL_DARWIN_PARTS};
use crate::toolchain::Kit;
use crate::toolchain::runner::Runner;
use crate::verify::policy::Policy;
use crate::workspace::select::{self, Product, Selection};

/// The plan, and the kits of its targets, which the steps that bring their parts need.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What is done.
    pub plan: Plan,
    /// How each target is linked.
    pub kits: Vec<Kit>,
    /// What is held against the files of each target.
    pub policies: BTreeMap<String, Policy>,
    /// What runs the programs of each target that has something to run.
    pub runners: BTreeMap<String, Runner>,
}

/// Makes the plan.
///
/// # Errors
/// Something was asked for that does not exist, or this machine has no kit for a target.
pub fn build(request: &Request, facts: &Facts) -> Result<Planned, PlanError> {
    let profile = resolve_profile(request, facts)?;
    let selection = select::select(
        &facts.workspace,
        &request.packages,
        &request.cargo_targets,
        &facts.package_settings,
    )?;
    let target::Resolved { targets, universal } =
        target::resolve(request, facts, &selection, &profile)?;
    let host = &facts.toolchain.rustc.host;
    let selection = match request.goal {
        Goal::Test => selection.into_tests(&request.cargo_targets, &facts.benches),
        _ => selection,
    };
    let calls = call::group(&facts.workspace, &selection, &request.cargo_targets, &targets, host)?;
    if calls.is_empty() {
        let help = nothing_help(&selection);
        return Err(match request.goal {
            Goal::Test => PlanError::NoTests(help),
            _ => PlanError::Nothing(help),
        });
    }

    let layout = Layout::new(&facts.target_dir, &profile.folder);
    let builder = Builder { request, facts, profile: &profile, layout };
    let mut notes = Vec::new();
    let mut steps = builder.preparations(&targets);
    let prepared: Vec<String> = steps.iter().map(|step| step.id.clone()).collect();
    for (number, call) in calls.iter().enumerate() {
        steps.push(builder.compile(number + 1, call, &prepared, &mut notes));
    }
    if request.goal == Goal::Test {
        let tests = testing::steps(request, facts, &steps)?;
        steps.extend(tests.steps);
        return builder.planned(targets, steps, notes, tests.runners);
    }
    for target in &targets {
        steps.extend(builder.place(target, &calls)?);
    }
    let joined = if universal { join::files(&steps, &builder.layout) } else { Vec::new() };
    steps.extend(join::step(&joined));
    let finished = ["place:", "join:"];
    steps.push(manifest("manifest", &builder.layout.finished, &finished, &steps));
    let mut runners = BTreeMap::new();
    if request.goal == Goal::Dist {
        let release = Release { request, facts, layout: &builder.layout, selection: &selection };
        runners = release.prove(&targets, &mut steps)?;
        release.package(&targets, &calls, &joined, &mut steps);
    }
    builder.planned(targets, steps, notes, runners)
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

/// Whether a profile for releases asks for debug information and nobody said whether users
/// are to get it. They are not: it is most of the file, and what linkers add to it on their
/// own (zig's run-time code) tells the folders of this machine.
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

/// What every step is made from.
struct Builder<'a> {
    request: &'a Request,
    facts: &'a Facts,
    profile: &'a Profile,
    layout: Layout,
}

impl Builder<'_> {
    /// The plan that `steps` make.
    fn planned(
        &self,
        targets: Vec<TargetBuild>,
        steps: Vec<Step>,
        notes: Vec<String>,
        runners: BTreeMap<String, Runner>,
    ) -> Result<Planned, PlanError> {
        let plan = Plan {
            format: FORMAT,
            tachi: env!("CARGO_PKG_VERSION").to_owned(),
            workspace_root: self.facts.workspace.root().to_string(),
            rustc: self.facts.toolchain.rustc.release.clone(),
            profile: self.profile.name.clone(),
            targets: targets.iter().map(TargetBuild::to_schema).collect(),
            steps,
            notes,
        };
        let policies = targets
            .iter()
            .map(|target| (target.triple.clone(), Policy::new(&target.verify)))
            .chain([(UNIVERSAL_DARWIN.to_owned(), universal_policy(self.facts)?)])
            .collect();
        let kits = targets.into_iter().map(|target| target.kit).collect();
        Ok(Planned { plan, kits, policies, runners })
    }

    /// What has to be on this machine before cargo can compile.
    fn preparations(&self, targets: &[TargetBuild]) -> Vec<Step> {
        let mut steps = Vec::new();
        let zig: Vec<&str> = targets
            .iter()
            .filter(|target| target.kit.needs_zig())
            .map(|t| t.triple.as_str())
            .collect();
        if !zig.is_empty() {
            let version = self.facts.pins.zig().version.clone();
            steps.push(Step {
                id: "zig".into(),
                why: format!("links and compiles C for {}", zig.join(", ")),
                needs: Vec::new(),
                action: Action::FetchTool { tool: "zig".into(), version },
            });
        }
        for target in targets.iter().filter(|target| target.kit.std != StdSource::Sysroot) {
            let source = target.kit.std;
            steps.push(Step {
                id: format!("std:{}", target.triple),
                why: target.kit.std_reason.clone(),
                // Linking a std of one's own may take the kit's linker.
                needs: steps
                    .iter()
                    .filter(|step: &&Step| step.id == "zig")
                    .map(|step| step.id.clone())
                    .collect(),
                action: Action::PrepareStd { target: target.triple.clone(), source },
            });
        }
        steps
    }

    fn compile(
        &self,
        number: usize,
        call: &Call<'_>,
        prepared: &[String],
        notes: &mut Vec<String>,
    ) -> Step {
        let links = call.parts.iter().map(|part| part.products.len()).sum();
        let asked = self.request.jobs.or_else(|| self.facts.cargo_config.jobs());
        let jobs = jobs::decide(asked, self.facts.machine, self.profile.lto, links);
        notes.extend(jobs.note);
        Step {
            id: format!("compile-{number}"),
            why: call.why.clone(),
            needs: prepared.to_vec(),
            action: Action::Compile {
                targets: call.parts.iter().map(|part| part.target.triple.clone()).collect(),
                command: command::command(self.request, self.facts, self.profile, call, jobs.count),
                expected: call.expected(&self.facts.toolchain.rustc.host),
            },
        }
    }

    fn place(&self, target: &TargetBuild, calls: &[Call<'_>]) -> Result<Option<Step>, PlanError> {
        let files: Vec<PlacedFile> = made_for(target, calls)
            .map(|(part, product)| {
                let artifact = part.artifact(product);
                let to = self.layout.file(&artifact, target.facts).to_string();
                PlacedFile { artifact, to }
            })
            .collect();
        if files.is_empty() {
            return Ok(None);
        }
        Ok(Some(Step {
            id: format!("place:{}", target.triple),
            why: "cargo's own files may be overwritten or cleaned at any time".into(),
            needs: compiled_by(target, calls),
            action: Action::Place {
                target: target.triple.clone(),
                files,
                stamp: self.stamp(target)?,
                signer: self.signer(target)?,
            },
        }))
    }

    fn signer(&self, target: &TargetBuild) -> Result<Option<Signer>, PlanError> {
        let is_release = self.request.goal == Goal::Dist;
        let (table, facts) = (&self.facts.file.sign, &self.facts.signers);
        Ok(signer::of_target(table, target.facts, is_release, facts)?)
    }

    /// What the finished files of a target are to say of themselves, where there is a
    /// place for it.
    fn stamp(&self, target: &TargetBuild) -> Result<BTreeMap<String, String>, PlanError> {
        let (Some(sources), true) = (&self.facts.sources, self.facts.uses_build_info) else {
            return Ok(BTreeMap::new());
        };
        let rustc = &self.facts.toolchain.rustc;
        let build = BuildValues {
            profile: Some(&self.profile.name),
            target: Some(&target.triple),
            host: Some(&rustc.host),
            rustc: Some(&rustc.release),
        };
        let stamp = stamp::values(sources, &build, &self.facts.environment)?;
        Ok(stamp.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }
}

/// What is held against universal files, which are no target of rustc's.
fn universal_policy(facts: &Facts) -> Result<Policy, PlanError> {
    let [first, _] = UNIVERSAL_DARWIN_PARTS;
    Ok(Policy::new(&facts.file.verify_for(first, &facts.file_path)?))
}

/// Writes a manifest of what the steps whose ids begin with one of `of` make.
pub(super) fn manifest(id: &str, folder: &Utf8Path, of: &[&str], steps: &[Step]) -> Step {
    let counts = |step: &&Step| of.iter().any(|prefix| step.id.starts_with(prefix));
    Step {
        id: id.to_owned(),
        why: "says what was made, from what, with which checksums".into(),
        needs: steps.iter().filter(counts).map(|step| step.id.clone()).collect(),
        action: Action::WriteManifest { file: folder.join(MANIFEST).to_string() },
    }
}

/// The files that the calls make for a target.
pub(super) fn made_for<'a>(
    target: &'a TargetBuild,
    calls: &'a [Call<'a>],
) -> impl Iterator<Item = (&'a Part<'a>, &'a Product<'a>)> {
    let parts = calls.iter().flat_map(|call| &call.parts);
    parts
        .filter(|part| part.target.triple == target.triple)
        .flat_map(|part| part.products.iter().map(move |product| (part, product)))
}

/// The ids of the steps that compile for a target.
fn compiled_by(target: &TargetBuild, calls: &[Call<'_>]) -> Vec<String> {
    let compiles =
        |call: &Call<'_>| call.parts.iter().any(|part| part.target.triple == target.triple);
    let numbered = calls.iter().enumerate().filter(|(_, call)| compiles(call));
    numbered.map(|(number, _)| format!("compile-{}", number + 1)).collect()
}
