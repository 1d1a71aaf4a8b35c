//! Copies finished files out of cargo's folder, stamped and signed.

use std::collections::BTreeMap;

use tachi_schema::plan::{Place, PlacedFile};

use crate::plan::brief::Brief;
use crate::plan::call::{self, Call};
use crate::plan::error::PlanError;
use crate::plan::planner::{Draft, compiled, file};
use crate::plan::target::TargetBuild;
use crate::post::signer;
use crate::post::stamp::{self, BuildValues};
use crate::request::Goal;

/// The step that places what `calls` make for `target`; none where they make nothing for it.
///
/// # Errors
/// A value cannot be stamped, or the signer of the settings is not here.
pub(in crate::plan) fn draft(
    target: &TargetBuild,
    calls: &[Call<'_>],
    brief: &Brief<'_>,
) -> Result<Option<Draft>, PlanError> {
    let files: Vec<PlacedFile> = call::made_for(target, calls)
        .map(|(part, product)| {
            let artifact = part.artifact(product);
            let to = brief.layout.file(&artifact, target.facts).into_string();
            PlacedFile { artifact, to }
        })
        .collect();
    if files.is_empty() {
        return Ok(None);
    }
    let facts = brief.facts;
    let is_release = brief.request.goal == Goal::Dist;
    let signer = signer::of_target(&facts.file.sign, target.facts, is_release, &facts.signers)?;
    Ok(Some(Draft {
        subject: target.triple.clone(),
        why: "cargo's own files may be overwritten or cleaned at any time".into(),
        inputs: files.iter().map(|file| compiled(&file.artifact)).collect(),
        outputs: files.iter().map(|placed| file(&placed.to)).collect(),
        action: Place {
            target: target.triple.clone(),
            files,
            stamp: stamp(target, brief)?,
            signer,
        }
        .into(),
    }))
}

/// The stamp of a target's finished files, for those that have a place for it.
fn stamp(target: &TargetBuild, brief: &Brief<'_>) -> Result<BTreeMap<String, String>, PlanError> {
    let facts = brief.facts;
    let (Some(sources), true) = (&facts.sources, facts.uses_build_info) else {
        return Ok(BTreeMap::new());
    };
    let rustc = &facts.toolchain.rustc;
    let build = BuildValues {
        profile: Some(&brief.profile.name),
        target: Some(&target.triple),
        host: Some(&rustc.host),
        rustc: Some(&rustc.release),
    };
    let stamp = stamp::values(sources, &build, &facts.environment)?;
    Ok(stamp.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}
