//! Joining the files of the two macOS targets. Each slice keeps the signature it has.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::plan::JoinedFile;

use super::error::EngineError;
use super::place::{Placed, Record, describe, states};
use crate::post::universal;
use crate::sys::fs;
use crate::verify::check;

/// Joins the parts of `joined`, unless that has been done. The manifest is in `root`.
///
/// # Errors
/// A part cannot be read, parts do not belong together, or the result cannot be written.
pub fn join(
    joined: &JoinedFile,
    root: &Utf8Path,
    versions: &BTreeMap<String, String>,
    record: &mut Record,
) -> Result<Placed, EngineError> {
    let path = Utf8PathBuf::from(&joined.file.to);
    let parts: Vec<&Utf8Path> = joined.parts.iter().map(Utf8Path::new).collect();
    let no_stamp = BTreeMap::new();
    if let Some(file) = record.fresh(&path, &parts, &no_stamp, None) {
        return Ok(Placed { path, file: file.clone(), fresh: true, findings: Vec::new() });
    }
    let before = states(&parts);
    let inputs: Vec<Utf8PathBuf> = parts.iter().map(|&part| part.to_owned()).collect();
    universal::create(&inputs, &path)?;
    let bytes = fs::read(&path)?;
    let facts = tachi_binary::facts(&bytes)
        .map_err(|source| EngineError::Unreadable { path: path.clone(), source })?;
    let findings = check::check_universal(&facts);
    let file = describe(&joined.file, root, versions, &bytes, &facts);
    if findings.is_empty() {
        record.remember(&path, before, &no_stamp, None, &file);
    }
    Ok(Placed { path, file, fresh: false, findings })
}
