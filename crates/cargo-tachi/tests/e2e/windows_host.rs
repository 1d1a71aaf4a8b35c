//! `cargo-tachi.exe`, which Tachi itself has built, under wine: the file tools say and write there
//! what they say and write here, byte for byte.

use std::path::{Path, PathBuf};

use crate::support::{Ran, repository, run, scratch, tachi};

const TARGET: &str = "x86_64-pc-windows-msvc";
const MISSING: &str = "no-such-file";

/// Tachi for Windows. Its first call builds it, where it was not built since the last change.
struct OnWindows {
    repository: PathBuf,
}

impl OnWindows {
    /// Runs it in `dir`.
    fn call(&self, dir: &Path, args: &[&str]) -> Ran {
        let mut command = tachi(dir);
        command.args(["run", "--quiet", "--package", "cargo-tachi", "--target", TARGET]);
        command.args(["--profile", "dev", "--locked", "--manifest-path"]);
        command.arg(self.repository.join("Cargo.toml"));
        // The crates of this machine are there already: it is the folder of the tests.
        command.arg("--target-dir").arg(self.repository.join("target"));
        // What nobody looks at costs a tenth of the time.
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

/// Costs a build of cargo-tachi for Windows without optimisation, about 80 seconds on two idle
/// cores and next to nothing once it is built, and a second for each of twelve calls.
#[test]
fn the_file_tools_do_on_windows_what_they_do_here() {
    // Debian's compiler, which takes the place of one without std, is too old for Tachi.
    if std::env::var_os("TACHI_TEST_RUSTC").is_some() {
        eprintln!("not tested: rustup does not bring {TARGET}");
        return;
    }
    let windows = OnWindows { repository: repository() };
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
        // In its own place, and then over an older file.
        with(&["sign"], &["macho-x86_64", "both"]),
        with(&["sign", "--check"], &["macho-x86_64", "both"]),
        with(&["strip"], &["elf-x86_64-shared", "pe-x86_64"]),
        with(&["strip"], &[MISSING]),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ours = run(tachi(here.path()).args(&args));
        let theirs = windows.call(there.path(), &args);
        assert_eq!(theirs.stdout, ours.stdout, "{args:?}: {}", theirs.stderr);
        // The system's own words are others.
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
