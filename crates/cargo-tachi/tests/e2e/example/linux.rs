//! The example for Linux: packages match their manifest, and their programs do their work.

use std::path::Path;
use std::process::Command;

use super::Example;
use crate::formats::{check_elf, unpack};
use crate::released::LINUX;
use crate::support::{HOST, run, runner, scratch, tachi};

/// Cost: 600 CPU seconds.
#[test]
#[ignore = "compiles the example twice more, with link-time optimisation; smaller programs prove musl in every run"]
fn tachikoma_is_released_for_four_linux_targets_and_passes_its_selfcheck_on_each() {
    let example = Example::hold();
    run(tachi(example.path()).args(["dist", "--target", &LINUX.join(","), "--allow-dirty"]))
        .expect_success();
    check(example.path(), &LINUX, 8);
}

/// Checks the packages of Linux targets among `count`, and runs what is in them.
pub(super) fn check(project: &Path, targets: &[&str], count: usize) {
    let dist = project.join("target/tachi/dist");
    let scratch = scratch();
    let mut git = Command::new("git");
    let commit =
        run(git.args(["rev-parse", "--short", "HEAD"]).current_dir(project)).expect_success();
    let commit = commit.stdout.trim();
    for &target in targets {
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

    let packaged = manifest(&dist.join("manifest.json"));
    assert_eq!(packaged["format"], 1);
    let files = packaged["files"].as_array().unwrap();
    assert_eq!(files.len(), count, "two packages for each target");
    let text = packaged.to_string();
    assert!(
        !text.contains("/root") && !text.contains("/work"),
        "an absolute path is in the manifest: {text}"
    );
    for file in files {
        let sum = run(Command::new("sha256sum").arg(dist.join(file["path"].as_str().unwrap())))
            .expect_success();
        assert!(sum.stdout.starts_with(file["sha256"].as_str().unwrap()), "{file}");
    }
    let placed = manifest(&project.join("target/tachi/release/manifest.json"));
    let gnu = placed["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|file| file["target"].as_str().unwrap().ends_with("linux-gnu"));
    for file in gnu {
        assert!(file["content"]["glibc"].is_string(), "the measured floor is missing: {file}");
    }
}

fn manifest(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
