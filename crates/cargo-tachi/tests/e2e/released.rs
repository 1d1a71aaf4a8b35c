//! The released sources of real programs. A program that several tests look at is built once, by
//! whichever of them comes first, and its folder is kept between runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::formats::{check_macho, check_pe, check_universal, unpack};
use crate::support::{Ran, clean, run, scratch, tachi, write};

/// Real programs cost CI minutes where they are optimised as for a release. They are linked in the
/// same way with less; the example is released with link-time optimisation.
const CHEAPLY: [&str; 5] = [
    "profile.release.opt-level=0",
    "profile.release.debug=false",
    "profile.release.lto=false",
    "profile.release.codegen-units=16",
    "profile.dev.debug=false",
];

/// The four targets of the main job.
pub(crate) const LINUX: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
];

/// Those of the other systems.
pub(crate) const FOREIGN: [&str; 5] = [
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "universal-apple-darwin",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
];

/// A program as crates.io has it.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// The file whose change has cargo compile and link the program again.
    pub(crate) main: &'static str,
}

/// Its sources and all that was built of them, in the repository's target folder, held by one test at
/// a time.
pub(crate) struct Program {
    folder: PathBuf,
    release: &'static Release,
    _lock: File,
}

impl Program {
    /// Waits until no other test uses the program. A lock on a file holds between threads, as
    /// `cargo test` runs tests, and between nextest's processes.
    pub(crate) fn hold(release: &'static Release) -> Self {
        let Release { name, version, .. } = release;
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tachi-tests");
        std::fs::create_dir_all(&kept).unwrap();
        let lock = File::create(kept.join(format!("{name}.lock"))).unwrap();
        lock.lock().unwrap();
        let folder = kept.join(format!("{name}-{version}"));
        if !folder.exists() {
            let fresh = kept.join(format!("{name}.new"));
            let _ = std::fs::remove_dir_all(&fresh);
            std::fs::create_dir(&fresh).unwrap();
            let source = released(name, version, &fresh);
            let manifest = source.join("Cargo.toml");
            let text = std::fs::read_to_string(&manifest).unwrap();
            // The repository's workspace is around it.
            let text = text + "\n[workspace]\n";
            write(&source, &[("Cargo.toml", &text), (".cargo/config.toml", &CHEAPLY.join("\n"))]);
            // Else its build script, or Tachi, might ask for the commit of the repository around it.
            git(&source, &["init", "--quiet"]);
            write(&source, &[(".git/info/exclude", "/target\n")]);
            git(&source, &["add", "--all", "--force"]);
            git(&source, &["commit", "--quiet", "--message", version]);
            std::fs::rename(&source, &folder).unwrap();
            std::fs::remove_dir_all(&fresh).unwrap();
        }
        Self { folder, release, _lock: lock }
    }

    /// Its sources.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Has cargo compile and link the program again, though not its dependencies: cargo does not know
    /// when what links has changed.
    pub(crate) fn touch(&self) {
        let main = File::options().append(true).open(self.folder.join(self.release.main)).unwrap();
        main.set_modified(SystemTime::now()).unwrap();
    }

    /// Releases it for all of `targets` in one run, unless this very Tachi has done so. Returns the
    /// folder of the packages.
    pub(crate) fn dist(&self, targets: &[&str]) -> PathBuf {
        let dist = self.folder.join("target/tachi/dist");
        let targets = targets.join(",");
        let record = self.folder.join("target/released-by");
        let key = format!("{}{CHEAPLY:?}{targets}", maker());
        if std::fs::read_to_string(&record).is_ok_and(|made_by| made_by == key) {
            return dist;
        }
        let _ = std::fs::remove_file(&record);
        self.touch();
        run(tachi(&self.folder).args(["dist", "--target", &targets])).expect_success();
        std::fs::write(record, key).unwrap();
        dist
    }

    /// Runs it for Windows in `dir`, with what a release, or else a build for development, has made.
    pub(crate) fn run_on_windows(&self, dir: &Path, is_release: bool, args: &[&str]) -> Ran {
        let mut command = tachi(dir);
        command.args(["run", "--quiet", "--target", "x86_64-pc-windows-msvc"]);
        command.args(is_release.then_some("--release"));
        // Cargo looks for its configuration from `dir` upwards.
        command.args(CHEAPLY.iter().flat_map(|setting| ["--config", setting]));
        command.arg("--manifest-path").arg(self.folder.join("Cargo.toml"));
        run(command.arg("--").args(args))
    }
}

/// Checks what is packaged for targets of macOS and Windows.
pub(crate) fn check_foreign(dist: &Path, targets: &[&str], stem: &str, program: &str) {
    let scratch = scratch();
    let scratch = scratch.path();
    for &target in targets {
        let folder = unpack(dist, &format!("{stem}-{target}"), scratch);
        match target {
            "universal-apple-darwin" => check_universal(&folder.join(program), scratch),
            _ if target.ends_with("darwin") => check_macho(&folder.join(program), target),
            _ => check_pe(&folder.join(format!("{program}.exe")), target),
        }
    }
}

fn git(dir: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(args);
    run(git.current_dir(dir)).expect_success();
}

/// The Tachi under test and the compiler, as far as two builds of either differ in it.
fn maker() -> String {
    let tachi = std::fs::metadata(env!("CARGO_BIN_EXE_cargo-tachi")).unwrap();
    let mut rustc = Command::new(std::env::var("TACHI_TEST_RUSTC").unwrap_or("rustc".to_owned()));
    let rustc = run(rustc.arg("-vV")).expect_success().stdout;
    format!("{:?} {}\n{rustc}", tachi.modified().unwrap(), tachi.len())
}

/// The sources of a released crate, as crates.io has them, copied into `dir`.
pub(crate) fn released(name: &str, version: &str, dir: &Path) -> PathBuf {
    let fetcher = dir.join("fetch");
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n{name} = \"={version}\"\n\n[workspace]\n"
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
