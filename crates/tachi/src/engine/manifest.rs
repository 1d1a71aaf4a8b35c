//! The manifest of what a run made.

use camino::Utf8Path;
use tachi_schema::manifest::{FORMAT, File, Manifest, Target};
use tachi_schema::plan::Plan;

use crate::sys::{SysError, fs};

/// Writes the manifest of `files`, unless the same one is there already. Returns whether
/// it was.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Utf8Path, plan: &Plan, mut files: Vec<File>) -> Result<bool, SysError> {
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
