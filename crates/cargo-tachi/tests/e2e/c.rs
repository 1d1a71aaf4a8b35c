//! C and C++ below Rust: dependencies of real programs, for systems whose SDKs are not here.

use crate::formats::{check_macho, check_pe};
use crate::support::{run, scratch, tachi, write};

const LINUX: &str = "x86_64-unknown-linux-musl";
const WINDOWS: &str = "x86_64-pc-windows-msvc";

/// C, assembler and, for MSVC's targets, C++ (mimalloc is compiled as such there).
const MANIFEST: &str = r#"
[package]
name = "below"
version = "0.1.0"
edition = "2024"

[dependencies]
aws-lc-rs = { version = "=1.19.0", default-features = false, features = ["aws-lc-sys"] }
libsqlite3-sys = { version = "=0.37.0", features = ["bundled"] }
libz-sys = { version = "=1.1.31", features = ["static"] }
mimalloc = { version = "=0.1.52", default-features = false }
ring = "=0.17.14"
zstd = "=0.13.5"

[profile.dev]
debug = false

[workspace]
"#;

const PROGRAM: &str = r#"
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let text = b"the same bytes, twice: the same bytes, twice";
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ring = hex(ring::digest::digest(&ring::digest::SHA256, text).as_ref());
    let aws = hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text).as_ref());
    assert_eq!(ring, aws);
    let packed = zstd::encode_all(&text[..], 3).unwrap();
    assert_eq!(zstd::decode_all(&packed[..]).unwrap(), text);
    let crc = unsafe { libz_sys::crc32(0, text.as_ptr(), text.len() as u32) };
    let sqlite = unsafe { std::ffi::CStr::from_ptr(libsqlite3_sys::sqlite3_libversion()) };
    println!("{} {crc:08x} {}", &ring[..16], sqlite.to_str().unwrap());
}
"#;

/// Cost: 110 CPU seconds.
#[test]
fn c_and_cxx_dependencies_say_on_linux_and_windows_what_they_have_to() {
    prove(&[LINUX, WINDOWS]);
}

/// Cost: 220 CPU seconds.
#[test]
#[ignore = "compiles six libraries for two more targets; the example has C for both in every run"]
fn c_and_cxx_dependencies_work_on_linux_macos_and_windows() {
    prove(&[LINUX, WINDOWS, "aarch64-pc-windows-msvc", "aarch64-apple-darwin"]);
}

/// Builds the program for all of `targets`, checks each file and runs those that can be run.
fn prove(targets: &[&str]) {
    let scratch = scratch();
    write(scratch.path(), &[("Cargo.toml", MANIFEST), ("src/main.rs", PROGRAM)]);
    let mut build = tachi(scratch.path());
    run(build.args(["build", "--target", &targets.join(",")])).expect_success();
    let said = |target: &str| {
        let mut command = tachi(scratch.path());
        run(command.args(["run", "--quiet", "--target", target])).expect_success().stdout
    };
    let expected = said(LINUX);
    // printf '%s' 'the same bytes, twice: the same bytes, twice' | sha256sum; gzip -lv
    assert!(expected.starts_with("14b46086fe09a7c8 8fd3e9d5 3."), "{expected}");
    assert_eq!(said(WINDOWS), expected);
    let finished = scratch.path().join("target/tachi/debug");
    for target in targets {
        let folder = finished.join(target);
        if target.contains("windows") {
            check_pe(&folder.join("below.exe"), target);
        } else if target.contains("apple") {
            check_macho(&folder.join("below"), target);
        }
    }
}
