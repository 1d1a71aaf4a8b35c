//! The generated catalogue against the rustc that is installed.

#![expect(
    clippy::disallowed_methods,
    reason = "tests prepare and look at the machine directly, so as not to trust what they test"
)]

use std::process::Command;

use crate::target::TargetFacts;
use crate::target::catalogue;
use crate::target::catalogue::table::RUSTC_VERSION;
use crate::target::facts::{CdylibSupport, Endian, Tier};

fn rustc(args: &[&str]) -> String {
    let output = Command::new("rustc").args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "rustc {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// `1.95` of `1.95.0`.
fn minor(version: &str) -> &str {
    version.rsplit_once('.').map_or(version, |(minor, _)| minor)
}

fn rustc_is_the_tables() -> bool {
    let version = rustc(&["-vV"]);
    let release = version.lines().find_map(|line| line.strip_prefix("release: "));
    minor(release.unwrap()) == minor(RUSTC_VERSION)
}

/// The specification's six, and what a release for many systems is likely to add to them.
const COMMON: [&str; 14] = [
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "i686-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "riscv64gc-unknown-linux-gnu",
    "x86_64-pc-windows-gnu",
    "x86_64-unknown-freebsd",
    "wasm32-wasip1",
];

/// With the rustc that the table was made from, all targets that have promises; with any
/// other, those that no release will drop.
fn compared() -> Vec<&'static TargetFacts> {
    if rustc_is_the_tables() {
        return catalogue::all().iter().filter(|facts| facts.tier < Tier::Three).collect();
    }
    COMMON.iter().map(|triple| catalogue::find(triple).unwrap()).collect()
}

#[test]
fn the_catalogue_lists_what_rustc_lists() {
    let list = rustc(&["--print", "target-list"]);
    let theirs: Vec<&str> = list.lines().collect();
    if rustc_is_the_tables() {
        let ours: Vec<&str> = catalogue::all().iter().map(|facts| facts.triple).collect();
        assert_eq!(ours, theirs, "run `cargo xtask generate`");
    }
    for triple in COMMON {
        assert!(theirs.contains(&triple), "rustc has no {triple}");
        assert!(catalogue::find(triple).is_some(), "the catalogue has no {triple}");
    }
}

#[test]
fn the_facts_of_a_target_are_rustcs_configuration_and_file_names() {
    let compared = compared();
    assert!(compared.len() >= COMMON.len());
    for facts in compared {
        let said = rustc(&[
            "--target",
            facts.triple,
            "--crate-name=a_b",
            "--crate-type=bin,cdylib,staticlib",
            "--print=cfg",
            "--print=file-names",
            "/dev/null",
        ]);
        let (cfg, names): (Vec<&str>, Vec<&str>) =
            said.lines().partition(|line| !line.contains("a_b"));
        assert_eq!(cfg_of(facts, &cfg), expected_cfg(facts), "{}", facts.triple);
        assert_eq!(names, expected_names(facts), "{}", facts.triple);
    }
}

/// The `target_*` values of rustc that the table has, sorted.
fn cfg_of(facts: &TargetFacts, cfg: &[&str]) -> Vec<String> {
    // `target_abi` and `target_env` are left out by rustc where they are empty.
    let mut lines: Vec<String> = cfg
        .iter()
        .filter(|line| {
            ["arch", "os", "env", "abi", "vendor", "endian", "pointer_width", "family"]
                .iter()
                .any(|key| line.starts_with(&format!("target_{key}=")))
        })
        .filter(|line| !line.ends_with("=\"\""))
        .map(ToString::to_string)
        .collect();
    lines.sort();
    assert!(!lines.is_empty(), "{}", facts.triple);
    lines
}

fn expected_cfg(facts: &TargetFacts) -> Vec<String> {
    let endian = match facts.endian {
        Endian::Little => "little",
        Endian::Big => "big",
    };
    let width = facts.pointer_width.to_string();
    let mut lines: Vec<String> = [
        ("arch", facts.rustc_arch),
        ("os", facts.os),
        ("env", facts.env),
        ("abi", facts.abi),
        ("vendor", facts.vendor),
        ("endian", endian),
        ("pointer_width", &width),
    ]
    .into_iter()
    .chain(facts.families.iter().map(|family| ("family", *family)))
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| format!("target_{key}={value:?}"))
    .collect();
    lines.sort();
    lines
}

fn expected_names(facts: &TargetFacts) -> Vec<String> {
    let mut names = vec![facts.executable_name("a_b")];
    if facts.cdylib == CdylibSupport::Yes {
        names.push(facts.cdylib_name("a-b"));
    }
    names.push(facts.staticlib_name("a-b"));
    names
}
