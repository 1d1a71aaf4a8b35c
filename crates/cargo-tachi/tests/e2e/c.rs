//! C and C++ below Rust: what real programs bring along, for systems whose SDKs are not here.

use crate::formats::{check_macho, check_pe};
use crate::support::{run, scratch, tachi, write};

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

#[test]
fn c_and_cxx_dependencies_work_on_linux_macos_and_windows() {
    let scratch = scratch();
    write(scratch.path(), &[("Cargo.toml", MANIFEST), ("src/main.rs", PROGRAM)]);
    let targets = [
        "x86_64-unknown-linux-musl",
        "x86_64-pc-windows-msvc",
        "aarch64-pc-windows-msvc",
        "aarch64-apple-darwin",
    ];
    let mut build = tachi(scratch.path());
    build.arg("build").args(targets.iter().flat_map(|target| ["--target", target]));
    run(&mut build).expect_success();
    let finished = scratch.path().join("target/tachi/debug");
    let said = |target: &str| {
        let mut command = tachi(scratch.path());
        run(command.args(["run", "--quiet", "--target", target])).expect_success().stdout
    };
    let expected = said("x86_64-unknown-linux-musl");
    // printf '%s' 'the same bytes, twice: the same bytes, twice' | sha256sum; gzip -lv
    assert!(expected.starts_with("14b46086fe09a7c8 8fd3e9d5 3."), "{expected}");
    assert_eq!(said("x86_64-pc-windows-msvc"), expected);
    for target in &targets[1..3] {
        check_pe(&finished.join(target).join("below.exe"), target);
    }
    check_macho(&finished.join(targets[3]).join("below"), targets[3]);
}
