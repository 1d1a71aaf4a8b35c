//! An index of what placed files were made from: a file whose sources and copy have not changed
//! since the last run costs two looks at the disk.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use tachi_schema::manifest::File;
use tachi_schema::plan::Signer;

use crate::sys::{SysError, fs};
use crate::verify::Finding;

/// The name of the index, in each target's folder of finished files.
const INDEX: &str = ".placed.json";

/// A placed file.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// Where it is.
    pub(super) path: Utf8PathBuf,
    /// What it is.
    pub(super) file: File,
    /// It is from an earlier run.
    pub(super) fresh: bool,
    /// What verification says about it.
    pub(super) findings: Vec<Finding>,
}

/// What a placed file depends on beside its sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    /// The values of its stamp.
    pub(super) stamp: BTreeMap<String, String>,
    /// Who signs it.
    pub(super) signer: Option<Signer>,
    /// A digest of what it is checked against.
    pub(super) expectations: String,
}

/// What is remembered of the placed files in one folder, by their paths in it.
#[derive(Debug)]
pub(super) struct PlacedIndex {
    folder: Utf8PathBuf,
    entries: BTreeMap<String, Entry>,
}

/// A file's length, and its time in nanoseconds.
pub(super) type State = (u64, u128);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    sources: Vec<State>,
    #[serde(flatten)]
    fingerprint: Fingerprint,
    copy: State,
    file: File,
    findings: Vec<Finding>,
}

impl PlacedIndex {
    /// Reads the index of `folder`; empty if it is lost or damaged.
    pub(super) fn read(folder: &Utf8Path) -> Self {
        let text = fs::read_if_exists(&folder.join(INDEX)).ok().flatten();
        let entries = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { folder: folder.to_owned(), entries }
    }

    /// # Errors
    /// The index cannot be written.
    pub(super) fn write(&self) -> Result<(), SysError> {
        let json = serde_json::to_vec(&self.entries).expect("strings and numbers always serialise");
        fs::write_atomic(&self.folder.join(INDEX), &json)
    }

    /// The file at `path` as it was placed, if it is still the one that was made from
    /// `sources` with this `fingerprint`.
    pub(super) fn fresh(
        &self,
        path: &Utf8Path,
        sources: &[&Utf8Path],
        fingerprint: &Fingerprint,
    ) -> Option<Placed> {
        let entry = self.entries.get(self.key(path))?;
        let same = entry.fingerprint == *fingerprint
            && state(path) == Some(entry.copy)
            && states(sources).as_ref() == Some(&entry.sources);
        same.then(|| Placed {
            path: path.to_owned(),
            file: entry.file.clone(),
            fresh: true,
            findings: entry.findings.clone(),
        })
    }

    /// Remembers a placed file, with `sources` as they were before it was placed.
    pub(super) fn remember(
        &mut self,
        placed: &Placed,
        sources: Option<Vec<State>>,
        fingerprint: &Fingerprint,
    ) {
        let (Some(sources), Some(copy)) = (sources, state(&placed.path)) else { return };
        let (file, findings) = (placed.file.clone(), placed.findings.clone());
        let entry = Entry { sources, fingerprint: fingerprint.clone(), copy, file, findings };
        let key = self.key(&placed.path).to_owned();
        self.entries.insert(key, entry);
    }

    /// A path in the folder: the index says the same wherever the folder lies.
    fn key<'a>(&self, path: &'a Utf8Path) -> &'a str {
        path.strip_prefix(&self.folder).unwrap_or(path).as_str()
    }
}

fn state(path: &Utf8Path) -> Option<State> {
    fs::state(path).map(|state| (state.len, state.modified_ns))
}

/// The states of all of `paths`, if all are there.
pub(super) fn states(paths: &[&Utf8Path]) -> Option<Vec<State>> {
    paths.iter().map(|path| state(path)).collect()
}
