//! A compiler that brings no std for other targets and has no rustup: Debian's. Std is
//! built once from its source and kept.

#[expect(dead_code, reason = "this file uses a part of it")]
mod support;

use std::path::Path;
use std::process::Command;

use support::{check_elf, run, runner, scratch, tachi, write};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Cargo's own sample of a program that needs std, unwinding and a C library.
const MAIN: &str = r#"
use std::collections::HashMap;
fn main() {
    let words: HashMap<&str, usize> = "one two three".split(' ').map(|word| (word, word.len())).collect();
    let sum: usize = std::thread::spawn(move || words.values().sum()).join().unwrap();
    let caught = std::panic::catch_unwind(|| panic!("on purpose")).is_err();
    println!("{sum} {caught}");
}
"#;

fn with_debians(mut command: Command) -> Command {
    command
        .env("RUSTC", RUSTC)
        .env("CARGO", CARGO)
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    command
}

#[test]
fn std_is_built_once_from_the_compilers_source_and_found_again() {
    assert!(
        Path::new(RUSTC).exists(),
        "cargo xtask setup installs Debian's rustc-web, cargo-web, rust-web-src"
    );
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    write(dir.path(), &[("Cargo.toml", manifest), ("src/main.rs", MAIN)]);
    let target = "aarch64-unknown-linux-gnu";
    let cache = dir.path().join("cache");
    let build = || {
        let mut command = with_debians(tachi(dir.path()));
        // zig as it is: only what is built from source shall be new.
        command.args(["build", "--target", target]).env("TACHI_CACHE_DIR", &cache);
        run(&mut command).expect_success()
    };
    let plan = run(with_debians(tachi(dir.path()))
        .args(["plan", "--target", target])
        .env("TACHI_CACHE_DIR", &cache));
    let plan = plan.expect_success().stdout;
    assert!(plan.contains("source"), "the plan says where std comes from:\n{plan}");

    let first = build();
    assert!(first.stderr.contains("std"), "building std is said: {}", first.stderr);
    let program = dir.path().join("target/tachi/debug").join(target).join("app");
    check_elf(&program, target);
    assert_eq!(run(&mut runner(target, &program)).expect_success().stdout.trim(), "11 true");

    let plan = run(with_debians(tachi(dir.path()))
        .args(["plan", "--target", target, "--format", "json"])
        .env("TACHI_CACHE_DIR", &cache));
    let plan: serde_json::Value = serde_json::from_str(&plan.expect_success().stdout).unwrap();
    let second = build();
    assert!(
        second.stderr.contains("Fresh") || second.stderr.contains("Unchanged"),
        "{}",
        second.stderr
    );
    assert_eq!(plan["targets"][0]["std"], "source");
}
