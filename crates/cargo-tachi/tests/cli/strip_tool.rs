//! `strip` from the terminal, on programs that the toolchain makes here.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::{Ran, run, scratch, tachi, write};

/// A scratch folder with a program that has debug information.
fn program() -> tempfile::TempDir {
    let dir = scratch();
    write(dir.path(), &[("it.rs", "fn main() { println!(\"it runs\"); }\n"), ("text", "no\n")]);
    let mut rustc = Command::new("rustc");
    run(rustc.args(["-g", "-Clink-arg=-Wl,--build-id", "it.rs"]).current_dir(&dir))
        .expect_success();
    dir
}

#[track_caller]
fn strip(dir: &tempfile::TempDir, args: &[&str], code: i32) -> Ran {
    run(tachi(dir.path()).arg("strip").args(args)).expect_code(code)
}

fn bytes(dir: &tempfile::TempDir, name: &str) -> Vec<u8> {
    std::fs::read(dir.path().join(name)).unwrap()
}

#[track_caller]
fn runs(dir: &tempfile::TempDir, name: &str) {
    let ran = run(&mut Command::new(dir.path().join(name))).expect_success();
    assert_eq!(ran.stdout, "it runs\n");
}

#[test]
fn a_program_is_stripped_in_its_place_or_elsewhere() {
    let dir = program();
    let before = bytes(&dir, "it");
    std::fs::set_permissions(dir.path().join("it"), PermissionsExt::from_mode(0o750)).unwrap();
    let ran = strip(&dir, &["--strip", "debuginfo", "-o", "smaller", "it"], 0);
    assert!(ran.stderr.contains("Stripped smaller ("), "{}", ran.stderr);
    assert!(ran.stderr.contains(" MiB → "), "{}", ran.stderr);
    assert!(bytes(&dir, "it") == before, "the input stays");
    strip(&dir, &["it"], 0);
    let (smaller, smallest) = (bytes(&dir, "smaller").len(), bytes(&dir, "it").len());
    assert!(smallest < smaller && smaller < before.len(), "{smallest} {smaller} {}", before.len());
    for name in ["it", "smaller"] {
        runs(&dir, name);
        let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o750, "{name}");
    }
    let ran = strip(&dir, &["it"], 0);
    assert!(ran.stderr.contains("Unchanged it ("), "{}", ran.stderr);
    strip(&dir, &["--strip", "none", "-o", "copy", "it"], 0);
    assert!(bytes(&dir, "copy") == bytes(&dir, "it"));
}

#[test]
fn split_debug_information_is_beside_the_program_under_its_name() {
    let dir = program();
    let ran = strip(&dir, &["--split-debuginfo", "it"], 0);
    assert!(ran.stderr.contains("it.debug)"), "{}", ran.stderr);
    runs(&dir, "it");
    let readelf = |args: &[&str]| {
        run(Command::new("readelf").args(args).current_dir(&dir)).expect_success().stdout
    };
    assert!(readelf(&["-p", ".gnu_debuglink", "it"]).contains("it.debug"));
    assert!(readelf(&["-SW", "it.debug"]).contains(".debug_info"));
    let ran = strip(&dir, &["--split-debuginfo", "it"], 2);
    for text in ["there is nothing to split", "help: strip it without --split-debuginfo"] {
        assert!(ran.stderr.contains(text), "{text}: {}", ran.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_stripped_is_named_with_a_remedy_and_nothing_is_written() {
    let dir = program();
    let appended = [bytes(&dir, "it"), b"data".to_vec()].concat();
    std::fs::write(dir.path().join("appended"), appended).unwrap();
    for (args, says) in [
        (&["-o", "out", "text"][..], &["text: not an executable", "help: "][..]),
        (&["-o", "out", "appended"], &["appended: 4 bytes of other data", "help: strip the"]),
        (&["-o", "out", "it", "text"], &["--output is for one file", "help: "]),
        (&["-o", "out", "none"], &["cannot read none"]),
        (&["--strip", "everything", "it"], &["[possible values: none, debuginfo, symbols]"]),
        (&[], &["<FILE>..."]),
    ] {
        let ran = strip(&dir, args, 2);
        for text in says {
            assert!(ran.stderr.contains(text), "{args:?}: {text}: {}", ran.stderr);
        }
        assert!(!dir.path().join("out").exists(), "{args:?}: something was written");
    }
}
