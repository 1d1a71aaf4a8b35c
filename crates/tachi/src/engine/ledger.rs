//! The ledger: what steps have made, for the steps after them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::manifest::File;
use tachi_schema::plan::Artifact;

use crate::cargo::expect::Produced;
use crate::cargo::messages::ScriptOutput;

/// What the steps of a run made so far.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    compiled: BTreeMap<Artifact, Produced>,
    scripts: Vec<ScriptOutput>,
    files: BTreeMap<Utf8PathBuf, File>,
}

impl Ledger {
    /// Enters what a cargo call made.
    pub(super) fn compiled(&self, files: Vec<Produced>, scripts: Vec<ScriptOutput>) {
        let mut entries = self.entries();
        for file in files {
            // What several calls report (the tests of a proc macro) is the first one's: its step
            // is the one that others need.
            entries.compiled.entry(file.artifact.clone()).or_insert(file);
        }
        entries.scripts.extend(scripts);
    }

    /// Enters a finished file: a verified copy or a package.
    pub(super) fn finished(&self, path: &Utf8Path, file: File) {
        self.entries().files.insert(path.to_owned(), file);
    }

    /// Where cargo put an artifact. The plan's order guarantees that it is there once a step
    /// that reads it runs.
    pub(super) fn source(&self, artifact: &Artifact) -> Option<Utf8PathBuf> {
        self.entries().compiled.get(artifact).map(|produced| produced.path.clone())
    }

    /// What was compiled for a target.
    pub(super) fn compiled_for(&self, target: &str) -> Vec<Produced> {
        let entries = self.entries();
        let of_target = |file: &&Produced| file.artifact.target == target;
        entries.compiled.values().filter(of_target).cloned().collect()
    }

    /// What build scripts gave.
    pub(super) fn scripts(&self) -> Vec<ScriptOutput> {
        self.entries().scripts.clone()
    }

    /// What is known of a finished file.
    pub(super) fn file(&self, path: &Utf8Path) -> Option<File> {
        self.entries().files.get(path).cloned()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
