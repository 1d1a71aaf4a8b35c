//! Shared libraries that ask for their build, loaded and called: each returns what was stamped into
//! its own file, whichever program has loaded it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::slots::{check_difference, inspect};
use crate::support::{clean, repository, run, scratch, tachi, write};

/// A library with a C interface, of version 1.0.0; `part`, of version 2.0.0, is linked into it
/// and asks too.
const LIBRARY: &str = r#"
    use std::ffi::{CString, c_char};

    #[unsafe(no_mangle)]
    pub extern "C" fn library_versions() -> *mut c_char {
        let own = tachi_build_info::build_info!().version_string();
        CString::new(format!("{own}, {}", part::version())).unwrap().into_raw()
    }
"#;

/// The program that loads it, of version 3.0.0, which asks too.
const LOADER: &str = r#"
    use std::ffi::{CStr, CString, c_char, c_int, c_void};

    #[link(name = "dl")]
    unsafe extern "C" {
        fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }

    fn main() {
        let file = CString::new(std::env::args().nth(1).unwrap()).unwrap();
        let said = unsafe {
            let library = dlopen(file.as_ptr(), 2);
            assert!(!library.is_null());
            let function = dlsym(library, c"library_versions".as_ptr());
            assert!(!function.is_null());
            let function: extern "C" fn() -> *const c_char = std::mem::transmute(function);
            CStr::from_ptr(function()).to_str().unwrap()
        };
        println!("{said}, {}", tachi_build_info::build_info!().version_string());
    }
"#;

const PART: &str =
    "pub fn version() -> String { tachi_build_info::build_info!().version_string() }";

/// A workspace of the library, its part, and the program; `part` asks the crate at `parts`.
fn workspace(dir: &Path, parts: &Path) {
    let shared = repository().join("crates/tachi-build-info");
    let manifest = |name: &str, version: &str, build_info: &Path, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n{more}\n\
             [dependencies]\ntachi-build-info.path = \"{}\"\n",
            build_info.display()
        )
    };
    let library = manifest("library", "1.0.0", &shared, "[lib]\ncrate-type = [\"cdylib\"]")
        + "part.path = \"../part\"\n";
    write(
        dir,
        &[
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"library\", \"loader\", \"part\"]\n\
                 [profile.release]\nlto = \"fat\"\npanic = \"abort\"\nstrip = \"symbols\"\n",
            ),
            ("library/Cargo.toml", &library),
            ("library/src/lib.rs", LIBRARY),
            ("part/Cargo.toml", &manifest("part", "2.0.0", parts, "")),
            ("part/src/lib.rs", PART),
            ("loader/Cargo.toml", &manifest("loader", "3.0.0", &shared, "")),
            ("loader/src/main.rs", LOADER),
        ],
    );
}

/// Builds the workspace; the library's file and the program's.
fn build(dir: &Path) -> (PathBuf, PathBuf) {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--quiet", "--offline"]).current_dir(dir);
    clean(&mut cargo);
    run(cargo.env("CARGO_TARGET_DIR", dir.join("target"))).expect_success();
    let folder = dir.join("target/release");
    (folder.join("liblibrary.so"), folder.join("loader"))
}

fn stamp(dir: &Path, file: &Path, hash: &str) {
    let mut stamp = tachi(dir);
    stamp.env("TACHI_GIT_HASH", hash).env("SOURCE_DATE_EPOCH", "0");
    run(stamp.arg("stamp").arg(file).args(["--set", "build_profile=p"])).expect_success();
}

fn said(library: &Path, loader: &Path) -> String {
    run(Command::new(loader).arg(library)).expect_success().stdout.trim().to_owned()
}

#[test]
fn a_library_and_the_program_that_loads_it_each_say_their_own_build() {
    let dir = scratch();
    workspace(dir.path(), &repository().join("crates/tachi-build-info"));
    let (library, loader) = build(dir.path());
    let plain = "(unknown) built unknown [release]";
    assert_eq!(said(&library, &loader), format!("1.0.0 {plain}, 2.0.0 {plain}, 3.0.0 {plain}"));

    let before = std::fs::read(&library).unwrap();
    stamp(dir.path(), &library, "abcdef1");
    check_difference(&before, &std::fs::read(&library).unwrap(), 1);
    assert_eq!(inspect(&library)["facts"]["kind"], "shared-library");
    let own = "(abcdef1) built 1970-01-01T00:00:00Z [p]";
    assert_eq!(said(&library, &loader), format!("1.0.0 {own}, 2.0.0 {own}, 3.0.0 {plain}"));

    stamp(dir.path(), &loader, "1234567");
    let its = "(1234567) built 1970-01-01T00:00:00Z [p]";
    assert_eq!(said(&library, &loader), format!("1.0.0 {own}, 2.0.0 {own}, 3.0.0 {its}"));
}

#[test]
fn two_releases_of_the_crate_in_one_file_have_a_slot_each_and_both_are_filled() {
    let dir = scratch();
    let later = dir.path().join("later");
    let crate_dir = repository().join("crates/tachi-build-info");
    run(Command::new("cp").arg("-r").args([&crate_dir, &later])).expect_success();
    let manifest = "[package]\nname = \"tachi-build-info\"\nversion = \"99.0.0\"\nedition = \"2021\"\n\
        [features]\ndefault = [\"std\"]\nstd = [\"alloc\"]\nalloc = []\ngit = [\"std\"]\n";
    write(&later, &[("Cargo.toml", manifest)]);
    workspace(dir.path(), &later);
    let (library, loader) = build(dir.path());
    let before = std::fs::read(&library).unwrap();
    stamp(dir.path(), &library, "abcdef1");
    check_difference(&before, &std::fs::read(&library).unwrap(), 2);
    let own = "(abcdef1) built 1970-01-01T00:00:00Z [p]";
    assert!(said(&library, &loader).starts_with(&format!("1.0.0 {own}, 2.0.0 {own}, ")));
}
