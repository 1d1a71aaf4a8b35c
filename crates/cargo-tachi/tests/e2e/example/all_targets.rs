//! The specification's six targets and the universal one, from this machine: the example
//! workspace with its network, database and Node module, checked as LLVM's tools see it, and
//! run where it can be run.

use std::process::Command;

use super::{Example, linux};
use crate::formats::{check_elf, check_macho, check_pe, check_universal, unpack};
use crate::released::LINUX;
use crate::support::slots::inspect;
use crate::support::{repository, run, scratch, tachi};

const TARGETS: [&str; 7] = [
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "universal-apple-darwin",
];

/// Cost: 1400 CPU seconds.
#[test]
fn tachikoma_is_released_for_all_seven_and_says_which_commit_it_is() {
    let example = Example::hold();
    let project = example.path();
    // A developer may have uncommitted changes.
    run(tachi(project).args(["dist", "--target", "all", "--allow-dirty"])).expect_success();
    let dist = project.join("target/tachi/dist");
    let scratch = scratch();
    let mut git = Command::new("git");
    let commit =
        run(git.args(["rev-parse", "--short", "HEAD"]).current_dir(project)).expect_success();
    let commit = commit.stdout.trim();

    for target in TARGETS {
        let cli = unpack(&dist, &format!("tachikoma-cli-1.0.0-{target}"), scratch.path());
        let native = unpack(&dist, &format!("tachikoma-native-1.0.0-{target}"), scratch.path());
        let suffix = if target.contains("windows") { ".exe" } else { "" };
        let files = [cli.join(format!("tachikoma{suffix}")), native.join("tachikoma_native.node")];
        for file in &files {
            match target {
                "universal-apple-darwin" => check_universal(file, scratch.path()),
                _ if target.ends_with("darwin") => check_macho(file, target),
                _ if target.contains("windows") => check_pe(file, target),
                _ => check_elf(file, target),
            }
            let stamp = inspect(file)["stamp"].to_string();
            assert!(stamp.contains(&format!("\"git_hash\":\"{commit}")), "{target}: {stamp}");
        }
    }
    let mut packages: Vec<String> = std::fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            name.ends_with(".tar.gz") && TARGETS.iter().any(|target| name.contains(target))
        })
        .collect();
    packages.sort();
    assert_eq!(packages.len(), 14, "two packages for each: {packages:?}");
    linux::check(project, &LINUX[..2], 14);

    // A second run needs no network, and changes nothing.
    let package = dist.join("tachikoma-cli-1.0.0-universal-apple-darwin.tar.gz");
    let before = std::fs::read(&package).unwrap();
    let mut again = tachi(project);
    again.args([
        "dist",
        "--target",
        "all",
        "--allow-dirty",
        "--offline",
        "--message-format",
        "json",
    ]);
    let events = run(&mut again).expect_success().stdout;
    let compiled: Vec<serde_json::Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|event: &serde_json::Value| {
            event["event"] == "step-finished"
                && event["step"].as_str().unwrap().starts_with("compile")
        })
        .collect();
    assert!(!compiled.is_empty());
    assert!(compiled.iter().all(|event| event["outcome"] == "fresh"), "{compiled:?}");
    assert!(before == std::fs::read(&package).unwrap(), "the package changed");

    // The network and the database, on Windows.
    let on_windows = |args: &[&str]| {
        let mut command = tachi(project);
        command.args(["run", "--quiet", "--release", "--target", "x86_64-pc-windows-msvc"]);
        run(command.args(["-p", "tachikoma-cli", "--"]).args(args)).expect_success().stdout
    };
    assert_eq!(on_windows(&["selfcheck"]).trim(), "selfcheck ok: rows=3 steps=2 spec=selfcheck");
    let version = on_windows(&["--version"]);
    assert!(version.starts_with(&format!("tachikoma 1.0.0 ({commit}")), "{version}");
}

/// Cost: 2400 CPU seconds.
#[test]
#[ignore = "builds Tachi itself with link-time optimisation for six targets"]
fn tachi_releases_itself_for_all_targets() {
    let root = repository();
    run(tachi(&root).args(["dist", "--target", "all", "--allow-dirty"])).expect_success();
    let dist = root.join("target/tachi/dist");
    for target in TARGETS {
        assert!(dist.join(format!("cargo-tachi-0.1.0-{target}.tar.gz")).exists(), "{target}");
    }
    let scratch = scratch();
    let own = unpack(&dist, "cargo-tachi-0.1.0-x86_64-unknown-linux-gnu", scratch.path());
    let version = run(Command::new(own.join("cargo-tachi")).arg("--version")).expect_success();
    assert_eq!(version.stdout, "cargo-tachi 0.1.0\n");
}
