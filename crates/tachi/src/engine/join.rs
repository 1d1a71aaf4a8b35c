//! Joining the files of the two macOS targets. Each slice keeps the signature it has.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::plan::JoinedFile;

use super::error::EngineError;
use super::place::{Destination, Placed, Record, describe, states};
use crate::post::universal;
use crate::sys::fs;
use crate::verify::check::{self, Subject};

/// Joins the parts of `joined`, unless that has been done.
///
/// # Errors
/// A part cannot be read, parts do not belong together, or the result cannot be written.
pub fn join(
    joined: &JoinedFile,
    destination: &Destination<'_>,
    record: &mut Record,
) -> Result<Placed, EngineError> {
    let path = Utf8PathBuf::from(&joined.file.to);
    let parts: Vec<&Utf8Path> = joined.parts.iter().map(Utf8Path::new).collect();
    if let Some(placed) = record.fresh(&path, &parts, destination.basis) {
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
    let findings = check::check_universal(&subject, &destination.wanted);
    let file = describe(&joined.file, destination.root, destination.versions, &bytes, &facts);
    let placed = Placed { path, file, fresh: false, findings };
    record.remember(&placed, before, destination.basis);
    Ok(placed)
}
