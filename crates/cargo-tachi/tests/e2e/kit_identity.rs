//! `inspect` and the manifest name the kit that a file was linked with: a changed SDK links again,
//! and two runs with different SDKs at the same time never share a wrapper.
//!
//! Costs about 5 s: a program of one line is linked for macOS four times.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{run, scratch, tachi, write};

const TARGET: &str = "aarch64-apple-darwin";

fn project(dir: &Path) {
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                    [profile.dev]\ndebug = false\n\n[workspace]\n";
    write(dir, &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n")]);
}

/// A build into a target folder of its own, with the SDK in `sdk`.
fn build(dir: &Path, target_dir: &str, sdk: Option<&Path>) -> Command {
    let mut command = tachi(dir);
    command.args(["build", "--target", TARGET, "--target-dir", target_dir]);
    match sdk {
        Some(sdk) => command.env("SDKROOT", sdk),
        None => command.env_remove("SDKROOT"),
    };
    command
}

/// The SDK that the finished program was linked with, and the one that its manifest names.
#[derive(Debug, PartialEq, Eq)]
struct Linked {
    sdk: String,
    kit: String,
    identity: String,
}

fn linked(dir: &Path, target_dir: &str) -> Linked {
    let finished = dir.join(target_dir).join("tachi/debug");
    let program = finished.join(TARGET).join("app");
    let inspected =
        run(tachi(dir).args(["inspect", "--json"]).arg(program)).expect_success().stdout;
    let facts: Value = serde_json::from_str(&inspected).unwrap();
    let manifest = std::fs::read_to_string(finished.join("manifest.json")).unwrap();
    assert!(!manifest.contains(dir.to_str().unwrap()), "{manifest}");
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{facts}")).to_owned();
    let target = &manifest["targets"][0];
    Linked {
        sdk: text(&facts["facts"]["sdk"]),
        kit: text(&target["kit"]),
        identity: text(&target["kit_identity"]),
    }
}

/// An SDK of this version: Tachi's own stubs, under another name.
fn sdk(dir: &Path, stubs: &Path, version: &str) -> PathBuf {
    let sdk = dir.join("MacOSX.sdk");
    let _ = std::fs::remove_dir_all(&sdk);
    run(Command::new("cp").arg("-r").arg(stubs).arg(&sdk)).expect_success();
    let settings = format!("{{\"CanonicalName\":\"macosx{version}\",\"Version\":\"{version}\"}}\n");
    write(&sdk, &[("SDKSettings.json", &settings)]);
    sdk
}

/// The stubs that a kit without an SDK links against, as the plan names them.
fn stubs(dir: &Path) -> PathBuf {
    let mut plan = tachi(dir);
    plan.args(["plan", "--target", TARGET, "--format", "json"]).env_remove("SDKROOT");
    let plan: Value = serde_json::from_str(&run(&mut plan).expect_success().stdout).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let sdk = steps.iter().find_map(|step| step["command"]["env"]["SDKROOT"].as_str());
    sdk.expect("the plan names the stubs").into()
}

/// Cost: 10 CPU seconds.
#[test]
fn a_changed_sdk_links_again_and_two_at_the_same_time_do_not_mix() {
    let scratch = scratch();
    let dir = scratch.path();
    project(dir);
    run(&mut build(dir, "plain", None)).expect_success();
    let plain = linked(dir, "plain");
    assert_eq!((&*plain.sdk, &*plain.kit), ("14.0", "ld64.lld with stubs of the SDK"));

    // In cargo's same folder as before, beside another Tachi without an SDK.
    let stubs = stubs(dir);
    let ours = sdk(dir, &stubs, "13.3");
    let mut beside = build(dir, "beside", None);
    let beside = std::thread::spawn(move || run(&mut beside).expect_success());
    run(&mut build(dir, "plain", Some(&ours))).expect_success();
    beside.join().unwrap();
    let first = linked(dir, "plain");
    assert_eq!((&*first.sdk, &*first.kit), ("13.3", "ld64.lld with Apple's SDK 13.3"));
    assert_eq!(linked(dir, "beside"), plain);

    // With the same settings nothing is linked.
    let again = run(&mut build(dir, "plain", Some(&ours))).expect_success();
    assert!(again.stderr.contains("Fresh"), "{}", again.stderr);
    assert_eq!(linked(dir, "plain"), first);

    // An upgrade in the same folder.
    sdk(dir, &stubs, "13.4");
    run(&mut build(dir, "plain", Some(&ours))).expect_success();
    let upgraded = linked(dir, "plain");
    assert_eq!((&*upgraded.sdk, &*upgraded.kit), ("13.4", "ld64.lld with Apple's SDK 13.4"));
    let identities = [&plain.identity, &first.identity, &upgraded.identity];
    for (index, identity) in identities.iter().enumerate() {
        assert!(!identities[index + 1..].contains(identity), "{identities:?}");
    }
}
