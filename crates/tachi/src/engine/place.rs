//! Placing finished files: stamped, signed, checked, copied out of cargo's folder, described.
//! A file whose source and copy are both unchanged since the last run costs two looks at the
//! disk.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use tachi_binary::stamp::Stamp;
use tachi_binary::{BinaryFacts, Format};
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::{ArtifactKind, PlacedFile, Signer};

use super::error::EngineError;
use crate::digest;
use crate::post::finish::finish;
use crate::post::signer;
use crate::session::Session;
use crate::sys::{SysError, fs};
use crate::verify::Finding;
use crate::verify::check::{self, Subject, Wanted};

/// The name of the record, in each target's folder of finished files.
const RECORD: &str = ".placed.json";

/// A placed file.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Where it is.
    pub path: Utf8PathBuf,
    /// What it is.
    pub file: File,
    /// It was there already.
    pub fresh: bool,
    /// What verification says about it.
    pub findings: Vec<Finding>,
}

/// What is remembered of the files of one target.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Record {
    entries: BTreeMap<String, Entry>,
}

impl Record {
    /// The file at `path` as it was placed, if it is still the one that was made from
    /// `sources` on this `basis`.
    pub(super) fn fresh(
        &self,
        path: &Utf8Path,
        sources: &[&Utf8Path],
        basis: &Basis,
    ) -> Option<Placed> {
        let entry = self.entries.get(path.as_str())?;
        let same = entry.basis == *basis
            && state(path) == Some(entry.copy)
            && states(sources).as_ref() == Some(&entry.sources);
        same.then(|| Placed {
            path: path.to_owned(),
            file: entry.file.clone(),
            fresh: true,
            findings: entry.findings.clone(),
        })
    }

    /// Remembers a placed file; `sources` as they were before.
    pub(super) fn remember(&mut self, placed: &Placed, sources: Option<Vec<State>>, basis: &Basis) {
        if let (Some(sources), Some(copy)) = (sources, state(&placed.path)) {
            let (file, findings) = (placed.file.clone(), placed.findings.clone());
            let entry = Entry { sources, basis: basis.clone(), copy, file, findings };
            self.entries.insert(placed.path.to_string(), entry);
        }
    }

    /// Reads what is remembered; nothing if the record is lost or damaged.
    pub fn read(folder: &Utf8Path) -> Self {
        let text = fs::read_if_exists(&folder.join(RECORD)).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// # Errors
    /// The record cannot be written.
    pub fn write(&self, folder: &Utf8Path) -> Result<(), SysError> {
        let json = serde_json::to_vec(self).expect("strings and numbers always serialise");
        fs::write_atomic(&folder.join(RECORD), &json)
    }
}

/// A file's length, and its time in nanoseconds.
type State = (u64, u128);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    sources: Vec<State>,
    #[serde(flatten)]
    basis: Basis,
    copy: State,
    file: File,
    findings: Vec<Finding>,
}

/// What a placed file depends on beside its sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What it says of itself: the values of a [`Stamp`].
    pub stamp: BTreeMap<String, String>,
    /// Who signs it.
    pub signer: Option<Signer>,
    /// A digest of what is held against it.
    pub held: String,
}

/// What all files of one target have in common.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// The folder of the manifest that the paths are relative to.
    pub root: &'a Utf8Path,
    /// What was asked for.
    pub wanted: Wanted<'a>,
    /// What they depend on beside cargo's files.
    pub basis: &'a Basis,
    /// What signers are called in.
    pub session: &'a Session,
    /// Versions by package.
    pub versions: &'a BTreeMap<String, String>,
}

impl Destination<'_> {
    fn stamp(&self) -> Stamp {
        let mut stamp = Stamp::new();
        for (key, value) in &self.basis.stamp {
            stamp.set(key, value).expect("the plan's values come from a stamp");
        }
        stamp
    }

    /// Copies `source` to the place that `planned` names, unless that has been done.
    ///
    /// # Errors
    /// A file cannot be read or written, or is no object file.
    pub fn place(
        &self,
        planned: &PlacedFile,
        source: &Utf8Path,
        record: &mut Record,
    ) -> Result<Placed, EngineError> {
        let path = Utf8PathBuf::from(&planned.to);
        if let Some(placed) = record.fresh(&path, &[source], self.basis) {
            return Ok(placed);
        }
        let before = states(&[source]);
        let identifier = path.file_name().unwrap_or_default();
        let mut bytes = finish(fs::read(source)?, &self.stamp(), identifier)
            .map_err(|error| EngineError::Finish { path: source.to_owned(), source: error })?;
        let read = |bytes: &[u8]| {
            tachi_binary::facts(bytes)
                .map_err(|error| EngineError::Unreadable { path: source.to_owned(), source: error })
        };
        let mut facts = read(&bytes)?;
        let signer = self.basis.signer.as_ref();
        if let Some(signer) = signer.filter(|_| signer::run::is_signable(&facts)) {
            bytes = signer::run::sign(signer, bytes, &path, self.session)?;
            facts = read(&bytes)?;
        }
        let subject = Subject {
            name: path.file_name().unwrap_or_default(),
            bytes: &bytes,
            facts: &facts,
            kind: Some(planned.artifact.kind),
        };
        let findings = check::check(&subject, &self.wanted);
        fs::write_atomic_with::<SysError>(&path, mode(planned.artifact.kind), |file| {
            std::io::Write::write_all(file, &bytes).map_err(SysError::file("write", &path))
        })?;
        let file = describe(planned, self.root, self.versions, &bytes, &facts);
        let placed = Placed { path, file, fresh: false, findings };
        record.remember(&placed, before, self.basis);
        Ok(placed)
    }
}

/// What the manifest in `root` says of a finished file.
pub(super) fn describe(
    planned: &PlacedFile,
    root: &Utf8Path,
    versions: &BTreeMap<String, String>,
    bytes: &[u8],
    facts: &BinaryFacts,
) -> File {
    let artifact = &planned.artifact;
    let path = Utf8Path::new(&planned.to);
    File {
        path: path.strip_prefix(root).unwrap_or(path).to_string(),
        size: bytes.len() as u64,
        sha256: digest::sha256_of(bytes),
        target: artifact.target.clone(),
        package: artifact.package.clone(),
        version: versions.get(&artifact.package).cloned().unwrap_or_default(),
        content: Content::Binary {
            kind: artifact.kind,
            format: format_name(facts.format()).to_owned(),
            glibc: glibc(facts),
            libraries: libraries(facts),
        },
    }
}

/// Unix permissions: what is run or loaded is executable, what is linked is not.
fn mode(kind: ArtifactKind) -> u32 {
    if kind == ArtifactKind::Staticlib { 0o644 } else { 0o755 }
}

fn state(path: &Utf8Path) -> Option<State> {
    fs::state(path).map(|state| (state.len, state.modified_ns))
}

/// The states of all of `paths`, if all are there.
pub(super) fn states(paths: &[&Utf8Path]) -> Option<Vec<State>> {
    paths.iter().map(|path| state(path)).collect()
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Elf => "elf",
        Format::MachO | Format::FatMachO => "mach-o",
        Format::Pe => "pe",
        Format::Wasm => "wasm",
        Format::Archive => "archive",
        _ => "other",
    }
}

fn glibc(facts: &BinaryFacts) -> Option<String> {
    match facts {
        BinaryFacts::Elf(elf) => elf.glibc_floor().map(|version| version.to_string()),
        _ => None,
    }
}

fn libraries(facts: &BinaryFacts) -> Vec<String> {
    match facts {
        BinaryFacts::Elf(elf) => elf.needed.clone(),
        BinaryFacts::MachO(macho) => macho.dylibs.iter().map(|dylib| dylib.path.clone()).collect(),
        BinaryFacts::FatMachO(fat) => {
            let mut paths: Vec<String> =
                fat.slices.iter().flat_map(|slice| libraries(&slice.facts)).collect();
            paths.sort();
            paths.dedup();
            paths
        }
        BinaryFacts::Pe(pe) => pe.imports.clone(),
        _ => Vec::new(),
    }
}
