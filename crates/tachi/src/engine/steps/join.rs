//! Joins the files of the two macOS targets. Each slice keeps its signature.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Outcome;
use tachi_schema::plan::{Join, JoinedFile};

use crate::engine::claim::Claim;
use crate::engine::describe::describe;
use crate::engine::error::EngineError;
use crate::engine::fresh::{Fingerprint, Placed, PlacedIndex, states};
use crate::engine::job::Job;
use crate::post::universal;
use crate::sys::fs;
use crate::verify::check::{self, Subject};

/// A core.
pub(in crate::engine) fn claim(_: &Join) -> Claim {
    Claim::CORE
}

/// Joins the files of both architectures.
///
/// # Errors
/// A part cannot be read, parts do not belong together, or the result cannot be written or has
/// findings that stop the release.
pub(in crate::engine) fn run(join: &Join, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let expectations = job.run.expectations.digest(&join.target);
    let fingerprint = Fingerprint { expectations, ..Fingerprint::default() };
    let mut index = PlacedIndex::read(&job.run.finished_root().join(&join.target));
    let mut joined = Vec::with_capacity(join.files.len());
    for file in &join.files {
        job.check()?;
        joined.push(one(file, &fingerprint, &mut index, job)?);
    }
    job.settle(&join.target, joined, &index)
}

/// Joins the parts of `joined`, unless that has been done.
fn one(
    joined: &JoinedFile,
    fingerprint: &Fingerprint,
    index: &mut PlacedIndex,
    job: &Job<'_>,
) -> Result<Placed, EngineError> {
    let path = Utf8PathBuf::from(&joined.file.to);
    let parts: Vec<&Utf8Path> = joined.parts.iter().map(Utf8Path::new).collect();
    if let Some(placed) = index.fresh(&path, &parts, fingerprint) {
        return Ok(placed);
    }
    let before = states(&parts);
    let inputs: Vec<Utf8PathBuf> = parts.iter().map(|&part| part.to_owned()).collect();
    universal::create(&inputs, &path)?;
    let bytes = fs::read(&path)?;
    let facts = tachi_binary::facts(&bytes)
        .map_err(|source| EngineError::Unreadable { path: path.clone(), source })?;
    let subject = Subject {
        name: path.file_name().unwrap_or_default(),
        bytes: &bytes,
        facts: &facts,
        kind: Some(joined.file.artifact.kind),
    };
    let expected = job.run.expectations.of(&joined.file.artifact.target);
    let findings = check::check_universal(&subject, &expected);
    let file = describe(&joined.file, job.run.finished_root(), &job.run.versions, &bytes, &facts);
    let placed = Placed { path, file, fresh: false, findings };
    index.remember(&placed, before, fingerprint);
    Ok(placed)
}
