//! A manifest's entry for a finished file.

use std::collections::BTreeMap;

use camino::Utf8Path;
use tachi_binary::{BinaryFacts, Format};
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::PlacedFile;

use crate::digest;

/// The entry of a finished file in the manifest of `root`.
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
