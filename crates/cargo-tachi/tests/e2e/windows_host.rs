//! `cargo-tachi.exe`, built by Tachi itself, under wine: the file tools print and write the same
//! bytes there as here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, clean, repository, run, scratch, tachi, write};

const TARGET: &str = "x86_64-pc-windows-msvc";
const MISSING: &str = "no-such-file";

/// Tachi for Windows. The first call builds it, if it is not up to date.
struct OnWindows {
    repository: PathBuf,
}

impl OnWindows {
    /// Builds it, if this machine has a compiler for it.
    fn here() -> Option<Self> {
        // Debian's compiler, which replaces one without std, is too old for Tachi.
        if std::env::var_os("TACHI_TEST_RUSTC").is_some() {
            eprintln!("not tested: rustup does not bring {TARGET}");
            return None;
        }
        Some(Self { repository: repository() })
    }

    /// Its program.
    fn program(&self) -> PathBuf {
        self.repository.join("target/tachi/debug").join(TARGET).join("cargo-tachi.exe")
    }

    /// Runs it in `dir`.
    fn call(&self, dir: &Path, args: &[&str]) -> Ran {
        let mut command = tachi(dir);
        command.args(["run", "--quiet", "--package", "cargo-tachi", "--target", TARGET]);
        command.args(["--profile", "dev", "--locked", "--manifest-path"]);
        command.arg(self.repository.join("Cargo.toml"));
        // The tests' own target folder already has the crates for this machine.
        command.arg("--target-dir").arg(self.repository.join("target"));
        // Debug information would cost a tenth of the time, and nothing reads it.
        command.env("CARGO_PROFILE_DEV_DEBUG", "none");
        run(command.args(["--", "tachi"]).args(args))
    }
}

fn corpus(dir: &Path) -> Vec<String> {
    let source = repository().join("crates/tachi-binary/tests/corpus");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), dir.join(entry.file_name())).unwrap();
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    names
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Cost: 67 CPU seconds for a build of cargo-tachi for Windows without optimisation, next to nothing
/// once it is built, and one for each of twelve calls.
#[test]
fn the_file_tools_do_the_same_on_windows_as_here() {
    let Some(windows) = OnWindows::here() else { return };
    let (here, there) = (scratch(), scratch());
    let names = corpus(here.path());
    assert_eq!(corpus(there.path()), names);
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let with = |head: &[&'static str], files: &[&str]| -> Vec<String> {
        head.iter().chain(files).map(|&word| word.to_owned()).collect()
    };
    let programs = ["macho-arm64", "macho-x86_64"];
    for args in [
        with(&["inspect", "--format", "json"], &all),
        with(&["inspect"], &["fat"]),
        with(&["verify", "--message-format", "short"], &all),
        with(&["verify"], &["pe-x86_64", "elf-x86_64"]),
        with(&["universal", "create", "-o", "both"], &programs),
        with(&["universal", "thin", "arm64", "both", "-o", "one"], &[]),
        // In place, and then over an older file.
        with(&["sign"], &["macho-x86_64", "both"]),
        with(&["sign", "--check"], &["macho-x86_64", "both"]),
        with(&["strip"], &["elf-x86_64-shared", "pe-x86_64"]),
        with(&["strip"], &[MISSING]),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ours = run(tachi(here.path()).args(&args));
        let theirs = windows.call(there.path(), &args);
        assert_eq!(theirs.stdout, ours.stdout, "{args:?}: {}", theirs.stderr);
        // The system's own messages differ.
        if !args.contains(&MISSING) {
            assert_eq!(theirs.stderr, ours.stderr, "{args:?}");
        }
        assert_eq!(theirs.code, ours.code, "{args:?}: {}", theirs.stderr);
        let changed = files(here.path());
        for (ours, theirs) in changed.iter().zip(files(there.path())) {
            assert_eq!(ours.0, theirs.0, "{args:?}");
            assert!(ours.1 == theirs.1, "{args:?} wrote another {}", ours.0);
        }
    }
    let backslash = windows.call(here.path(), &["inspect", r".\fat"]).expect_code(0);
    assert!(backslash.stdout.contains("universal"), "{}", backslash.stdout);
}

/// Replaces cargo and rustc, which are not here for Windows: it repeats the answers of this machine's.
/// It also starts Tachi, with itself in their place.
const RECORDED: &str = r#"
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let this = std::env::current_exe().unwrap();
    match &*args[0] {
        "launch" => {
            let mut tachi = std::process::Command::new(&args[1]);
            tachi.args(&args[2..]).env("CARGO", &this).env("RUSTC", &this).env_remove("RUSTUP_TOOLCHAIN");
            std::process::exit(tachi.status().unwrap().code().unwrap());
        }
        "metadata" => print!("{}", include_str!("metadata.json")),
        "-vV" => print!("{}", include_str!("version")),
        "--print" => println!("{}", include_str!("sysroot")),
        other => panic!("{other} was not recorded"),
    }
}
"#;

/// Cost: 3 CPU seconds for a small program, and what the test above costs, which builds the same Tachi.
#[test]
fn a_plan_is_made_on_windows() {
    let Some(windows) = OnWindows::here() else { return };
    windows.call(&repository(), &["--version"]).expect_success();
    let dir = scratch();
    let root = dir.path().to_str().unwrap();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    let std = "sysroot/lib/rustlib/x86_64-unknown-linux-gnu/lib/libstd-0.rlib";
    write(
        dir.path(),
        &[
            ("app/Cargo.toml", manifest),
            ("app/src/main.rs", "fn main() {}\n"),
            ("recorded/Cargo.toml", manifest),
            ("recorded/src/main.rs", RECORDED),
            ("recorded/src/sysroot", &format!("Z:{root}/sysroot")),
            (std, ""),
        ],
    );
    let app = dir.path().join("app");
    let answer = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        clean(&mut command);
        run(command.args(args).current_dir(&app)).expect_success().stdout
    };
    let metadata = answer("cargo", &["metadata", "--format-version", "1", "--all-features"])
        .replace(&format!("\"{root}"), &format!("\"Z:{root}"));
    let version = answer("rustc", &["-vV"]).replace("x86_64-unknown-linux-gnu", TARGET);
    let recorded = dir.path().join("recorded");
    write(&recorded, &[("src/metadata.json", &metadata), ("src/version", &version)]);

    let plan = |args: &[&str]| {
        let mut command = tachi(&app);
        command.args(["run", "--quiet", "--target", TARGET, "--manifest-path"]);
        command.arg(recorded.join("Cargo.toml")).args(["--", "launch"]).arg(windows.program());
        command.args(["tachi", "plan", "--target", "x86_64-unknown-linux-gnu"]).args(args);
        run(&mut command).expect_success().stdout
    };
    let json: serde_json::Value = serde_json::from_str(&plan(&["--format", "json"])).unwrap();
    assert_eq!(json["targets"][0]["triple"], "x86_64-unknown-linux-gnu");
    let steps = json["steps"].as_array().unwrap();
    assert!(!steps.is_empty(), "{json}");
    let people = plan(&[]);
    assert!(people.contains("x86_64-unknown-linux-gnu"), "{people}");
}
