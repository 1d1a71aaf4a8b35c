//! A compiler that brings no std for other targets and has no rustup: Debian's. Std is
//! built once from its source and kept.

use std::path::Path;
use std::process::Command;

use crate::formats::check_elf;
use crate::support::{run, runner, scratch, tachi, write};

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

/// `cargo tachi` with Debian's compiler and cargo, which rustup does not know.
fn tachi_with_debians(dir: &Path, cache: &Path) -> Command {
    let mut command = tachi(dir);
    command
        .env("RUSTC", RUSTC)
        .env("CARGO", CARGO)
        .env("TACHI_CACHE_DIR", cache)
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// Cost: 76 CPU seconds.
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
    let plan = || {
        let mut command = tachi_with_debians(dir.path(), &cache);
        let ran =
            run(command.args(["plan", "--target", target, "--format", "json"])).expect_success();
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()["targets"][0]["std"].clone()
    };
    let build = || {
        run(tachi_with_debians(dir.path(), &cache).args(["build", "--target", target]))
            .expect_success()
    };
    assert_eq!(plan(), "source");

    let first = build();
    assert!(first.stderr.contains("building the standard library for aarch64"), "{}", first.stderr);
    let program = dir.path().join("target/tachi/debug").join(target).join("app");
    check_elf(&program, target);
    assert_eq!(run(&mut runner(target, &program)).expect_success().stdout.trim(), "11 true");

    assert_eq!(plan(), "source", "cargo still has to be told where it is");
    let second = build();
    assert!(!second.stderr.contains("building the standard library"), "{}", second.stderr);
    assert!(second.stderr.contains("Unchanged"), "{}", second.stderr);
}
