//! Places finished files: copies them out of cargo's folder, stamped, signed and checked.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_binary::stamp::Stamp;
use tachi_schema::event::Outcome;
use tachi_schema::plan::{ArtifactKind, Place, PlacedFile, Signer};

use crate::engine::claim::{Claim, Resource};
use crate::engine::describe::describe;
use crate::engine::error::EngineError;
use crate::engine::fresh::{Fingerprint, Placed, PlacedIndex, states};
use crate::engine::job::Job;
use crate::post::finish::finish;
use crate::post::signer;
use crate::sys::{SysError, fs};
use crate::verify::check::{self, Subject};

/// The user's program that signs.
const SIGNER: Resource = Resource("signer");

/// A core; and where the user's program signs, the network (for the time of a signature) and
/// that program alone, since its tokens and key stores are rarely made for two at once.
pub(in crate::engine) fn claim(place: &Place) -> Claim {
    match place.signer {
        Some(_) => Claim { network: true, exclusive: Some(SIGNER), ..Claim::CORE },
        None => Claim::CORE,
    }
}

/// Places the files of one target.
///
/// # Errors
/// A file cannot be read, finished or written, or has findings that stop the release.
pub(in crate::engine) fn run(place: &Place, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let target = &place.target;
    let fingerprint = Fingerprint {
        stamp: place.stamp.clone(),
        signer: place.signer.clone(),
        expectations: job.run.expectations.digest(target),
    };
    let folder = job.run.finished_root().join(target);
    let mut index = PlacedIndex::read(&folder);
    let mut placed = Vec::with_capacity(place.files.len());
    for file in &place.files {
        job.check()?;
        let source = job.run.ledger.source(&file.artifact);
        let source = source.ok_or_else(|| EngineError::NotMade { file: file.to.clone() })?;
        placed.push(one(file, &source, &fingerprint, &mut index, job)?);
    }
    job.settle(target, placed, &index)
}

/// Copies `source` to the place that `planned` names, unless that has been done.
fn one(
    planned: &PlacedFile,
    source: &Utf8Path,
    fingerprint: &Fingerprint,
    index: &mut PlacedIndex,
    job: &Job<'_>,
) -> Result<Placed, EngineError> {
    let path = Utf8PathBuf::from(&planned.to);
    if let Some(placed) = index.fresh(&path, &[source], fingerprint) {
        return Ok(placed);
    }
    let before = states(&[source]);
    let name = path.file_name().unwrap_or_default();
    let bytes = finish(fs::read(source)?, &stamp(fingerprint), name)
        .map_err(|error| EngineError::Finish { path: source.to_owned(), source: error })?;
    let bytes = signed(bytes, fingerprint.signer.as_ref(), source, &path, job)?;
    let facts = facts(&bytes, source)?;
    let kind = Some(planned.artifact.kind);
    let subject = Subject { name, bytes: &bytes, facts: &facts, kind };
    let expected = job.run.expectations.of(&planned.artifact.target);
    let findings = check::check(&subject, &expected);
    fs::write_atomic_with::<SysError>(&path, mode(planned.artifact.kind), |file| {
        file.write_all(&bytes).map_err(SysError::file("write", &path))
    })?;
    let file = describe(planned, job.run.finished_root(), &job.run.versions, &bytes, &facts);
    let placed = Placed { path, file, fresh: false, findings };
    index.remember(&placed, before, fingerprint);
    Ok(placed)
}

fn stamp(fingerprint: &Fingerprint) -> Stamp {
    let mut stamp = Stamp::new();
    for (key, value) in &fingerprint.stamp {
        stamp.set(key, value).expect("the plan's values come from a stamp");
    }
    stamp
}

/// The bytes as the user's program signs them, where there is one and they can be signed.
fn signed(
    bytes: Vec<u8>,
    signer: Option<&Signer>,
    source: &Utf8Path,
    path: &Utf8Path,
    job: &Job<'_>,
) -> Result<Vec<u8>, EngineError> {
    match signer {
        Some(signer) if signer::run::is_signable(&facts(&bytes, source)?) => {
            Ok(signer::run::sign(signer, bytes, path, job.session())?)
        }
        _ => Ok(bytes),
    }
}

fn facts(bytes: &[u8], source: &Utf8Path) -> Result<tachi_binary::BinaryFacts, EngineError> {
    tachi_binary::facts(bytes)
        .map_err(|error| EngineError::Unreadable { path: source.to_owned(), source: error })
}

/// Unix permissions: programs and shared libraries are executable, static libraries are not.
fn mode(kind: ArtifactKind) -> u32 {
    if kind == ArtifactKind::Staticlib { 0o644 } else { 0o755 }
}
