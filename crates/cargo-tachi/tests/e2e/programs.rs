//! Programs that people ship, for macOS and Windows: checked as LLVM's tools see them, and run
//! under wine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::formats::{check_macho, check_pe, check_universal, llvm};
use crate::released::released;
use crate::support::{Ran, run, scratch, tachi, write};

const TARGETS: [&str; 5] = [
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "universal-apple-darwin",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
];

/// Optimised programs are linked the same way, and cost CI three times as much.
const QUICKLY: [&str; 2] = ["--config", "profile.dev.debug=false"];

/// Builds a released program for all of them and checks each file.
fn build(project: &Path, program: &str, scratch: &Path) {
    run(tachi(project).arg("build").args(QUICKLY).args(["--target", &TARGETS.join(",")]))
        .expect_success();
    for target in TARGETS {
        let folder: PathBuf = project.join("target/tachi/debug").join(target);
        match target {
            "universal-apple-darwin" => check_universal(&folder.join(program), scratch),
            _ if target.ends_with("darwin") => check_macho(&folder.join(program), target),
            _ => check_pe(&folder.join(format!("{program}.exe")), target),
        }
    }
}

/// Runs the program for Windows, in `dir`.
fn on_windows(project: &Path, dir: &Path, args: &[&str]) -> Ran {
    let mut command = tachi(dir);
    command.args(["run", "--quiet", "--target", "x86_64-pc-windows-msvc"]).args(QUICKLY);
    command.arg("--manifest-path").arg(project.join("Cargo.toml"));
    run(command.arg("--").args(args))
}

#[test]
fn ripgrep_counts_on_windows_what_it_counts_here() {
    let scratch = scratch();
    let project = released("ripgrep", "15.2.0", scratch.path());
    build(&project, "rg", scratch.path());
    let lines: Vec<String> = (0..5000).map(|n| format!("line {n} of the haystack")).collect();
    write(scratch.path(), &[("haystack.txt", &(lines.join("\n") + "\n"))]);
    let mut grep = Command::new("grep");
    let expected =
        run(grep.args(["-cE", "7[0-9]+ of", "haystack.txt"]).current_dir(scratch.path()));
    let counted = on_windows(&project, scratch.path(), &["--count", "7[0-9]+ of", "haystack.txt"]);
    assert_eq!(counted.expect_success().stdout.trim(), expected.expect_success().stdout.trim());
}

#[test]
fn fd_finds_on_windows_what_is_there() {
    let scratch = scratch();
    let project = released("fd-find", "10.5.0", scratch.path());
    build(&project, "fd", scratch.path());
    let tree = scratch.path().join("tree");
    write(&tree, &[("a/one.rs", ""), ("a/b/two.rs", ""), ("three.txt", "")]);
    let found = on_windows(&project, &tree, &["--extension", "rs"]).expect_success().stdout;
    let mut lines: Vec<&str> = found.lines().map(str::trim).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["a\\b\\two.rs", "a\\one.rs"]);
}

#[test]
fn bat_highlights_on_windows() {
    let scratch = scratch();
    let project = released("bat", "0.26.1", scratch.path());
    build(&project, "bat", scratch.path());
    write(scratch.path(), &[("main.rs", "fn main() {}\n")]);
    let args = ["--paging=never", "--color=always", "--style=plain", "main.rs"];
    let shown = on_windows(&project, scratch.path(), &args).expect_success().stdout;
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
