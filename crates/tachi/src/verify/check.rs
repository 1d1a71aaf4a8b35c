//! The checks: pure functions of a file's bytes and facts, and of what was asked for.

use std::fmt::Write as _;

use tachi_binary::leaks::Known;
use tachi_binary::{BinaryFacts, Format, Version, dependencies};
use tachi_schema::finding::Finding;
use tachi_schema::plan::ArtifactKind;

use super::policy::Policy;
use crate::rule::{self, Rule, Scope};
use crate::target::TargetFacts;
use crate::target::facts::ObjectFormat;
use crate::vcs::SourceState;

mod base;
mod elf;
mod leaks;
mod macos;
mod name;
mod runtime;
mod search_path;
mod stamp;
mod windows;

/// A file to check.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its name, without folders.
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// What was read from them.
    pub facts: &'a BinaryFacts,
    /// What it was built as, if that is known.
    pub kind: Option<ArtifactKind>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub target: &'a TargetFacts,
    /// The oldest glibc that has to run it.
    pub glibc: Option<Version>,
    /// The oldest macOS that has to run it.
    pub minimum_os: Option<Version>,
    /// How much is looked at.
    pub scope: Scope,
    /// The rules that it is checked against.
    pub policy: &'a Policy,
    /// What of this machine must not be in it.
    pub known: &'a Known,
    /// The repository that it is made from.
    pub sources: Option<&'a SourceState>,
}

/// Checks a file for one target.
pub fn check(subject: &Subject<'_>, wanted: &Expected<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = platform(subject.facts, wanted.target).into_iter().collect();
    // Rules for files of its target's system say nothing about a file for another one.
    findings.extend(match subject.facts {
        _ if !findings.is_empty() => Vec::new(),
        BinaryFacts::Elf(facts) => elf::check(facts, wanted),
        BinaryFacts::MachO(facts) => macos::check(subject, facts, wanted),
        BinaryFacts::Pe(facts) => windows::check(facts, wanted),
        _ => Vec::new(),
    });
    judge(findings, subject, wanted)
}

/// Checks a file that was joined for every Mac, and whose slices have been checked.
pub fn check_universal(subject: &Subject<'_>, wanted: &Expected<'_>) -> Vec<Finding> {
    let mut found: Vec<&str> =
        subject.facts.architectures().iter().map(|architecture| architecture.as_str()).collect();
    found.sort_unstable();
    let is_universal = subject.facts.format() == Format::FatMachO && found == ["aarch64", "x86_64"];
    let wrong = (!is_universal).then(|| {
        rule::WRONG_PLATFORM.finding(format!(
            "it is {} for {}, but a universal file is for aarch64 and x86_64",
            subject.facts.format(),
            found.join(" and ")
        ))
    });
    judge(wrong.into_iter().collect(), subject, wanted)
}

/// Adds the checks for files of every format, and applies the policy.
fn judge(mut findings: Vec<Finding>, subject: &Subject<'_>, wanted: &Expected<'_>) -> Vec<Finding> {
    if wanted.scope == Scope::Release {
        findings.extend(leaks::check(subject, wanted));
        let others = [
            name::check(subject.name, subject.facts),
            stamp::check(subject, wanted),
            too_large(subject, wanted.policy),
            dependency_list(subject),
        ];
        findings.extend(others.into_iter().flatten());
    }
    findings
        .retain(|finding| Rule::find(&finding.code).is_none_or(|rule| rule.scope <= wanted.scope));
    wanted.policy.apply(findings)
}

fn platform(facts: &BinaryFacts, target: &TargetFacts) -> Option<Finding> {
    // The members of an archive tell its platform; the archive itself does not.
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
    Some(rule::WRONG_PLATFORM.finding(format!(
        "it is {} for {}, but {} needs {expected} for {}",
        facts.format(),
        found.join(" and "),
        target.triple,
        target.rustc_arch
    )))
}

/// Libraries that neither every system has nor the user allows.
fn foreign_libraries<'a>(
    libraries: impl Iterator<Item = &'a str>,
    wanted: &Expected<'_>,
) -> Option<Finding> {
    let is_allowed =
        |library: &&str| wanted.policy.allow_imports.iter().any(|pattern| pattern.matches(library));
    let foreign: Vec<&str> = libraries
        .filter(|library| !base::has(wanted.target, library))
        .filter(|library| !is_allowed(library))
        .collect();
    (!foreign.is_empty()).then(|| {
        rule::FOREIGN_LIBRARY
            .finding(format!("it loads {}, which not every system has", foreign.join(", ")))
    })
}

fn writable_code(places: &[String]) -> Option<Finding> {
    (!places.is_empty()).then(|| {
        rule::WRITABLE_CODE
            .finding(format!("{} can be written and executed at once", places.join(", ")))
    })
}

fn too_large(subject: &Subject<'_>, policy: &Policy) -> Option<Finding> {
    let (size, limit) = (subject.bytes.len() as u64, policy.max_size?);
    (size > limit)
        .then(|| rule::TOO_LARGE.finding(format!("it has {size} bytes, and `max-size` is {limit}")))
}

/// The list of crates that `cargo auditable` puts into programs.
fn dependency_list(subject: &Subject<'_>) -> Option<Finding> {
    let linked = matches!(subject.kind, None | Some(ArtifactKind::Executable));
    if !linked || subject.facts.format() == Format::Archive {
        return None;
    }
    let mut message = "it has no list of the crates in it".to_owned();
    match dependencies::read(subject.bytes) {
        Ok(Some(_)) => return None,
        Ok(None) => {}
        // Writing to a string cannot fail.
        Err(error) => {
            let _ = write!(message, " that can be read: {error}");
        }
    }
    Some(rule::NO_DEPENDENCY_LIST.finding(message))
}

#[cfg(test)]
mod tests;
