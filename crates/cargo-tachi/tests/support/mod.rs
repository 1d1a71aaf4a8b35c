//! What both test executables share: a scratch folder, the program under test, commands without
//! the variables of cargo and CI. Code for one of them is in its own folder.

pub(crate) mod slots;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The exit code and the output of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// Fails the test with all output unless the program ended with `code`.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Fails the test unless the program succeeded.
    #[track_caller]
    pub(crate) fn expect_success(self) -> Self {
        self.expect_code(0)
    }
}

/// `cargo tachi` of this build, without a user's settings, and without an installed sccache: tests
/// really compile.
pub(crate) fn tachi(dir: &Path) -> Command {
    let mut command = tachi_with_sccache(dir);
    command.env("RUSTC_WRAPPER", "");
    command
}

/// As [`tachi`], with sccache if it is installed.
pub(crate) fn tachi_with_sccache(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tachi"));
    command.arg("tachi").current_dir(dir);
    clean(&mut command);
    // `cargo xtask test` sets these if rustup has no std for other targets.
    for (ours, cargos) in [("TACHI_TEST_RUSTC", "RUSTC"), ("TACHI_TEST_CARGO", "CARGO")] {
        if let Some(program) = std::env::var_os(ours) {
            command.env(cargos, program).env_remove("RUSTUP_TOOLCHAIN");
        }
    }
    command
}

/// Removes what cargo, nextest and CI put into a test's environment.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in std::env::vars() {
        let ours = ["CARGO_HOME", "CARGO_HTTP_CAINFO", "CARGO_NET_GIT_FETCH_WITH_CLI"]
            .contains(&name.as_str());
        let from_cargo =
            name.starts_with("CARGO") || name.starts_with("NEXTEST") || name.starts_with("RUSTC");
        if from_cargo && !ours && !name.starts_with("CARGO_REGISTRIES") {
            command.env_remove(&name);
        }
    }
    command.env_remove("RUSTFLAGS").env_remove("RUSTDOCFLAGS");
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    match command.output() {
        Ok(output) => output.into(),
        Err(error) => panic!("cannot run {command:?}: {error}"),
    }
}

/// A scratch folder, removed at the end of the test.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("tachi-test-").tempdir().unwrap()
}

/// Writes files below `dir`, with the folders they need.
pub(crate) fn write(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The machine that tests run on, as in CI: all other targets are cross.
pub(crate) const HOST: &str = "x86_64-unknown-linux-gnu";

/// The command that runs a program built for `triple` on this machine.
pub(crate) fn runner(triple: &str, program: &Path) -> Command {
    let mut command = if triple.starts_with("aarch64") {
        let mut qemu = Command::new("qemu-aarch64");
        qemu.args(["-L", "/usr/aarch64-linux-gnu"]).arg(program);
        qemu
    } else {
        Command::new(program)
    };
    clean(&mut command);
    command
}
