//! `universal` and `sign` from the terminal, on files that the toolchain's linker makes.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Ran, run, scratch, tachi, write};

const LIB_SYSTEM: &str = "\
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libSystem.B.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ dyld_stub_binder ]
...
";

/// The newest of a program's versions on `PATH`, which Debian has in its packages' names.
fn llvm(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let is_version = |rest: &str| rest.is_empty() || rest.starts_with('-');
    let mut found: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
        .filter(|file| {
            let file = file.file_name().unwrap().to_string_lossy();
            file.strip_prefix(name).is_some_and(is_version)
        })
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("{name} is not on PATH; Debian's package `llvm` has it"))
}

/// Links a file for macOS into `dir`.
fn link(dir: &Path, name: &str, arch: &str, flags: &[&str]) {
    let object = dir.join(format!("{name}.o"));
    let mut assembler = Command::new(llvm("llvm-mc"))
        .args([&format!("-triple={arch}-apple-macos11"), "-filetype=obj", "-o"])
        .arg(&object)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut source = assembler.stdin.take().unwrap();
    source.write_all(b".globl _main\n_main: ret\n.zero 40000\n").unwrap();
    drop(source);
    assert!(assembler.wait().unwrap().success());
    write(dir, &[("libSystem.tbd", LIB_SYSTEM)]);
    let rustc = |args: &[&str]| run(Command::new("rustc").args(args)).expect_success().stdout;
    let (sysroot, version) = (rustc(&["--print", "sysroot"]), rustc(&["-vV"]));
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let lld = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
    let mut linker = Command::new(lld);
    linker.args(["-flavor", "darwin", "-arch", arch, "-platform_version", "macos", "11.0", "14.0"]);
    linker.args(flags).arg("-o").arg(dir.join(name)).arg(object).arg(dir.join("libSystem.tbd"));
    run(&mut linker).expect_success();
}

/// A scratch folder with the executables `intel`, unsigned, and `arm`, signed.
fn executables() -> tempfile::TempDir {
    let dir = scratch();
    link(dir.path(), "intel", "x86_64", &[]);
    link(dir.path(), "arm", "arm64", &[]);
    dir
}

#[track_caller]
fn tool(dir: &tempfile::TempDir, args: &[&str], code: i32) -> Ran {
    run(tachi(dir.path()).args(args)).expect_code(code)
}

fn bytes(dir: &tempfile::TempDir, name: &str) -> Vec<u8> {
    std::fs::read(dir.path().join(name)).unwrap()
}

fn mode(dir: &tempfile::TempDir, name: &str) -> u32 {
    std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn files_are_joined_as_by_llvm_lipo_and_taken_apart_again() {
    let dir = executables();
    let ran = tool(&dir, &["universal", "create", "-o", "both", "arm", "intel"], 0);
    assert!(ran.stderr.contains("Joined both (x86_64, arm64, "), "{}", ran.stderr);
    let mut lipo = Command::new(llvm("llvm-lipo"));
    run(lipo.current_dir(&dir).args(["-create", "arm", "intel", "-output", "theirs"]))
        .expect_success();
    assert!(bytes(&dir, "both") == bytes(&dir, "theirs"));
    assert_eq!(mode(&dir, "both"), mode(&dir, "arm"), "it can be executed");

    for (arch, original) in [("arm64", "arm"), ("x86_64", "intel")] {
        tool(&dir, &["universal", "thin", "--arch", arch, "-o", "one", "both"], 0);
        assert!(bytes(&dir, "one") == bytes(&dir, original), "{arch}");
    }
    let ran = tool(&dir, &["universal", "info", "both", "arm"], 0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let [name, intel, arm, thin] = lines[..] else { panic!("{}", ran.stdout) };
    assert_eq!(name, "both: universal");
    assert!(intel.starts_with("  x86_64  an executable, "), "{intel}");
    assert!(intel.ends_with(" KiB, at 0x1000, aligned to 2^12"), "{intel}");
    assert!(arm.starts_with("  arm64   an executable, "), "{arm}");
    assert!(thin.starts_with("arm: arm64, an executable, "), "{thin}");
}

#[test]
fn the_output_may_be_an_input() {
    let dir = executables();
    let arm = bytes(&dir, "arm");
    tool(&dir, &["universal", "create", "-o", "both", "arm", "intel"], 0);
    tool(&dir, &["universal", "create", "-o", "arm", "arm", "intel"], 0);
    assert!(bytes(&dir, "arm") == bytes(&dir, "both"));
    tool(&dir, &["universal", "thin", "--arch", "arm64", "-o", "arm", "arm"], 0);
    assert!(bytes(&dir, "arm") == arm);
}

#[test]
fn a_file_that_cannot_be_joined_is_named_with_a_remedy_and_nothing_is_written() {
    let dir = executables();
    link(dir.path(), "lib", "arm64", &["-dylib", "-install_name", "@rpath/lib"]);
    write(dir.path(), &[("text", "no program\n")]);
    let cut = bytes(&dir, "arm");
    std::fs::write(dir.path().join("cut"), &cut[..cut.len() - 1]).unwrap();
    let create = |inputs: &[&'static str]| [&["universal", "create", "-o", "out"], inputs].concat();
    for (args, says) in [
        (create(&["arm", "arm"]), &["arm and arm are both for arm64", "help: give one file"][..]),
        (create(&["intel", "lib"]), &["intel is an executable, but lib is a dylib", "help: join"]),
        (create(&["text"]), &["text: not a Mach-O file", "help: give files that were built"]),
        (create(&["cut"]), &["cut: the file is cut off", "help: build or fetch the file again"]),
        (create(&["none"]), &["cannot read none"]),
        (create(&[]), &["<FILE>..."]),
        (
            vec!["universal", "thin", "--arch", "x86_64", "-o", "out", "arm"],
            &["arm: there is no slice for x86_64, only for arm64", "--arch"],
        ),
        (
            vec!["universal", "thin", "--arch", "amd64", "-o", "out", "arm"],
            &["`amd64` is no architecture of Mach-O"],
        ),
        (vec!["universal", "info", "text"], &["text: not a Mach-O file"]),
    ] {
        let ran = tool(&dir, &args, 2);
        for text in says {
            assert!(ran.stderr.contains(text), "{args:?}: {text}: {}", ran.stderr);
        }
        assert!(!dir.path().join("out").exists(), "{args:?}: something was written");
    }
}

#[test]
fn signatures_are_made_and_checked() {
    let dir = executables();
    let ran = tool(&dir, &["sign", "--check", "arm", "intel"], 4);
    assert!(ran.stdout.contains("arm:\n  arm64: good signature, identifier arm, flags adhoc"));
    assert!(ran.stdout.contains("intel:\n  x86_64: not signed"), "{}", ran.stdout);
    assert!(ran.stderr.contains("no good signature: intel\n  help: cargo tachi sign intel"));

    let linked = bytes(&dir, "arm");
    std::fs::set_permissions(dir.path().join("intel"), PermissionsExt::from_mode(0o750)).unwrap();
    let ran = tool(&dir, &["sign", "arm", "intel"], 0);
    assert!(ran.stderr.contains("Unchanged arm (ad-hoc, identifier arm)"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Signed intel (ad-hoc, identifier intel)"), "{}", ran.stderr);
    assert!(bytes(&dir, "arm") == linked);
    assert_eq!(mode(&dir, "intel"), 0o750);

    tool(&dir, &["universal", "create", "-o", "both", "arm", "intel"], 0);
    tool(&dir, &["sign", "--identifier", "com.example.app", "both"], 0);
    let ran = tool(&dir, &["sign", "--check", "both"], 0);
    assert_eq!(ran.stdout.matches("good signature, identifier com.example.app").count(), 2);

    let mut damaged = bytes(&dir, "both");
    let place = damaged.len() / 2;
    damaged[place] ^= 1;
    std::fs::write(dir.path().join("both"), damaged).unwrap();
    let ran = tool(&dir, &["sign", "--check", "both"], 4);
    assert!(ran.stdout.contains("  arm64: BAD signature"), "{}", ran.stdout);
    assert!(ran.stdout.contains("    the page at 0x"), "{}", ran.stdout);
    tool(&dir, &["sign", "both"], 0);
    tool(&dir, &["sign", "--check", "both"], 0);
}

#[test]
fn signing_follows_links_and_keeps_them() {
    let dir = executables();
    std::os::unix::fs::symlink("intel", dir.path().join("current")).unwrap();
    let ran = tool(&dir, &["sign", "current"], 0);
    assert!(ran.stderr.contains("identifier intel"), "{}", ran.stderr);
    assert!(std::fs::symlink_metadata(dir.path().join("current")).unwrap().is_symlink());
    tool(&dir, &["sign", "--check", "intel"], 0);
}

#[test]
fn a_file_that_cannot_be_signed_is_named_with_a_remedy() {
    let dir = executables();
    write(dir.path(), &[("text", "no program\n")]);
    for (args, says) in [
        (&["sign", "text"][..], &["text: not a Mach-O file", "help: "][..]),
        (&["sign", "--check", "text"], &["text: not a Mach-O file"]),
        (&["sign", "arm.o"], &["arm.o: an object file cannot have", "help: executables, dylibs"]),
        (&["sign", "--identifier", "", "arm"], &["cannot be an identifier", "--identifier"]),
        (&["sign", "none"], &["cannot read none"]),
        (&["sign", "--check", "--identifier", "a", "arm"], &["cannot be used with"]),
        (&["sign"], &["<FILE>..."]),
    ] {
        let ran = tool(&dir, args, 2);
        for text in says {
            assert!(ran.stderr.contains(text), "{args:?}: {text}: {}", ran.stderr);
        }
    }
}
