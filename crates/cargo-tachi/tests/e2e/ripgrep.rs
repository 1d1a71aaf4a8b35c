//! ripgrep, released for four Linux targets, macOS and Windows in one run: each result does its work
//! with the right answer, and is the same when it is built again.
//!
//! Cost: 290 CPU seconds for whichever test comes first and builds it; 5 for the others, 20 for the
//! second build.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::formats::{check_elf, unpack};
use crate::released::{FOREIGN, LINUX, Program, Release, check_foreign};
use crate::support::{run, runner, scratch, write};
use crate::two_builds::{check_identical, rebuild};

const RIPGREP: Release =
    Release { name: "ripgrep", version: "15.2.0", main: "crates/core/main.rs" };

fn program() -> (Program, PathBuf) {
    let program = Program::hold(&RIPGREP);
    let dist = program.dist(&[&LINUX[..], &FOREIGN].concat());
    (program, dist)
}

/// A file to count in, and what grep counts.
fn haystack(dir: &Path) -> String {
    let lines: Vec<String> = (0..5000).map(|n| format!("line {n} of the haystack")).collect();
    write(dir, &[("haystack.txt", &(lines.join("\n") + "\n"))]);
    let mut grep = Command::new("grep");
    run(grep.args(["-cE", "7[0-9]+ of", "haystack.txt"]).current_dir(dir)).expect_success().stdout
}

#[test]
fn ripgrep_is_released_for_four_linux_targets_and_counts_as_grep_does() {
    let (_program, dist) = program();
    let scratch = scratch();
    let expected = haystack(scratch.path());
    for target in LINUX {
        let rg = unpack(&dist, &format!("ripgrep-15.2.0-{target}"), scratch.path()).join("rg");
        check_elf(&rg, target);
        let mut count = runner(target, &rg);
        count.args(["--count", "7[0-9]+ of", "haystack.txt"]).current_dir(scratch.path());
        assert_eq!(run(&mut count).expect_success().stdout, expected, "{target}");
    }
}

#[test]
fn ripgrep_for_macos_and_windows_is_sound_and_counts_the_same_on_windows() {
    let (program, dist) = program();
    let scratch = scratch();
    check_foreign(&dist, &FOREIGN, "ripgrep-15.2.0", "rg");
    let expected = haystack(scratch.path());
    let args = ["--count", "7[0-9]+ of", "haystack.txt"];
    let counted = program.run_on_windows(scratch.path(), true, &args);
    assert_eq!(counted.expect_success().stdout.trim(), expected.trim());
}

/// One target only, as each other one would compile everything again.
#[test]
fn ripgrep_is_the_same_in_two_builds() {
    let (program, _) = program();
    check_identical(rebuild(program.path(), &["x86_64-unknown-linux-gnu"], &[]), 2);
}
