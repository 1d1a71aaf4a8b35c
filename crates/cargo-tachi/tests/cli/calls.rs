//! Which targets share a cargo call: those that agree about its one environment.

use serde_json::Value;

use crate::support::{run, scratch, tachi, write};

const TARGETS: &str = "x86_64-apple-darwin,x86_64-unknown-linux-gnu,aarch64-apple-darwin";

/// The targets, the deployment target and the reason of each cargo call.
fn calls(tachi_toml: &str) -> Vec<(String, String, String)> {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    write(
        dir.path(),
        &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n"), ("tachi.toml", tachi_toml)],
    );
    let mut command = tachi(dir.path());
    command.args(["plan", "--format", "json", "--target", TARGETS]);
    command.env_remove("MACOSX_DEPLOYMENT_TARGET");
    let plan: Value = serde_json::from_str(&run(&mut command).expect_success().stdout).unwrap();
    let compiles = |step: &&Value| step["action"] == "compile";
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(compiles)
        .map(|step| {
            let targets = step["targets"].as_array().unwrap().iter().map(text).collect::<Vec<_>>();
            let floor = text(&step["command"]["env"]["MACOSX_DEPLOYMENT_TARGET"]);
            (targets.join(","), floor, text(&step["why"]))
        })
        .collect()
}

#[test]
fn targets_with_different_oldest_systems_take_two_calls_and_the_plan_says_why() {
    let minimum_os =
        |triple: &str, version: &str| format!("[target.{triple}]\nminimum-os = \"{version}\"\n");
    let intel = minimum_os("x86_64-apple-darwin", "10.13");
    let two = calls(&(intel.clone() + &minimum_os("aarch64-apple-darwin", "12.0")));
    let targets: Vec<_> = two.iter().map(|(targets, floor, _)| (&**targets, &**floor)).collect();
    let expected = [
        ("x86_64-apple-darwin,x86_64-unknown-linux-gnu", "10.13"),
        ("aarch64-apple-darwin", "12.0"),
    ];
    assert_eq!(targets, expected);
    let why = "a call of its own: MACOSX_DEPLOYMENT_TARGET is 12.0 here, and 10.13 for x86_64-apple-darwin";
    assert_eq!(two[1].2, why);

    let one = calls(&minimum_os("'cfg(target_os = \"macos\")'", "12.0"));
    assert_eq!(one.len(), 1, "{one:?}");
    assert_eq!((&*one[0].0, &*one[0].1), (TARGETS, "12.0"));
}
