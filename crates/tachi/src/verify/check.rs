//! The checks: pure functions of a file's facts and of what was asked for.

use tachi_binary::{BinaryFacts, Format, Version};
use tachi_schema::plan::ArtifactKind;

use super::finding::{Finding, Severity};
use crate::target::TargetFacts;
use crate::target::facts::ObjectFormat;

mod macos;

/// A file to check.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What was read from them.
    pub facts: &'a BinaryFacts,
    /// What it was built as.
    pub kind: ArtifactKind,
}

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The target.
    pub target: &'a TargetFacts,
    /// The oldest glibc that has to run it.
    pub glibc: Option<Version>,
    /// The oldest macOS that has to run it.
    pub minimum_os: Option<Version>,
}

/// Checks one file.
pub fn check(subject: Subject<'_>, wanted: Wanted<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        [platform(subject.facts, wanted.target), glibc_floor(subject.facts, wanted.glibc)]
            .into_iter()
            .flatten()
            .collect();
    if let BinaryFacts::MachO(facts) = subject.facts {
        findings.extend(macos::check(subject, facts, wanted.minimum_os));
    }
    findings
}

/// Checks a file that was joined for every Mac.
pub fn check_universal(facts: &BinaryFacts) -> Vec<Finding> {
    let mut found: Vec<&str> =
        facts.architectures().iter().map(|architecture| architecture.as_str()).collect();
    found.sort_unstable();
    if facts.format() == Format::FatMachO && found == ["aarch64", "x86_64"] {
        return Vec::new();
    }
    vec![Finding {
        code: "TV001",
        severity: Severity::Error,
        message: format!(
            "it is {} for {}, but a universal file is for aarch64 and x86_64",
            facts.format(),
            found.join(" and ")
        ),
        remedy: "look for a `linker` setting that points to another platform's tools",
    }]
}

fn platform(facts: &BinaryFacts, target: &TargetFacts) -> Option<Finding> {
    // An archive's members tell; nothing in the archive itself does.
    if facts.format() == Format::Archive {
        return None;
    }
    let expected = match target.object_format {
        ObjectFormat::Elf => Format::Elf,
        ObjectFormat::MachO => Format::MachO,
        ObjectFormat::Coff => Format::Pe,
        ObjectFormat::Wasm => Format::Wasm,
        ObjectFormat::Xcoff => return None,
    };
    let found: Vec<&str> =
        facts.architectures().iter().map(|architecture| architecture.as_str()).collect();
    if facts.format() == expected && found == [target.rustc_arch] {
        return None;
    }
    Some(Finding {
        code: "TV001",
        severity: Severity::Error,
        message: format!(
            "it is {} for {}, but {} needs {expected} for {}",
            facts.format(),
            found.join(" and "),
            target.triple,
            target.rustc_arch
        ),
        remedy: "look for a `linker` or `runner` setting that points to another platform's tools",
    })
}

fn glibc_floor(facts: &BinaryFacts, asked: Option<Version>) -> Option<Finding> {
    let (BinaryFacts::Elf(elf), Some(asked)) = (facts, asked) else { return None };
    let needed = elf.glibc_floor().filter(|needed| *needed > asked)?;
    let culprits: Vec<&str> = elf
        .version_needs
        .iter()
        .flat_map(|need| &need.versions)
        .map(|version| version.name.as_str())
        .filter(|name| *name == format!("GLIBC_{needed}"))
        .collect();
    Some(Finding {
        code: "TV002",
        severity: Severity::Error,
        message: format!(
            "it needs glibc {needed} ({}), newer than the {asked} asked for",
            culprits.join(", ")
        ),
        remedy: "raise `glibc` for this target in tachi.toml, or find the library that was compiled for a newer system",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::catalogue;

    /// This test's own executable: a real file for this machine.
    #[expect(
        clippy::disallowed_methods,
        reason = "pure modules do not use `sys`, their tests neither"
    )]
    fn own_facts() -> BinaryFacts {
        tachi_binary::facts(&std::fs::read(std::env::current_exe().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_file_for_another_architecture_is_found() {
        let facts = own_facts();
        let arch = facts.architectures()[0].as_str();
        let (same, other) = match arch {
            "x86_64" => ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"),
            _ => ("aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"),
        };
        assert_eq!(platform(&facts, catalogue::find(same).unwrap()), None);
        for target in [other, "x86_64-pc-windows-msvc", "aarch64-apple-darwin"] {
            let finding = platform(&facts, catalogue::find(target).unwrap()).unwrap();
            assert_eq!((finding.code, finding.severity), ("TV001", Severity::Error), "{target}");
        }
    }

    #[test]
    fn a_floor_that_is_exceeded_is_found_with_the_version() {
        let facts = own_facts();
        let BinaryFacts::Elf(elf) = &facts else { panic!("not an ELF file") };
        let Some(needed) = elf.glibc_floor() else { return };
        assert_eq!(glibc_floor(&facts, Some(needed)), None);
        let finding = glibc_floor(&facts, Some(Version::new(2, 0, 0))).unwrap();
        assert_eq!(finding.code, "TV002");
        assert!(finding.message.contains(&format!("GLIBC_{needed}")), "{}", finding.message);
    }
}
