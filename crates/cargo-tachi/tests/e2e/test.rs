//! `cargo tachi test` for other machines' targets: fixtures, programs and folders are found
//! through qemu and wine as they are here, with cargo-nextest and without; and the test suites
//! of real programs, with what is known to fail and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{HOST, Ran, clean, run, scratch, tachi, write};
use serde_json::Value;

pub(crate) const ARM: &str = "aarch64-unknown-linux-gnu";
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-msvc";
const MAC: &str = "aarch64-apple-darwin";

const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"1.2.3\"\nedition = \"2021\"\n[workspace]\n[[test]]\nname = \"own\"\n\
     harness = false\n";

const BUILD: &str = "fn main() {\n    let dir = std::env::var(\"OUT_DIR\").unwrap();\n    \
                     std::fs::write(dir + \"/made.txt\", \"made\").unwrap();\n    \
                     println!(\"cargo::rustc-env=FROM_SCRIPT=said\");\n    \
                     println!(\"cargo::rerun-if-changed=build.rs\");\n}\n";

const MAIN: &str =
    "fn main() { println!(\"{} {:?}\", std::env::consts::ARCH, std::env::args().nth(1)) }\n";

/// All that cargo promises to tests, compiled in and through the environment.
const IT: &str = r#"
use std::path::{Path, PathBuf};
use std::process::Command;

fn variable(name: &str) -> PathBuf {
    std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set")).into()
}

#[test]
fn fixtures_are_found() {
    for folder in [Path::new(env!("CARGO_MANIFEST_DIR")), &variable("CARGO_MANIFEST_DIR"), Path::new("")] {
        let text = std::fs::read_to_string(folder.join("tests/data/fixture.txt")).unwrap();
        assert_eq!(text.trim(), "fixture", "{folder:?}");
    }
}

#[test]
fn programs_are_called() {
    for program in [Path::new(env!("CARGO_BIN_EXE_app")), &variable("CARGO_BIN_EXE_app")] {
        let output = Command::new(program).arg("a b").current_dir(std::env::temp_dir()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.trim(), format!("{} Some(\"a b\")", std::env::consts::ARCH), "{program:?}");
    }
}

/// Nothing compiled in: it works on any machine that unpacks the archive.
#[test]
fn the_environment_suffices() {
    let fixture = variable("CARGO_MANIFEST_DIR").join("tests/data/fixture.txt");
    assert_eq!(std::fs::read_to_string(fixture).unwrap().trim(), "fixture");
    let output = Command::new(variable("CARGO_BIN_EXE_app")).output().unwrap();
    assert!(output.stdout.starts_with(std::env::consts::ARCH.as_bytes()));
}

#[test]
fn folders_for_files_exist() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written.txt");
    std::fs::write(&file, "written").unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "written");
    let made = variable("OUT_DIR").join("made.txt");
    assert_eq!(std::fs::read_to_string(&made).unwrap(), "made");
    assert_eq!(std::env::var("CARGO_PKG_VERSION").unwrap(), "1.2.3");
}

#[test]
#[ignore = "not today"]
fn another_day() {}
"#;

const OWN: &str = r#"
fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        if !std::env::args().any(|argument| argument == "--ignored") {
            println!("own: test");
        }
        return;
    }
    assert_eq!(std::env::var("FROM_SCRIPT").unwrap(), "said");
}
"#;

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", MANIFEST),
    ("build.rs", BUILD),
    (
        "src/lib.rs",
        "#[test]\nfn threads_and_panics() {\n    std::thread::spawn(|| panic!(\"on purpose\")).join().unwrap_err();\n}\n",
    ),
    ("src/main.rs", MAIN),
    ("tests/it.rs", IT),
    ("tests/own.rs", OWN),
    ("tests/data/fixture.txt", "fixture\n"),
];

/// The tests of a target: passed, failed, ignored; none if they were not run.
pub(crate) type Sums = Option<(u64, u64, u64)>;

/// The events of a run.
pub(crate) struct Events(Vec<Value>);

impl Events {
    pub(crate) fn of(ran: &Ran) -> Self {
        Self(ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |event| event["event"] == name)
    }

    pub(crate) fn sums(&self) -> BTreeMap<String, Sums> {
        let number = |event: &Value, name: &str| event[name].as_u64().unwrap();
        self.all("tests")
            .map(|event| {
                let sums = event["runner"].is_string().then(|| {
                    (number(event, "passed"), number(event, "failed"), number(event, "ignored"))
                });
                (event["target"].as_str().unwrap().to_owned(), sums)
            })
            .collect()
    }

    /// The names of the tests that failed for a target.
    pub(crate) fn failed(&self, target: &str) -> Vec<&str> {
        let of_target = self.all("test").filter(|event| event["target"] == target);
        let failed = of_target
            .filter(|event| !["passed", "ignored"].contains(&event["outcome"].as_str().unwrap()));
        let mut names: Vec<&str> = failed.map(|event| event["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        names
    }

    /// The output of failed tests, for the message of this test.
    pub(crate) fn words(&self) -> String {
        let failed = self.all("test").filter(|event| event["output"].is_string());
        let words = failed.map(|event| {
            let said = event["output"].as_str().unwrap();
            format!("{} {}\n{said}", event["target"], event["name"])
        });
        words.collect::<Vec<_>>().join("\n")
    }
}

/// `cargo tachi test`, with events. Optimised tests would test the same, and cost CI more.
pub(crate) fn test(dir: &Path, targets: &[&str]) -> Command {
    let mut command = tachi(dir);
    command.args(["test", "--message-format", "json", "--config", "profile.dev.debug=false"]);
    command.args(["--no-fail-fast", "--target", &targets.join(",")]);
    command
}

pub(crate) fn expected<const N: usize>(sums: [(&str, Sums); N]) -> BTreeMap<String, Sums> {
    sums.map(|(target, sums)| (target.to_owned(), sums)).into()
}

/// cargo-nextest, by its full name.
fn nextest() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join("cargo-nextest"));
    let found = found.into_iter().find(|file| file.exists());
    if found.is_none() {
        eprintln!("not tested: cargo-nextest is not installed");
    }
    found
}

/// Cost: 7 CPU seconds.
#[test]
fn every_runner_gives_tests_what_cargo_promises_them() {
    let dir = scratch();
    write(dir.path(), FILES);
    let targets = [HOST, ARM, WINDOWS, MAC];
    let sums = || {
        expected([
            (HOST, Some((6, 0, 1))),
            (ARM, Some((6, 0, 1))),
            (WINDOWS, Some((6, 0, 1))),
            (MAC, None),
        ])
    };
    let mut command = test(dir.path(), &targets);
    let ran = run(command.args(["--no-nextest", "--junit", "junit.xml"]));
    let events = Events::of(&ran);
    assert_eq!(events.sums(), sums(), "{}{}", events.words(), ran.stderr);
    ran.expect_success();
    let junit = std::fs::read_to_string(dir.path().join("junit.xml")).unwrap();
    assert!(junit.contains("tests=\"22\" skipped=\"4\" failures=\"0\""), "{junit}");
    assert!(junit.contains("not run: its programs run on Macs only"), "{junit}");
    // The program has replaced the script that called qemu while tests ran.
    let program = std::fs::read(dir.path().join("target").join(ARM).join("debug/app")).unwrap();
    assert!(program.starts_with(b"\x7fELF"));

    let Some(nextest) = nextest() else { return };
    let mut command = test(dir.path(), &targets);
    let ran = run(command.args(["--nextest", "--archive", "out/tests.tar.zst"]));
    let events = Events::of(&ran);
    assert_eq!(events.sums(), sums(), "{}{}", events.words(), ran.stderr);
    assert!(events.all("test-executable").all(|event| event["fresh"] == true));
    // cargo-nextest calls cargo, too, which has nothing left to do.
    let compiled =
        events.all("output").filter(|event| event["line"].to_string().contains("Compiling"));
    assert_eq!(compiled.count(), 0, "{}", ran.stdout);
    ran.expect_success();
    run_archives(&nextest, dir.path());
}

/// Another machine has the sources in another folder, the archive, and no compiler. Nothing is
/// left where the project was.
fn run_archives(program: &Path, project: &Path) {
    let elsewhere = scratch();
    write(elsewhere.path(), FILES);
    let (out, archives) = (project.join("out"), elsewhere.path().join("archives"));
    std::fs::rename(out, &archives).unwrap();
    std::fs::remove_dir_all(project).unwrap();
    let qemu = "qemu-aarch64 -L /usr/aarch64-linux-gnu";
    // qemu does not start programs.
    let by_qemu = "test(threads_and_panics)";
    let here = "test(threads_and_panics) | test(the_environment_suffices)";
    for (target, runner, filter, passed) in [
        (HOST, None, here, "2 tests run: 2 passed"),
        (ARM, Some(qemu), by_qemu, "1 test run: 1 passed"),
    ] {
        let archive = archives.join(format!("tests-{target}.tar.zst"));
        let mut nextest = Command::new(program);
        nextest.args(["nextest", "run", "--workspace-remap", ".", "--archive-file"]).arg(archive);
        nextest.args(["-E", filter]).current_dir(elsewhere.path());
        clean(&mut nextest);
        nextest.env("PATH", "/usr/bin:/bin");
        if let Some(runner) = runner {
            nextest.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", runner);
        }
        let ran = run(&mut nextest).expect_success();
        assert!(ran.stderr.contains(passed), "{target}: {}", ran.stderr);
    }
    assert!(archives.join(format!("tests-{MAC}.tar.zst")).exists());
}
