//! The checks on a real file: this test's own program.

use super::*;
use crate::target::catalogue;

/// This test's own executable: a real file for this machine.
#[expect(clippy::disallowed_methods, reason = "pure modules do not use `sys`, their tests neither")]
fn own() -> (Vec<u8>, BinaryFacts) {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let facts = tachi_binary::facts(&bytes).unwrap();
    (bytes, facts)
}

fn codes(target: &str, glibc: Option<Version>, scope: Scope, policy: &Policy) -> Vec<String> {
    let (bytes, facts) = own();
    let known = Known::default();
    let subject = Subject { name: "tool", bytes: &bytes, facts: &facts, kind: None };
    let target = catalogue::find(target).unwrap();
    let wanted =
        Expected { target, glibc, minimum_os: None, scope, policy, known: &known, sources: None };
    check(&subject, &wanted).into_iter().map(|finding| finding.code).collect()
}

fn host() -> (&'static str, &'static str) {
    match own().1.architectures()[0].as_str() {
        "x86_64" => ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"),
        _ => ("aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"),
    }
}

#[test]
fn a_file_for_another_architecture_or_system_is_found() {
    let (same, other) = host();
    let policy = Policy::default();
    assert_eq!(codes(same, None, Scope::Build, &policy), [""; 0]);
    for target in [other, "x86_64-pc-windows-msvc", "aarch64-apple-darwin"] {
        assert_eq!(codes(target, None, Scope::Build, &policy), ["TV001"], "{target}");
    }
}

#[test]
fn a_floor_that_is_exceeded_is_found_with_the_symbols_above_it() {
    let (_, facts) = own();
    let BinaryFacts::Elf(elf) = &facts else { panic!("not an ELF file") };
    let needed = elf.glibc_floor().expect("a test program is linked with glibc");
    let policy = Policy::default();
    let (same, _) = host();
    assert_eq!(codes(same, Some(needed), Scope::Build, &policy), [""; 0]);
    assert_eq!(codes(same, Some(Version::new(2, 0, 0)), Scope::Build, &policy), ["TV002"]);
}

#[test]
fn more_rules_apply_to_a_release_and_the_users_policy_decides() {
    let (same, _) = host();
    let limited = |text: &str| Policy::new(&toml::from_str(text).unwrap());
    let policy = limited("max-size = 10");
    assert!(codes(same, None, Scope::Release, &policy).contains(&"TV032".into()));
    assert!(!codes(same, None, Scope::Build, &policy).contains(&"TV032".into()));
    let policy = limited("max-size = 10\nallow = ['too-large']");
    assert!(!codes(same, None, Scope::Release, &policy).contains(&"TV032".into()));
}
