//! The slot in linked Mach-O, PE and WebAssembly files, after link-time optimisation, removal of
//! unused parts, identical code folding and stripping. ELF's is in `stamp.rs`.
//!
//! Linked with the lld and `core` of the Rust toolchain, so that the crate is tested and no kit:
//! without std no file of the other system is needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use tachi::binary::signature::Replace;

use crate::support::slots::{check_difference, inspect};
use crate::support::{clean, repository, run, scratch, tachi, write};

const LIBRARY: &str = "
    #![no_std]
    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
    #[unsafe(no_mangle)]
    pub extern \"C\" fn hash_length() -> usize { tachi_build_info::build_info!().git_hash.len() }
";

/// A package that asks for its build, in the profile that removes most.
fn package(dir: &Path, lib: &str, features: &str, source: (&str, &str)) {
    let crate_dir = repository().join("crates/tachi-build-info");
    let manifest = format!(
        "[package]\nname = \"it\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{lib}[workspace]\n\
         [dependencies]\ntachi-build-info = {{ path = \"{}\", {features} }}\n\
         [profile.release]\nopt-level = \"z\"\nlto = \"fat\"\ncodegen-units = 1\n\
         panic = \"abort\"\nstrip = \"symbols\"\n",
        crate_dir.display()
    );
    write(dir, &[("Cargo.toml", &manifest), source]);
}

/// Builds the package in `dir` for `target`, and returns the folder of its files; none, with
/// a word about it, where the toolchain has no `core` for the target and rustup brings none.
fn build(dir: &Path, target: &str, flags: &str) -> Option<PathBuf> {
    let sysroot = run(Command::new("rustc").args(["--print", "sysroot"])).expect_success().stdout;
    let has_core = || Path::new(sysroot.trim()).join("lib/rustlib").join(target).exists();
    if !has_core() {
        let _ = Command::new("rustup").args(["target", "add", target]).output();
    }
    if !has_core() {
        eprintln!("not tested: this toolchain has no core for {target}");
        return None;
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--quiet", "--offline", "--target", target]).current_dir(dir);
    clean(&mut cargo);
    cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", dir.join("target"));
    run(&mut cargo).expect_success();
    Some(dir.join("target").join(target).join("release"))
}

/// Links the library for `target`, stamps it, and looks at the bytes; returns the file, still
/// in its folder.
fn check(target: &str, name: &str, flags: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    let dir = scratch();
    let lib = "[lib]\ncrate-type = [\"cdylib\"]\n";
    package(dir.path(), lib, "default-features = false", ("src/lib.rs", LIBRARY));
    let file = build(dir.path(), target, flags)?.join(name);
    assert_eq!(inspect(&file)["stamp"], serde_json::json!({}));
    let before = std::fs::read(&file).unwrap();
    stamp(&file);
    check_difference(&before, &std::fs::read(&file).unwrap(), 1);
    assert_eq!(inspect(&file)["stamp"]["git_hash"], "abcdef1");
    assert_eq!(inspect(&file)["stamp"]["build_target"], "t");
    Some((dir, file))
}

fn stamp(file: &Path) {
    let mut stamp = tachi(Path::new("/"));
    stamp.env("TACHI_GIT_HASH", "abcdef1").env("SOURCE_DATE_EPOCH", "0");
    run(stamp.arg("stamp").arg(file).args(["--set", "build_target=t"])).expect_success();
}

/// Cost: 5 CPU seconds.
#[test]
fn a_macos_library_keeps_its_slot_and_is_signed_again() {
    let flags = "-Clinker=rust-lld -Clinker-flavor=ld64.lld -Clink-arg=-dead_strip \
        -Clink-arg=--icf=all -Clink-arg=-undefined -Clink-arg=dynamic_lookup";
    let linked = check("aarch64-apple-darwin", "libit.dylib", flags);
    let Some((_dir, file)) = linked else { return };
    let signature = |args: &[&str]| run(tachi(Path::new("/")).arg("sign").args(args).arg(&file));
    assert_ne!(signature(&["--check"]).code, Some(0), "lld's signature covers the old bytes");
    let stamped = std::fs::read(&file).unwrap();
    signature(&[]).expect_success();
    signature(&["--check"]).expect_success();
    let signed = std::fs::read(&file).unwrap();
    let slot = tachi::binary::stamp::slots(&signed).unwrap()[0].clone();
    assert_eq!(signed[slot.clone()], stamped[slot]);
    // `cargo tachi build` does both at once.
    let values = tachi::binary::stamp::read(&stamped).unwrap().unwrap();
    let mut emptied = stamped;
    tachi::binary::stamp::write(&mut emptied, &tachi::binary::stamp::Stamp::new()).unwrap();
    tachi::binary::stamp::write(&mut emptied, &values).unwrap();
    let finished = tachi::binary::signature::sign(&emptied, "libit.dylib", Replace::AdHoc).unwrap();
    assert!(finished == signed, "stamped and signed at once, it is another file");
}

/// Cost: 5 CPU seconds.
#[test]
fn a_windows_library_keeps_its_slot() {
    // Functions that `core` needs of a C library are left undefined: this file is not run.
    let flags = "-Clinker=rust-lld -Clinker-flavor=lld-link -Clink-arg=/NOENTRY \
        -Clink-arg=/NODEFAULTLIB -Clink-arg=/FORCE:UNRESOLVED -Clink-arg=/OPT:REF,ICF";
    check("x86_64-pc-windows-msvc", "it.dll", flags);
}

/// Cost: 5 CPU seconds.
#[test]
fn a_webassembly_library_keeps_its_slot() {
    check("wasm32-wasip1", "it.wasm", "-Clink-arg=--gc-sections -Clink-arg=-O2");
}

/// Cost: 5 CPU seconds.
#[test]
fn a_webassembly_program_prints_what_was_stamped() {
    let dir = scratch();
    let main = "fn main() { println!(\"{}\", tachi_build_info::build_info!()); }";
    package(dir.path(), "", "features = []", ("src/main.rs", main));
    let Some(folder) = build(dir.path(), "wasm32-wasip1", "") else { return };
    let file = folder.join("it.wasm");
    let run_it = || {
        let start = "
            const { WASI } = require('node:wasi');
            const wasi = new WASI({ version: 'preview1' });
            WebAssembly.instantiate(require('node:fs').readFileSync(process.argv[1]), wasi.getImportObject())
                .then(({ instance }) => wasi.start(instance));";
        let mut node = Command::new("node");
        node.args(["--no-warnings", "--eval", start]).arg(&file);
        run(&mut node).expect_success().stdout.trim().to_owned()
    };
    assert_eq!(run_it(), "1.2.3 (unknown) built unknown [release]");
    let before = std::fs::read(&file).unwrap();
    stamp(&file);
    check_difference(&before, &std::fs::read(&file).unwrap(), 1);
    assert_eq!(run_it(), "1.2.3 (abcdef1) built 1970-01-01T00:00:00Z [release]");
}
