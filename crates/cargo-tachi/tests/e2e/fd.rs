//! fd, released for four Linux targets, macOS and Windows in one run: each program finds the right
//! files, and is the same when it is built again; and fd's own tests, also on other systems.
//!
//! Cost: 120 CPU seconds for whichever test comes first and releases it; 5 for the others, 40 for the
//! second build, 90 for its own tests on each system.

use std::path::PathBuf;
use std::process::Command;

use crate::formats::{check_elf, unpack};
use crate::released::{FOREIGN, LINUX, Program, Release, check_foreign};
use crate::support::{HOST, run, runner, scratch, write};
use crate::test::{ARM, Events, WINDOWS, expected, test};
use crate::two_builds::{check_identical, rebuild};

const FD: Release = Release { name: "fd-find", version: "10.5.0", main: "src/main.rs" };

/// One of each other system; ripgrep is released for all.
const FOREIGN_TARGETS: [&str; 2] = ["aarch64-apple-darwin", WINDOWS];

fn program() -> (Program, PathBuf) {
    let program = Program::hold(&FD);
    let dist = program.dist(&[&LINUX[..], &FOREIGN_TARGETS].concat());
    (program, dist)
}

fn tree() -> tempfile::TempDir {
    let dir = scratch();
    write(
        dir.path(),
        &[("a/one.rs", ""), ("a/b/two.rs", ""), ("three.txt", ""), ("a/b/c/four.rs", "")],
    );
    dir
}

/// The sorted lines, without the differences in how GNU's find and fd show a path.
fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        text.lines().map(|line| line.trim().trim_start_matches("./").replace('\\', "/")).collect();
    lines.sort();
    lines
}

fn found_by_find(tree: &tempfile::TempDir) -> Vec<String> {
    let mut find = Command::new("find");
    let found = run(find.args([".", "-name", "*.rs"]).current_dir(tree.path()));
    let found = sorted(&found.expect_success().stdout);
    assert_eq!(found.len(), 3);
    found
}

#[test]
fn fd_is_released_for_four_linux_targets_and_finds_what_find_finds() {
    let (_program, dist) = program();
    let (scratch, tree) = (scratch(), tree());
    for target in LINUX {
        let fd = unpack(&dist, &format!("fd-find-10.5.0-{target}"), scratch.path()).join("fd");
        check_elf(&fd, target);
        let mut find = runner(target, &fd);
        let answer =
            run(find.args(["--extension", "rs"]).current_dir(tree.path())).expect_success();
        assert_eq!(sorted(&answer.stdout), found_by_find(&tree), "{target}");
    }
}

#[test]
fn fd_for_macos_and_windows_is_sound_and_finds_files_on_windows() {
    let (program, dist) = program();
    let tree = tree();
    check_foreign(&dist, &FOREIGN_TARGETS, "fd-find-10.5.0", "fd");
    let answer = program.run_on_windows(tree.path(), true, &["--extension", "rs"]);
    let answer = answer.expect_success();
    assert_eq!(sorted(&answer.stdout), found_by_find(&tree));
}

#[test]
#[ignore = "compiles it for three more targets; ripgrep is released for all of them in every run"]
fn fd_is_sound_for_all_targets_of_macos_and_windows() {
    let dist = Program::hold(&FD).dist(&FOREIGN);
    check_foreign(&dist, &FOREIGN, "fd-find-10.5.0", "fd");
}

/// One target only, as each other one would compile everything again.
#[test]
fn fd_is_the_same_in_two_builds() {
    let (program, _) = program();
    check_identical(rebuild(program.path(), &["aarch64-unknown-linux-musl"], &[]), 2);
}

/// wine 8 and 9 make no symbolic links, so these tests do not find them.
const NO_LINKS: [&str; 18] = [
    "format",
    "test_absolute_path",
    "test_empty_pattern",
    "test_excludes",
    "test_follow",
    "test_follow_broken_symlink",
    "test_ignore_contain",
    "test_max_depth",
    "test_modified_absolute",
    "test_modified_relative",
    "test_no_extension",
    "test_strip_cwd_prefix",
    "test_symlink_and_absolute_path",
    "test_symlink_and_full_path",
    "test_symlink_and_full_path_abs_path",
    "test_symlink_as_absolute_root",
    "test_symlink_as_root",
    "test_type",
];

/// Windows machines of CI have GNU's `echo` and `ls` from Git; wine has not.
const NO_GNU: [&str; 2] = ["test_exec_with_separator", "test_list_details"];

/// The crates that fd spends its time in; unoptimised and emulated they would take minutes.
const UNDER_QEMU: [&str; 5] =
    ["aho-corasick", "clap_builder", "globset", "regex-automata", "regex-syntax"];

/// fd's own tests for some targets: they fail on Windows only.
fn own_tests(targets: &[&str], code: i32) -> Events {
    let program = Program::hold(&FD);
    let mut command = test(program.path(), targets);
    // One process for each of 268 tests would start wine and qemu 268 times.
    command.arg("--no-nextest");
    for package in UNDER_QEMU {
        command.args(["--config", &format!("profile.dev.package.{package}.opt-level=1")]);
    }
    let ran = run(&mut command);
    let events = Events::of(&ran);
    for target in [HOST, ARM] {
        assert_eq!(events.failed(target), [""; 0], "{}", events.words());
    }
    ran.expect_code(code);
    events
}

/// Cost: 90 CPU seconds.
#[test]
fn fds_own_tests_pass_except_those_that_need_what_wine_lacks() {
    let events = own_tests(&[HOST, WINDOWS], 101);
    let mut known: Vec<&str> = NO_LINKS.into_iter().chain(NO_GNU).collect();
    known.sort_unstable();
    assert_eq!(events.failed(WINDOWS), known, "{}", events.words());
    assert_eq!(events.sums(), expected([(HOST, Some((268, 0, 0))), (WINDOWS, Some((221, 20, 0)))]));
}

/// Cost: 90 CPU seconds.
#[test]
#[ignore = "emulates fd 268 times; qemu runs the tests of smaller packages in every run"]
fn fds_own_tests_pass_under_qemu() {
    assert_eq!(own_tests(&[ARM], 0).sums(), expected([(ARM, Some((268, 0, 0)))]));
}
