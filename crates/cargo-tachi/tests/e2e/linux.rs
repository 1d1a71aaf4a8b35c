//! Several Linux targets in one run, and the same run twice.

use crate::released::released;
use crate::support::{run, runner, scratch, tachi, write};

/// Cost: 21 CPU seconds.
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

/// A crate of one target switches on a feature of a crate that both targets have: a shared call
/// would change the other target's program.
///
/// Cost: 1 CPU second, and on a machine where zig has not yet linked for both, 60 CPU seconds.
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
