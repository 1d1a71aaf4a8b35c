//! An earlier answer of cargo is used only while it is true: the test makes each change that
//! changes the plan, and Tachi sees it.

use std::path::Path;
use std::process::Command;

use crate::support::{run, scratch, tachi, write};

const MEMBER: &str = "[package]\nname = \"NAME\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// The plan's artifacts, and how many times cargo was asked for metadata.
fn plan(root: &Path, dir: &Path, args: &[&str]) -> (Vec<String>, usize) {
    let counter = root.join("counter");
    let cargo = root.join("cargo");
    let script = format!("#!/bin/sh\necho \"$1\" >> {}\nexec cargo \"$@\"\n", counter.display());
    if !cargo.exists() {
        write(root, &[("cargo", &script)]);
        run(Command::new("chmod").arg("+x").arg(&cargo)).expect_success();
    }
    let _ = std::fs::remove_file(&counter);
    let mut command = tachi(dir);
    command.args(["plan", "--format", "json"]).args(args);
    command.env("CARGO", &cargo).env("TACHI_CACHE_DIR", root.join("cache"));
    let plan: serde_json::Value =
        serde_json::from_str(&run(&mut command).expect_success().stdout).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let expected = steps.iter().filter_map(|step| step["expected"].as_array()).flatten();
    let mut names: Vec<String> =
        expected.map(|artifact| artifact["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    let asked = std::fs::read_to_string(&counter).unwrap_or_default();
    (names, asked.lines().filter(|line| *line == "metadata").count())
}

#[test]
fn cargo_is_asked_again_after_every_change_that_matters_and_no_other() {
    let scratch = scratch();
    let root = scratch.path();
    let dir = root.join("project");
    let member = |name: &str| MEMBER.replace("NAME", name);
    let workspace = "[workspace]\nresolver = \"2\"\nmembers = [\"members/*\"]\n";
    write(
        &dir,
        &[
            ("Cargo.toml", workspace),
            ("members/a/Cargo.toml", &member("a")),
            ("members/a/src/main.rs", "fn main() {}\n"),
        ],
    );
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(plan(root, &dir, &[]), (names(&["a"]), 1), "the first time");
    assert_eq!(plan(root, &dir, &[]), (names(&["a"]), 0), "nothing changed");
    write(&dir, &[("members/a/src/main.rs", "fn main() { println!(); }\n")]);
    assert_eq!(
        plan(root, &dir, &[]),
        (names(&["a"]), 0),
        "what a source says is cargo build's affair"
    );

    write(&dir, &[("members/a/src/bin/tool.rs", "fn main() {}\n")]);
    assert_eq!(plan(root, &dir, &[]), (names(&["a", "tool"]), 1), "a discovered binary");
    write(&dir, &[("members/a/src/bin/folder/main.rs", "fn main() {}\n")]);
    assert_eq!(
        plan(root, &dir, &[]),
        (names(&["a", "folder", "tool"]), 1),
        "one in a folder of its own"
    );
    write(
        &dir,
        &[("members/b/Cargo.toml", &member("b")), ("members/b/src/main.rs", "fn main() {}\n")],
    );
    assert_eq!(plan(root, &dir, &[]), (names(&["a", "b", "folder", "tool"]), 1), "a new member");
    write(
        &dir,
        &[(
            "members/b/Cargo.toml",
            &(member("b") + "[[bin]]\nname = \"renamed\"\npath = \"src/main.rs\"\n"),
        )],
    );
    assert_eq!(
        plan(root, &dir, &[]),
        (names(&["a", "folder", "renamed", "tool"]), 1),
        "a changed manifest"
    );
    std::fs::remove_file(dir.join("members/a/src/bin/tool.rs")).unwrap();
    assert_eq!(plan(root, &dir, &[]), (names(&["a", "folder", "renamed"]), 1), "a removed binary");

    let in_member = dir.join("members/b");
    assert_eq!(plan(root, &in_member, &[]), (names(&["renamed"]), 1), "another folder");
    write(&dir, &[(".cargo/config.toml", "[build]\njobs = 1\n")]);
    assert_eq!(plan(root, &dir, &[]).1, 1, "another configuration");
    std::fs::remove_file(dir.join("Cargo.lock")).unwrap();
    assert_eq!(plan(root, &dir, &[]).1, 1, "another Cargo.lock");
}
