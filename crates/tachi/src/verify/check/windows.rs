//! The checks of PE files.

use tachi_binary::{Kind, PeFacts, Version};
use tachi_schema::finding::Finding;

use super::Expected;
use crate::rule;

/// The oldest Windows that Rust's tier 1 and 2 targets support: Windows 10.
const OLDEST: Version = Version::new(10, 0, 0);

pub(super) fn check(facts: &PeFacts, wanted: &Expected<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        aslr(facts),
        nx(facts),
        super::writable_code(&facts.writable_executable),
        high_entropy(facts),
        control_flow(facts),
        floor(facts),
    ]
    .into_iter()
    .flatten()
    .collect();
    let imports = facts.imports.iter().chain(&facts.delay_imports);
    findings.extend(super::foreign_libraries(imports.map(String::as_str), wanted));
    findings
}

fn aslr(facts: &PeFacts) -> Option<Finding> {
    (!facts.hardening.aslr).then(|| {
        let what = if facts.kind == Kind::Executable { "program" } else { "library" };
        rule::MISSING_PIE
            .finding(format!("Windows loads the {what} at a fixed address (no DYNAMIC_BASE)"))
    })
}

fn nx(facts: &PeFacts) -> Option<Finding> {
    (!facts.hardening.nx)
        .then(|| rule::EXECUTABLE_STACK.finding("its data can be executed (no NX_COMPAT)"))
}

fn high_entropy(facts: &PeFacts) -> Option<Finding> {
    (facts.bits == 64 && facts.hardening.aslr && !facts.hardening.high_entropy).then(|| {
        rule::MISSING_HIGH_ENTROPY.finding("it does not take 64-bit addresses (no HIGH_ENTROPY_VA)")
    })
}

fn control_flow(facts: &PeFacts) -> Option<Finding> {
    let all = [(facts.hardening.cfg, "CFG"), (facts.hardening.cet, "CET")];
    let missing: Vec<&str> =
        all.into_iter().filter(|(has, _)| !has).map(|(_, name)| name).collect();
    (!missing.is_empty()).then(|| {
        rule::MISSING_CONTROL_FLOW_GUARD
            .finding(format!("it is not marked for {}", missing.join(" and ")))
    })
}

fn floor(facts: &PeFacts) -> Option<Finding> {
    let needed = facts.subsystem_version.max(facts.minimum_os);
    (needed > OLDEST).then(|| {
        rule::WINDOWS_TOO_NEW.finding(format!("it asks for Windows {needed}, newer than {OLDEST}"))
    })
}
