//! Placing finished files: stamped, checked, copied out of cargo's folder, described. A file whose
//! source and copy are both unchanged since the last run costs two looks at the disk.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use tachi_binary::stamp::Stamp;
use tachi_binary::{BinaryFacts, Format};
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::{ArtifactKind, PlacedFile};

use super::error::EngineError;
use crate::post::finish::finish;
use crate::sys::{SysError, fs};
use crate::target::TargetFacts;
use crate::verify::{Finding, check};

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    source: (u64, u128),
    stamp: BTreeMap<String, String>,
    copy: (u64, u128),
    file: File,
}

/// What all files of one target have in common.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// The folder of the manifest that the paths are relative to.
    pub root: &'a Utf8Path,
    /// The target.
    pub target: &'a TargetFacts,
    /// The glibc floor asked for.
    pub glibc: Option<tachi_binary::Version>,
    /// What the files are to say of themselves: the values of a [`Stamp`].
    pub stamp: &'a BTreeMap<String, String>,
    /// Versions by package.
    pub versions: &'a BTreeMap<String, String>,
}

impl Destination<'_> {
    fn stamp(&self) -> Stamp {
        let mut stamp = Stamp::new();
        for (key, value) in self.stamp {
            stamp.set(key, value).expect("the plan's values come from a stamp");
        }
        stamp
    }

    fn record_path(&self) -> Utf8PathBuf {
        self.root.join(self.target.triple).join(RECORD)
    }

    /// Reads what is remembered; nothing if the record is lost or damaged.
    pub fn read_record(&self) -> Record {
        let text = fs::read_if_exists(&self.record_path()).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// # Errors
    /// The record cannot be written.
    pub fn write_record(&self, record: &Record) -> Result<(), SysError> {
        let json = serde_json::to_vec(record).expect("strings and numbers always serialise");
        fs::write_atomic(&self.record_path(), &json)
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
        if let Some(entry) = record.entries.get(&planned.to)
            && entry.stamp == *self.stamp
            && state(source) == Some(entry.source)
            && state(&path) == Some(entry.copy)
        {
            return Ok(Placed {
                path,
                file: entry.file.clone(),
                fresh: true,
                findings: Vec::new(),
            });
        }
        let before = state(source);
        let identifier = path.file_name().unwrap_or_default();
        let bytes = finish(fs::read(source)?, &self.stamp(), identifier)
            .map_err(|error| EngineError::Finish { path: source.to_owned(), source: error })?;
        let facts = tachi_binary::facts(&bytes)
            .map_err(|error| EngineError::Unreadable { path: source.to_owned(), source: error })?;
        let findings = check::check(&facts, self.target, self.glibc);
        fs::write_atomic_with::<SysError>(&path, mode(planned.artifact.kind), |file| {
            std::io::Write::write_all(file, &bytes).map_err(SysError::file("write", &path))
        })?;
        let file = self.describe(planned, &path, &bytes, &facts);
        // A file with findings is looked at again, and complained about again, next time.
        if let (Some(source), Some(copy), true) = (before, state(&path), findings.is_empty()) {
            record.entries.insert(
                planned.to.clone(),
                Entry { source, stamp: self.stamp.clone(), copy, file: file.clone() },
            );
        }
        Ok(Placed { path, file, fresh: false, findings })
    }

    fn describe(
        &self,
        planned: &PlacedFile,
        path: &Utf8Path,
        bytes: &[u8],
        facts: &BinaryFacts,
    ) -> File {
        use sha2::Digest;
        let artifact = &planned.artifact;
        File {
            path: path.strip_prefix(self.root).unwrap_or(path).to_string(),
            size: bytes.len() as u64,
            sha256: fs::hex(&sha2::Sha256::digest(bytes)),
            target: artifact.target.clone(),
            package: artifact.package.clone(),
            version: self.versions.get(&artifact.package).cloned().unwrap_or_default(),
            content: Content::Binary {
                kind: artifact.kind,
                format: format_name(facts.format()).to_owned(),
                glibc: glibc(facts),
                libraries: libraries(facts),
            },
        }
    }
}

/// Unix permissions: what is run or loaded is executable, what is linked is not.
fn mode(kind: ArtifactKind) -> u32 {
    if kind == ArtifactKind::Staticlib { 0o644 } else { 0o755 }
}

fn state(path: &Utf8Path) -> Option<(u64, u128)> {
    fs::state(path).map(|state| (state.len, state.modified_ns))
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
        BinaryFacts::Pe(pe) => pe.imports.clone(),
        _ => Vec::new(),
    }
}
