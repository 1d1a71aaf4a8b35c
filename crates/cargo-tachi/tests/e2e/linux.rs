//! The main job on real programs: four Linux targets from this machine, packaged, and each
//! result doing its work with the right answer.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::example::Example;
use crate::formats::check_elf;
use crate::released::released;
use crate::support::{HOST, run, runner, scratch, tachi, write};
use crate::two_builds::{check_identical, rebuild};

const LINUX: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
];

/// Runs `dist` for the four targets and returns the folder of the packages.
fn dist(project: &Path) -> PathBuf {
    let mut command = tachi(project);
    // A developer may have changed something.
    command.args(["dist", "--allow-dirty"]);
    for target in LINUX {
        command.args(["--target", target]);
    }
    run(&mut command).expect_success();
    project.join("target/tachi/dist")
}

/// Checks a package's checksum with sha256sum, unpacks it with tar, and returns its folder.
fn unpack(dist: &Path, stem: &str, into: &Path) -> PathBuf {
    let archive = format!("{stem}.tar.gz");
    run(Command::new("sha256sum")
        .args(["--check", &format!("{archive}.sha256")])
        .current_dir(dist))
    .expect_success();
    run(Command::new("tar").arg("-xzf").arg(dist.join(&archive)).arg("-C").arg(into))
        .expect_success();
    into.join(stem)
}

fn manifest(dist: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(dist.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn tachikoma_is_released_for_four_linux_targets_and_passes_its_selfcheck_on_each() {
    let example = Example::hold();
    let project = example.path();
    let dist = dist(project);
    let scratch = scratch();
    let mut git = Command::new("git");
    let commit =
        run(git.args(["rev-parse", "--short", "HEAD"]).current_dir(project)).expect_success();
    let commit = commit.stdout.trim();
    for target in LINUX {
        let folder = unpack(&dist, &format!("tachikoma-cli-1.0.0-{target}"), scratch.path());
        let program = folder.join("tachikoma");
        check_elf(&program, target);
        let answer = run(runner(target, &program).arg("selfcheck")).expect_success();
        assert_eq!(answer.stdout.trim(), "selfcheck ok: rows=3 steps=2 spec=selfcheck", "{target}");
        let version = run(runner(target, &program).arg("--version")).expect_success();
        let version = version.stdout;
        assert!(
            version.starts_with(&format!("tachikoma 1.0.0 ({commit}")),
            "{target}: {version}, not {commit}"
        );
        assert!(version.trim_end().ends_with("[release]"), "{target}: {version}");

        let native = unpack(&dist, &format!("tachikoma-native-1.0.0-{target}"), scratch.path());
        let addon = native.join("tachikoma_native.node");
        check_elf(&addon, target);
        if target == HOST {
            let smoke = project.join("crates/tachikoma-native/smoke.cjs");
            let answer = run(Command::new("node").arg(smoke).arg(&addon)).expect_success();
            assert!(answer.stdout.contains("native ok"), "{}", answer.stdout);
        }
    }

    let manifest = manifest(&dist);
    assert_eq!(manifest["format"], 1);
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len(), 8, "two packages for each of four targets");
    let text = manifest.to_string();
    assert!(
        !text.contains("/root") && !text.contains("/work"),
        "an absolute path is in the manifest: {text}"
    );
    for file in files {
        let sum = run(Command::new("sha256sum").arg(dist.join(file["path"].as_str().unwrap())))
            .expect_success();
        assert!(sum.stdout.starts_with(file["sha256"].as_str().unwrap()), "{file}");
    }
    let placed =
        std::fs::read_to_string(project.join("target/tachi/release/manifest.json")).unwrap();
    let placed: serde_json::Value = serde_json::from_str(&placed).unwrap();
    let gnu = placed["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|file| file["target"].as_str().unwrap().ends_with("gnu"));
    for file in gnu {
        assert!(file["content"]["glibc"].is_string(), "the measured floor is missing: {file}");
    }
}

#[test]
fn a_second_dist_compiles_nothing_and_gives_the_same_bytes() {
    let scratch = scratch();
    let project = released("hexyl", "0.16.0", scratch.path());
    let command = || {
        let mut command = tachi(&project);
        command.args(["dist", "--message-format", "json", "--target", "x86_64-unknown-linux-musl"]);
        command
    };
    run(&mut command()).expect_success();
    let package = project.join("target/tachi/dist/hexyl-0.16.0-x86_64-unknown-linux-musl.tar.gz");
    let first = std::fs::read(&package).unwrap();
    let second_run = run(&mut command()).expect_success();
    let events: Vec<serde_json::Value> =
        second_run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let compiled = events
        .iter()
        .find(|event| event["event"] == "step-finished" && event["step"] == "compile:1");
    assert_eq!(compiled.unwrap()["outcome"], "fresh");
    assert!(first == std::fs::read(&package).unwrap(), "the package changed");
}

#[test]
fn ripgrep_is_released_for_four_linux_targets_and_counts_as_grep_does() {
    let scratch = scratch();
    let project = released("ripgrep", "15.2.0", scratch.path());
    let dist = dist(&project);
    let lines: Vec<String> = (0..5000).map(|n| format!("line {n} of the haystack")).collect();
    let text = lines.join("\n") + "\n";
    write(scratch.path(), &[("haystack.txt", &text)]);
    let haystack = scratch.path().join("haystack.txt");
    let expected = run(Command::new("grep").args(["-cE", "7[0-9]+ of"]).arg(&haystack))
        .expect_success()
        .stdout;
    for target in LINUX {
        let program = unpack(&dist, &format!("ripgrep-15.2.0-{target}"), scratch.path()).join("rg");
        check_elf(&program, target);
        let answer = run(runner(target, &program).args(["--count", "7[0-9]+ of"]).arg(&haystack))
            .expect_success();
        assert_eq!(answer.stdout, expected, "{target}");
    }
    // With the other C library it compiles jemalloc, for minutes.
    check_identical(rebuild(&project, &["x86_64-unknown-linux-gnu"], &[]), 2);
}

#[test]
fn fd_is_released_for_four_linux_targets_and_finds_what_find_finds() {
    let scratch = scratch();
    let project = released("fd-find", "10.5.0", scratch.path());
    let dist = dist(&project);
    let tree = scratch.path().join("tree");
    write(&tree, &[("a/one.rs", ""), ("a/b/two.rs", ""), ("three.txt", ""), ("a/b/c/four.rs", "")]);
    let sorted = |text: String| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.trim_start_matches("./").to_owned()).collect();
        lines.sort();
        lines
    };
    let mut find = Command::new("find");
    let expected =
        sorted(run(find.args([".", "-name", "*.rs"]).current_dir(&tree)).expect_success().stdout);
    assert_eq!(expected.len(), 3);
    for target in LINUX {
        let program = unpack(&dist, &format!("fd-find-10.5.0-{target}"), scratch.path()).join("fd");
        check_elf(&program, target);
        let answer = run(runner(target, &program).args(["--extension", "rs"]).current_dir(&tree))
            .expect_success();
        assert_eq!(sorted(answer.stdout), expected, "{target}");
    }
    check_identical(rebuild(&project, &["aarch64-unknown-linux-musl"], &[]), 2);
}

/// A crate that only one target has switches on a feature of one that both share: a shared
/// call would change what the other target gets.
#[test]
fn targets_that_disagree_about_features_get_calls_of_their_own() {
    let scratch = scratch();
    let manifest = r#"
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
itoa = { version = "1", default-features = false }

[target.'cfg(target_arch = "aarch64")'.dependencies]
shared = { path = "shared", features = ["extra"] }

[target.'cfg(not(target_arch = "aarch64"))'.dependencies]
shared = { path = "shared" }

[workspace]
"#;
    let shared = "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\nextra = []\n";
    let library = "pub const EXTRA: bool = cfg!(feature = \"extra\");\n";
    let main = "fn main() { println!(\"{}\", shared::EXTRA); }\n";
    write(
        scratch.path(),
        &[
            ("Cargo.toml", manifest),
            ("src/main.rs", main),
            ("shared/Cargo.toml", shared),
            ("shared/src/lib.rs", library),
        ],
    );
    let targets = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];
    let both = targets.iter().flat_map(|target| ["--target", target]);
    run(tachi(scratch.path()).arg("build").args(both.clone())).expect_success();
    for (target, expected) in targets.iter().zip(["false", "true"]) {
        let program = scratch.path().join("target/tachi/debug").join(target).join("app");
        assert_eq!(
            run(&mut runner(target, &program)).expect_success().stdout.trim(),
            expected,
            "{target}"
        );
    }
    let plan = run(tachi(scratch.path()).arg("plan").args(both)).expect_success();
    assert!(plan.stdout.contains("which only one of them asks for"), "{}", plan.stdout);
}
