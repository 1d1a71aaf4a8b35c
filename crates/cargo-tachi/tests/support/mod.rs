//! What the end-to-end tests share: a scratch folder, the program under test, and the
//! released sources of real programs.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the machine directly, so as not to trust what they test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What running a program gave.
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

/// `cargo tachi` as this build has it, without a user's settings, and without an sccache
/// that happens to be installed: what is tested is compiled.
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
    // `cargo xtask test` says so where rustup brings no std for other targets.
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

/// The sources of a released crate, as crates.io has them, copied into `dir`.
pub(crate) fn released(name: &str, version: &str, dir: &Path) -> PathBuf {
    let fetcher = dir.join("fetch");
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n{name} = \"={version}\"\n"
    );
    write(&fetcher, &[("Cargo.toml", &manifest), ("src/lib.rs", "")]);
    let mut fetch = Command::new("cargo");
    fetch.args(["fetch", "--quiet"]).current_dir(&fetcher);
    clean(&mut fetch);
    run(&mut fetch).expect_success();
    // Cargo's metadata leaves out a dependency that is only a program; its sources are here.
    let home =
        std::env::var("CARGO_HOME").unwrap_or_else(|_| std::env::var("HOME").unwrap() + "/.cargo");
    let registries = std::fs::read_dir(Path::new(&home).join("registry/src")).unwrap();
    let source = registries
        .map(|registry| registry.unwrap().path().join(format!("{name}-{version}")))
        .find(|source| source.exists())
        .expect("cargo fetch unpacks what it fetches");
    let target = dir.join(name);
    run(Command::new("cp").arg("-r").arg(source).arg(&target)).expect_success();
    // Cargo refuses to treat a folder with this marker as a project of its own.
    let _ = std::fs::remove_file(target.join(".cargo-ok"));
    target
}

/// Whether this machine is an x86-64 Linux with glibc, as CI is: the others are cross.
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

/// The highest glibc version that an ELF file asks for, as binutils' readelf reads it.
pub(crate) fn glibc_need(file: &Path) -> Option<(u32, u32)> {
    let listing =
        run(Command::new("readelf").args(["--version-info", "--wide"]).arg(file)).expect_success();
    let versions = listing.stdout.split("GLIBC_").skip(1).filter_map(|rest| {
        let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = number.split('.').map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    });
    versions.max()
}

/// What every released ELF file has to keep: its floor, or no loader at all.
#[track_caller]
pub(crate) fn check_elf(file: &Path, target: &str) {
    let header = run(Command::new("readelf")
        .args(["--file-header", "--program-headers", "--wide"])
        .arg(file));
    let header = header.expect_success().stdout;
    let machine =
        if target.starts_with("aarch64") { "AArch64" } else { "Advanced Micro Devices X86-64" };
    assert!(header.contains(machine), "{}: not for {target}:\n{header}", file.display());
    let need = glibc_need(file);
    if target.ends_with("-gnu") {
        let need = need.expect("a program linked against glibc asks for some version");
        assert!(need <= (2, 17), "{} needs glibc {need:?}", file.display());
    } else {
        assert_eq!(need, None, "{}", file.display());
    }
}
