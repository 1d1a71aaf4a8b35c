//! Programs that people ship, for macOS and Windows: checked as LLVM's tools see them, and run
//! under wine.

use std::path::{Path, PathBuf};

use crate::formats::{check_macho, check_pe, check_universal, llvm};
use crate::released::{Program, Release};
use crate::support::{run, scratch, tachi, write};

const WINDOWS: &str = "x86_64-pc-windows-msvc";
const TARGETS: [&str; 5] = [
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "universal-apple-darwin",
    WINDOWS,
    "aarch64-pc-windows-msvc",
];

const BAT: Release = Release { name: "bat", version: "0.26.1", main: "src/bin/bat/main.rs" };

/// Builds a released program for targets and checks each file.
fn build(project: &Path, program: &str, targets: &[&str], scratch: &Path) {
    run(tachi(project).args(["build", "--target", &targets.join(",")])).expect_success();
    for &target in targets {
        let folder: PathBuf = project.join("target/tachi/debug").join(target);
        match target {
            "universal-apple-darwin" => check_universal(&folder.join(program), scratch),
            _ if target.ends_with("darwin") => check_macho(&folder.join(program), target),
            _ => check_pe(&folder.join(format!("{program}.exe")), target),
        }
    }
}

/// Cost: 160 CPU seconds.
#[test]
fn bat_highlights_on_windows() {
    bat(&[WINDOWS]);
}

/// Cost: 400 CPU seconds.
#[test]
#[ignore = "compiles 150 crates for each target; ripgrep and fd are released for all of them in every run"]
fn bat_is_sound_for_macos_and_windows_and_highlights_there() {
    bat(&TARGETS);
}

/// bat has C below it: libgit2, Oniguruma and zlib.
fn bat(targets: &[&str]) {
    let scratch = scratch();
    let program = Program::hold(&BAT);
    program.touch();
    build(program.path(), "bat", targets, scratch.path());
    write(scratch.path(), &[("main.rs", "fn main() {}\n")]);
    let args = ["--paging=never", "--color=always", "--style=plain", "main.rs"];
    let shown = program.run_on_windows(scratch.path(), false, &args).expect_success().stdout;
    assert!(shown.contains("\u{1b}[") && shown.contains("main"), "{shown:?}");
}

/// A program that uses the pasteboard (`AppKit`), the keychain's TLS (Security) and the network's
/// settings (`SystemConfiguration`).
const FRAMEWORKS: &str = r#"
fn main() {
    let connector = native_tls::TlsConnector::new().unwrap();
    if let Ok(stream) = std::net::TcpStream::connect("127.0.0.1:443") {
        println!("{}", connector.connect("localhost", stream).is_ok());
    }
    match arboard::Clipboard::new() {
        Ok(mut clipboard) => println!("{:?}", clipboard.get_text()),
        Err(error) => println!("{error}"),
    }
    println!("{:?}", system_configuration::dynamic_store::SCDynamicStoreBuilder::new("x").build().is_some());
}
"#;

/// Cost: 8 CPU seconds.
#[test]
fn each_symbol_of_a_framework_is_looked_up_in_its_own_library() {
    let scratch = scratch();
    let manifest = "[package]\nname = \"frameworks\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                    arboard = { version = \"=3.6.1\", default-features = false }\nnative-tls = \"=0.2.18\"\n\
                    system-configuration = \"=0.7.0\"\n\n[profile.dev]\ndebug = false\n\n[workspace]\n";
    write(scratch.path(), &[("Cargo.toml", manifest), ("src/main.rs", FRAMEWORKS)]);
    let target = "aarch64-apple-darwin";
    let said = run(tachi(scratch.path()).args(["build", "--target", target])).expect_success();
    assert!(!said.stderr.contains("TV004"), "a symbol was left to flat lookup: {}", said.stderr);
    let program = scratch.path().join("target/tachi/debug").join(target).join("frameworks");
    check_macho(&program, target);
    let symbols =
        run(llvm("llvm-objdump").args(["--macho", "--bind", "--lazy-bind"]).arg(&program));
    let symbols = symbols.expect_success().stdout;
    for (symbol, library) in [
        ("_NSPasteboardTypeString", "AppKit"),
        ("_SSLHandshake", "Security"),
        ("_SCDynamicStoreCreateWithOptions", "SystemConfiguration"),
        ("_CFRelease", "CoreFoundation"),
    ] {
        let line = symbols.lines().find(|line| line.ends_with(&format!(" {symbol}")));
        let line = line.unwrap_or_else(|| panic!("{symbol} is not bound:\n{symbols}"));
        assert!(line.contains(&format!(" {library} ")), "{line}");
    }
}
