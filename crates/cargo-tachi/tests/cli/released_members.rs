//! Which members of a workspace are released: those that say `publish = false` beside others that
//! do not are its tools. Only plans are made.

use std::path::Path;

use tachi_schema::plan::{Action, Plan};

use crate::support::{repository, run, scratch, tachi, write};

/// A workspace of packages with a program each and more lines for their manifests.
fn workspace(members: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = scratch();
    let names: Vec<_> = members.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let root = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", names.join(", "));
    let mut lock = "version = 4\n".to_owned();
    for (name, more) in members {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{more}"
        );
        let entry = ["\n[[package]]\nname = \"", name, "\"\nversion = \"1.0.0\"\n"];
        lock.extend(entry);
        let folder = dir.path().join(name);
        write(&folder, &[("Cargo.toml", &manifest), ("src/main.rs", "fn main() {}\n")]);
    }
    write(dir.path(), &[("Cargo.toml", &root), ("Cargo.lock", &lock)]);
    dir
}

fn plan(dir: &Path, args: &[&str]) -> Plan {
    let mut plan = tachi(dir);
    plan.args(["plan", "--dist", "--no-sccache", "--format", "json"]).args(args);
    serde_json::from_str(&run(&mut plan).expect_success().stdout).unwrap()
}

/// The packages of a plan, and those that its cargo call builds.
fn released(plan: &Plan) -> (Vec<&str>, Vec<&str>) {
    let packages = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Package(package) => Some(package.package.as_str()),
        _ => None,
    });
    let compiled = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Compile(compile) => Some(&compile.expected),
        _ => None,
    });
    (packages.collect(), compiled.flatten().map(|artifact| artifact.package.as_str()).collect())
}

const MEMBERS: &[(&str, &str)] = &[("app", ""), ("tool", "publish = false\n")];

#[test]
fn a_tool_of_the_workspace_is_left_out_and_the_plan_says_why() {
    let dir = workspace(MEMBERS);
    for args in [&[][..], &["--workspace"], &["--bins"]] {
        let plan = plan(dir.path(), args);
        assert_eq!(released(&plan), (vec!["app"], vec!["app"]), "{args:?}");
        let note =
            "not released: tool, as it says `publish = false`, unlike other packages with programs";
        assert!(plan.notes.iter().any(|said| said.starts_with(note)), "{:?}", plan.notes);
    }
}

#[test]
fn a_tool_is_released_if_it_is_named_or_says_so_or_is_all_there_is() {
    let dir = workspace(MEMBERS);
    for (args, expected) in [
        (&["-p", "tool"][..], &["tool"][..]),
        (&["-p", "*"], &["app", "tool"]),
        (&["--bin", "tool"], &["tool"]),
        (&["--exclude", "app"], &["tool"]),
    ] {
        let plan = plan(dir.path(), args);
        assert_eq!(released(&plan).0, expected, "{args:?}");
        assert!(plan.notes.is_empty(), "{:?}", plan.notes);
    }
    write(dir.path(), &[("tachi.toml", "[package.tool]\ndist = true\n")]);
    assert_eq!(released(&plan(dir.path(), &[])).0, ["app", "tool"]);

    let says_so = "publish = false\n[package.metadata.tachi]\ndist = true\n";
    let dir = workspace(&[("app", ""), ("tool", says_so)]);
    assert_eq!(released(&plan(dir.path(), &[])).0, ["app", "tool"]);

    let dir = workspace(&[("one", "publish = false\n"), ("two", "publish = false\n")]);
    assert_eq!(released(&plan(dir.path(), &[])).0, ["one", "two"]);

    let unpublished = "[package.metadata.tachi]\ndist = false\n";
    let dir = workspace(&[("app", unpublished), ("tool", "publish = false\n")]);
    assert_eq!(released(&plan(dir.path(), &[])).0, ["tool"]);
}

#[test]
fn tachi_plans_its_own_release() {
    let plan = plan(&repository(), &["--target", "x86_64-unknown-linux-gnu"]);
    assert_eq!(released(&plan), (vec!["cargo-tachi"], vec!["cargo-tachi"]));
    assert!(plan.notes.iter().any(|note| note.starts_with("not released: xtask,")));
}
