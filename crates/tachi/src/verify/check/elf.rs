//! The checks of ELF files.

use tachi_binary::{ElfFacts, Kind, Linkage, Relro, Version};
use tachi_schema::finding::{Finding, Severity};

use super::{Expected, runtime, search_path};
use crate::rule;
use crate::target::TargetFacts;

pub(super) fn check(facts: &ElfFacts, wanted: &Expected<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        glibc_floor(facts, wanted.glibc),
        runtime_floor(facts, wanted.glibc),
        kernel_floor(facts, wanted.glibc),
        pie(facts, wanted.target),
        relro(facts),
        executable_stack(facts),
        super::writable_code(&facts.writable_executable),
        text_relocations(facts),
        control_flow(facts),
        stack_protector(facts),
    ]
    .into_iter()
    .flatten()
    .collect();
    let paths = [&facts.rpath, &facts.runpath];
    let folders = paths.into_iter().flatten().flat_map(|path| path.split(':'));
    findings.extend(search_path::check(folders, "$ORIGIN"));
    findings.extend(super::foreign_libraries(facts.needed.iter().map(String::as_str), wanted));
    findings
}

fn glibc_floor(facts: &ElfFacts, asked: Option<Version>) -> Option<Finding> {
    let needed = facts.glibc_floor()?;
    let asked = asked.filter(|asked| needed > *asked)?;
    let version = format!("GLIBC_{needed}");
    let symbols: Vec<&str> = facts
        .imports
        .iter()
        .filter(|import| import.version.as_ref() == Some(&version))
        .map(|import| import.symbol.as_str())
        .collect();
    let culprits = if symbols.is_empty() { version } else { some_of(&symbols) };
    Some(
        rule::GLIBC_TOO_NEW.finding(format!(
            "it needs glibc {needed} ({culprits}), newer than the {asked} asked for"
        )),
    )
}

fn runtime_floor(facts: &ElfFacts, asked: Option<Version>) -> Option<Finding> {
    let asked = asked?;
    let has = runtime::beside(asked)?;
    let floors = &facts.floors;
    let needs = [
        ("GLIBCXX", floors.glibcxx, has.glibcxx),
        ("CXXABI", floors.cxxabi, has.cxxabi),
        ("GCC", floors.gcc, has.gcc),
    ];
    let (name, needed, there) = needs
        .into_iter()
        .find_map(|(name, needed, has)| Some((name, needed.filter(|one| *one > has)?, has)))?;
    Some(rule::RUNTIME_TOO_NEW.finding(format!(
        "it needs {name}_{needed}, and systems with glibc {asked} have {name}_{there} at most"
    )))
}

fn kernel_floor(facts: &ElfFacts, asked: Option<Version>) -> Option<Finding> {
    let (needed, asked) = (facts.kernel_floor?, asked?);
    let has = runtime::beside(asked)?.kernel;
    (needed > has).then(|| {
        rule::KERNEL_TOO_NEW.finding(format!(
            "it demands Linux {needed}, and systems with glibc {asked} may have {has}"
        ))
    })
}

fn pie(facts: &ElfFacts, target: &TargetFacts) -> Option<Finding> {
    if facts.kind != Kind::Executable || facts.pie {
        return None;
    }
    let is_static = facts.linkage == Linkage::Static;
    let linkage = if is_static { "static" } else { "dynamic" };
    let finding =
        rule::MISSING_PIE.finding(format!("it is a {linkage} program at a fixed address"));
    // Of rustc's targets with musl, only this one makes static programs that can be moved.
    if is_static && target.env == "musl" && target.rustc_arch != "x86_64" {
        let message = format!("{}, as rustc makes them for {}", finding.message, target.triple);
        return Some(Finding { severity: Severity::Note, message, ..finding });
    }
    Some(finding)
}

fn relro(facts: &ElfFacts) -> Option<Finding> {
    let is_linked = matches!(facts.kind, Kind::Executable | Kind::SharedLibrary);
    let what = match facts.hardening.relro {
        _ if !is_linked => return None,
        Relro::Full => return None,
        Relro::Partial => "the table of imported functions stays writable (partial RELRO)",
        // Without a loader and at a fixed address, nothing is relocated at run time.
        Relro::None if facts.linkage == Linkage::Static && !facts.pie => return None,
        Relro::None => "what the loader has filled in stays writable (no RELRO)",
    };
    Some(rule::MISSING_RELRO.finding(what))
}

fn executable_stack(facts: &ElfFacts) -> Option<Finding> {
    facts
        .hardening
        .executable_stack
        .then(|| rule::EXECUTABLE_STACK.finding("its stack can be executed"))
}

fn text_relocations(facts: &ElfFacts) -> Option<Finding> {
    facts.hardening.text_relocations.then(|| {
        rule::TEXT_RELOCATIONS.finding("the loader has to write into its code (DT_TEXTREL)")
    })
}

fn control_flow(facts: &ElfFacts) -> Option<Finding> {
    let hardening = &facts.hardening;
    let missing: Vec<&str> = match facts.architecture.as_str() {
        "x86_64" => [(hardening.ibt, "IBT"), (hardening.shadow_stack, "SHSTK")].to_vec(),
        "aarch64" => [(hardening.bti, "BTI"), (hardening.pac, "PAC")].to_vec(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|(has, _)| !has)
    .map(|(_, name)| name)
    .collect();
    (!missing.is_empty()).then(|| {
        rule::MISSING_CONTROL_FLOW_GUARD
            .finding(format!("it is not marked for {}", missing.join(" and ")))
    })
}

/// Rust's own code has none, so their absence says little of a file without C.
fn stack_protector(facts: &ElfFacts) -> Option<Finding> {
    (!facts.hardening.stack_protector)
        .then(|| rule::MISSING_STACK_PROTECTOR.finding("none of its code checks its stack frames"))
}

/// The first few of many names.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}
