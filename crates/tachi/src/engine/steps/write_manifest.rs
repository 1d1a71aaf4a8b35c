//! Writes the manifest of what a run made.

use camino::Utf8Path;
use tachi_schema::event::Outcome;
use tachi_schema::manifest::{FORMAT, File, Manifest, Target};
use tachi_schema::plan::{Plan, WriteManifest};

use crate::engine::claim::Claim;
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::sys::{SysError, fs};

/// Nothing: the file is small.
pub(in crate::engine) fn claim(_: &WriteManifest) -> Claim {
    Claim::default()
}

/// Writes the manifest of the files that the step lists.
///
/// # Errors
/// The manifest cannot be written.
pub(in crate::engine) fn run(step: &WriteManifest, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let file = |path: &String| {
        let made = job.run.ledger.file(Utf8Path::new(path));
        made.ok_or_else(|| EngineError::NotMade { file: path.clone() })
    };
    let files = step.lists.iter().map(file).collect::<Result<_, _>>()?;
    let fresh = write(Utf8Path::new(&step.file), job.run.plan, files)?;
    Ok(if fresh { Outcome::Fresh } else { Outcome::Done })
}

/// Writes the manifest of `files`, unless the same one is there already. Returns whether
/// it was.
///
/// # Errors
/// It cannot be written.
fn write(path: &Utf8Path, plan: &Plan, mut files: Vec<File>) -> Result<bool, SysError> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let targets = plan.targets.iter().map(|target| Target {
        triple: target.triple.clone(),
        platform: target.platform.clone(),
        arch: target.arch.clone(),
        kit: target.kit.clone(),
        kit_identity: target.kit_identity.clone(),
        std: target.std,
        std_reason: target.std_reason.clone(),
    });
    let manifest = Manifest {
        format: FORMAT,
        tachi: plan.tachi.clone(),
        rustc: plan.rustc.clone(),
        profile: plan.profile.clone(),
        targets: targets.collect(),
        files,
    };
    let mut json =
        serde_json::to_string_pretty(&manifest).expect("strings and numbers always serialise");
    json.push('\n');
    if fs::read_if_exists(path)?.as_deref() == Some(json.as_str()) {
        return Ok(true);
    }
    fs::write_atomic(path, json.as_bytes())?;
    Ok(false)
}
