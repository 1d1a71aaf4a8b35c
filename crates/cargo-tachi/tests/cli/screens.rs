//! What people read: help, plans, the list of targets, the output of a run. Snapshots without what
//! differs from machine to machine.

use std::path::Path;

use crate::support::{HOST, run, scratch, tachi, write};

const WORKSPACE: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nresolver = \"2\"\nmembers = [\"app\", \"addon\"]\n[profile.release]\nlto = \"fat\"\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"addon\"\nversion = \"2.0.0\"\n\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n",
    ),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[features]\nfast = []\n",
    ),
    ("app/src/main.rs", "fn main() {}\n"),
    ("app/LICENSE-MIT", "free\n"),
    (
        "addon/Cargo.toml",
        "[package]\nname = \"addon\"\nversion = \"2.0.0\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\"]\n\
         [package.metadata.tachi]\nkind = \"node-addon\"\n",
    ),
    ("addon/src/lib.rs", ""),
    (
        "tachi.toml",
        "[target.aarch64-unknown-linux-gnu]\nglibc = \"2.28\"\nfeatures = [\"app/fast\"]\n",
    ),
];

/// Runs `cargo tachi` and returns what it printed, with this machine's particulars replaced.
fn said(dir: &Path, args: &[&str]) -> String {
    let ran =
        run(tachi(dir).args(args).env("TACHI_CACHE_DIR", "/cache").env_remove("RUSTUP_TOOLCHAIN"));
    let ran = ran.expect_success();
    let text = if ran.stdout.is_empty() { ran.stderr } else { ran.stdout };
    let dir = dir.canonicalize().unwrap().display().to_string();
    let home = std::env::var("HOME").unwrap();
    let cargo_home = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let folders = [(dir, "[dir]"), (cargo_home, "[cargo-home]"), (home, "[home]")];
    let known = folders.iter().filter(|(folder, _)| folder != "/");
    known.fold(text, |text, (folder, name)| text.replace(folder, name))
}

/// Filters for versions, times, and where cargo and std come from.
macro_rules! assert_screen {
    ($($text:expr),+) => {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"rustc \d+\.\d+\.\d+", "rustc [version]");
        settings.add_filter(r"\S+/bin/cargo ", "[cargo] ");
        settings.add_filter(r"in \d+(\.\d+)?s", "in [time]");
        settings.add_filter(r"\(\d+(\.\d+)? [KM]iB, glibc ≥ [\d.]+\)", "([size])");
        settings.add_filter(r"std: .*", "std: [where]");
        // Only if rustup still has to install it.
        settings.add_filter(r"(?m)^  bring +std .*\n", "");
        settings.add_filter(r"  (installed|from rustup|from source) *", "  [where] ");
        settings.add_filter(r"  \[where\] (?m:$)", "  [where]");
        settings.add_filter(r"std +needs", "std needs");
        settings.add_filter(r#"(?m)^  .*"std:.*\n"#, "");
        // Only if the source of std is installed.
        settings.add_filter(r", \S+ → /rustc/[0-9a-z.-]+", "");
        settings.add_filter(r#"--remap-path-prefix=[^"]+=/rustc/[0-9a-z.-]+", ""#, "");
        settings.add_filter(r":/rustc/[0-9a-z.-]+=[^:]+", "");
        settings.add_filter(r"--jobs \d+ ", "");
        settings.bind(|| insta::assert_snapshot!($($text),+));
    };
}

#[test]
fn help_shows_the_commands() {
    assert_screen!(said(Path::new("/"), &["--help"]));
}

#[test]
fn help_of_build_shows_cargos_flags() {
    assert_screen!(said(Path::new("/"), &["build", "-h"]));
}

#[test]
fn help_of_test_shows_cargos_flags_and_its_own() {
    assert_screen!(said(Path::new("/"), &["test", "-h"]));
}

#[test]
fn help_says_of_verbose_what_the_command_makes_of_it() {
    for (command, verbose) in [
        ("build", "Show cargo's own lines too"),
        ("plan", "Show every step with its reason"),
        ("inspect", "Show symbols and packages one by one"),
        ("strip", "Say more"),
    ] {
        let help = said(Path::new("/"), &[command, "-h"]);
        let line = help.lines().find(|line| line.contains("--verbose")).expect("every command's");
        assert!(line.contains(verbose), "{line}");
        assert_eq!(help.contains("--message-format"), command != "inspect" && command != "strip");
    }
}

const PLAN: &[&str] = &[
    "plan",
    "--dist",
    "--no-sccache",
    "-j2",
    "--target",
    "x86_64-unknown-linux-gnu,aarch64-unknown-linux-gnu,aarch64-unknown-linux-musl",
];

#[test]
fn a_plan_fits_a_screen() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let text = said(dir.path(), PLAN);
    assert!(text.lines().count() <= 50, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
    assert_screen!(text);
    assert!(!dir.path().join("target").exists(), "a plan touches nothing");
}

#[test]
fn a_verbose_plan_has_every_step_with_its_reason_and_command() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    assert_screen!(said(dir.path(), &[PLAN, &["-v"]].concat()));
}

#[test]
fn a_plan_of_tests_names_the_first_ones() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let tests: Vec<(String, &str)> =
        (1..=8).map(|at| (format!("app/tests/t{at}.rs"), "#[test]\nfn it() {}\n")).collect();
    let tests: Vec<(&str, &str)> =
        tests.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    write(dir.path(), &tests);
    write(dir.path(), &[("tachi.toml", "[target.'cfg(unix)']\nrustflags = [\"--cfg=own\"]\n")]);
    let args = ["plan", "--test", "--no-sccache", "-p", "app", "--target", HOST];
    // If it is installed.
    assert_screen!(said(dir.path(), &args).replace("  through  cargo-nextest\n", ""));
}

#[test]
fn a_plan_as_a_graph_is_dot() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let args = [
        "plan",
        "--format",
        "dot",
        "--no-sccache",
        "-p",
        "app",
        "--target",
        "x86_64-unknown-linux-musl",
    ];
    assert_screen!(said(dir.path(), &args));
}

#[test]
fn a_plan_as_json_is_read_back_by_its_own_schema() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let text = said(
        dir.path(),
        &["plan", "--dist", "--format", "json", "--target", "aarch64-unknown-linux-gnu"],
    );
    let plan: tachi_schema::plan::Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(plan.format, tachi_schema::plan::FORMAT);
    assert_eq!(plan.targets[0].glibc.as_deref(), Some("2.28"));
    // Every step comes after the steps that it needs.
    for (at, step) in plan.steps.iter().enumerate() {
        for need in &step.needs {
            assert!(
                plan.steps[..at].iter().any(|earlier| earlier.id == *need),
                "{} needs {need}",
                step.id
            );
        }
    }
}

#[test]
fn a_run_lists_what_it_made() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let build = ["build", "--no-sccache", "-p", "app"];
    assert_screen!(said(dir.path(), &build));
    assert_screen!("a_run_that_compiles_nothing_says_so", said(dir.path(), &build));
}

#[test]
fn the_formats_have_the_same_names_for_plan_targets_and_inspect() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let program = env!("CARGO_BIN_EXE_cargo-tachi");
    for command in [
        &["plan", "-p", "app", "--no-sccache"][..],
        &["targets", "x86_64-unknown-linux-gnu"],
        &["inspect", program],
    ] {
        let printed = |more: &[&str]| said(dir.path(), &[command, more].concat());
        let human = printed(&[]);
        assert_eq!(printed(&["--format", "human"]), human, "{command:?}");
        let json = printed(&["--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
        assert_eq!(printed(&["--json"]), json, "{command:?}");
        let wrong = run(tachi(dir.path()).args(command).args(["--format", "jsno"])).expect_code(2);
        assert!(wrong.stderr.contains("a similar value exists: 'json'"), "{}", wrong.stderr);
    }
    let plan = ["plan", "-p", "app", "--no-sccache"];
    let tree = said(dir.path(), &[&plan[..], &["--format", "tree"]].concat());
    assert_eq!(tree, said(dir.path(), &plan), "the old name still holds");
}

#[test]
fn targets_lists_what_can_be_done_for_each() {
    let text =
        said(Path::new("/"), &["targets", "x86_64-unknown-linux-gnu", "x86_64-unknown-haiku"]);
    assert_screen!(text);
}
