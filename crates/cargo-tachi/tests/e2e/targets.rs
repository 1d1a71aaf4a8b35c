//! Every target that docs/targets.md calls proved: a program that uses threads, time, files,
//! randomness and unwinding is built for all of them in one run, and run where it can be. Where
//! rustup brings no std, one target of each system is proved with a std from source, and the
//! others are named.

use std::path::Path;
use std::process::Command;

use crate::formats::{check_macho, check_pe, check_universal, llvm};
use crate::std_here::{StdHere, tachi_with_debians, tachi_with_the_usual};
use crate::support::{HOST, run, scratch, write};

const PROGRAM: &str = r#"
use std::collections::HashMap;

fn main() {
    let mut counts: HashMap<char, u32> = HashMap::new();
    for letter in "reproducible".chars() {
        *counts.entry(letter).or_default() += 1;
    }
    let threads = if cfg!(target_family = "wasm") {
        42
    } else {
        std::thread::spawn(|| 42).join().unwrap()
    };
    let caught = cfg!(panic = "unwind") && cfg!(not(target_family = "wasm"));
    std::panic::set_hook(Box::new(|_| {}));
    let unwound = caught && std::panic::catch_unwind(|| panic!("on purpose")).is_err();
    let elapsed = std::time::Instant::now().elapsed().as_secs();
    println!("{} {threads} {} {elapsed}", counts[&'r'], unwound == caught);
}
"#;

/// A target, and whether its programs run here.
const TARGETS: [(&str, bool); 18] = [
    ("x86_64-unknown-linux-gnu", true),
    ("aarch64-unknown-linux-gnu", true),
    ("i686-unknown-linux-gnu", true),
    ("armv7-unknown-linux-gnueabihf", true),
    ("riscv64gc-unknown-linux-gnu", true),
    ("s390x-unknown-linux-gnu", true),
    ("x86_64-unknown-linux-musl", true),
    ("aarch64-unknown-linux-musl", true),
    ("x86_64-apple-darwin", false),
    ("aarch64-apple-darwin", false),
    ("universal-apple-darwin", false),
    ("x86_64-pc-windows-msvc", true),
    ("aarch64-pc-windows-msvc", false),
    ("x86_64-pc-windows-gnu", true),
    ("x86_64-pc-windows-gnullvm", true),
    ("aarch64-pc-windows-gnullvm", false),
    ("wasm32-wasip1", true),
    ("x86_64-unknown-freebsd", false),
];

/// One of each system whose std can be built from source; WASI's has a libc that comes with
/// rustup's only.
const FROM_SOURCE: [&str; 5] = [
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-freebsd",
];

/// Cost: 142 CPU seconds.
#[test]
fn one_run_builds_eighteen_targets() {
    let scratch = scratch();
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                    [profile.dev]\ndebug = false\n\n[workspace]\n";
    write(scratch.path(), &[("Cargo.toml", manifest), ("src/main.rs", PROGRAM)]);
    let here = StdHere::of(&TARGETS.map(|(target, _)| target), scratch.path(), &FROM_SOURCE);
    assert!(here.usual.contains(&HOST), "{here:?}");
    prove(&here.usual, scratch.path(), tachi_with_the_usual);
    prove(&here.debians, scratch.path(), tachi_with_debians);
}

/// Builds for all of `targets` in one run, reads what came out, and runs it where it can be.
fn prove(targets: &[&str], dir: &Path, tachi: impl Fn(&Path) -> Command) {
    if targets.is_empty() {
        return;
    }
    run(tachi(dir).args(["build", "--target", &targets.join(",")])).expect_success();
    let finished = dir.join("target/tachi/debug");
    for (target, runs) in TARGETS.into_iter().filter(|(target, _)| targets.contains(target)) {
        let suffix = match target {
            _ if target.contains("windows") => ".exe",
            _ if target.starts_with("wasm32") => ".wasm",
            _ => "",
        };
        check(&finished.join(target).join(format!("app{suffix}")), target, dir);
        if runs {
            let mut command = tachi(dir);
            let ran = run(command.args(["run", "--quiet", "--target", target])).expect_success();
            assert_eq!(ran.stdout.trim(), "2 42 true 0", "{target}");
        }
    }
}

fn check(file: &Path, target: &str, scratch: &Path) {
    match target {
        "universal-apple-darwin" => check_universal(file, scratch),
        _ if target.ends_with("darwin") => check_macho(file, target),
        _ if target.contains("windows") => check_pe(file, target),
        _ => {
            let read = run(llvm("llvm-readobj").args(["--file-headers", "--notes"]).arg(file))
                .expect_success()
                .stdout;
            let arch = match target.split('-').next().unwrap() {
                "i686" => "Arch: i386",
                "armv7" => "Arch: arm",
                "riscv64gc" => "Arch: riscv64",
                "wasm32" => "Arch: wasm32",
                other => &format!("Arch: {other}"),
            };
            assert!(read.contains(arch), "{target}: {read}");
            // FreeBSD's kernel tells its own programs by this note.
            assert!(!target.contains("freebsd") || read.contains("NT_FREEBSD_ABI_TAG"), "{read}");
        }
    }
}
