//! What was asked for: the flags of the terminal or the calls on the
//! [`Builder`](crate::Builder), before `tachi.toml` and this machine add to them.

use std::time::Duration;

use camino::Utf8PathBuf;

pub use crate::config::profile::Strip;

/// How far to go.
///
/// ```
/// let builder = tachi::Builder::new().request(|request| request.goal = tachi::Goal::Dist);
/// assert_ne!(builder, tachi::Builder::new());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// Compile and place finished files.
    #[default]
    Build,
    /// Compile one program, place it, and run it.
    Run,
    /// Compile tests and run them.
    Test,
    /// Compile, place and package.
    Dist,
}

/// A request, in cargo's terms.
///
/// ```
/// use tachi::{Goal, Request};
///
/// let request = Request {
///     goal: Goal::Dist,
///     targets: vec!["linux".into(), "universal-apple-darwin".into()],
///     ..Request::default()
/// };
/// assert_eq!(request.profile, None, "tachi.toml's, else `release`");
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of its own")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// How far to go.
    pub goal: Goal,
    /// `--manifest-path`; cargo's own search from the current directory if absent.
    pub manifest_path: Option<Utf8PathBuf>,
    /// Which packages.
    pub packages: Packages,
    /// Which cargo targets of those packages.
    pub cargo_targets: CargoTargets,
    /// Which features.
    pub features: Features,
    /// `--target`: triples, groups, `all`, `host`; `tachi.toml`'s list if empty.
    pub targets: Vec<String>,
    /// `--profile`; `tachi.toml`'s if absent, else the goal's default.
    pub profile: Option<String>,
    /// `--strip`; `tachi.toml`'s if absent, else the profile's.
    pub strip: Option<Strip>,
    /// `-j`; all cores if absent.
    pub jobs: Option<usize>,
    /// `--keep-going`.
    pub keep_going: bool,
    /// Whether the lockfile may change and the network be used.
    pub lock: LockMode,
    /// `--target-dir`; cargo's own choice if absent.
    pub target_dir: Option<Utf8PathBuf>,
    /// `--config`, passed on to cargo.
    pub config: Vec<String>,
    /// Whether sccache may be used. If absent, `tachi.toml` decides, else whether it is installed.
    pub sccache: Option<bool>,
    /// What is done with tests; only read where the goal is [`Goal::Test`].
    pub testing: Testing,
    /// `--allow-dirty`: a release may hold changes that no commit holds.
    pub allow_dirty: bool,
    /// `--no-smoke`: a release's programs are not run.
    pub no_smoke: bool,
    /// `-v` repeated: passed on to cargo.
    pub verbose: u8,
    /// Ask the compiler for colours in its messages.
    pub color: bool,
    /// Ask the compiler for one line a message.
    pub short_diagnostics: bool,
}

/// Which packages of the workspace, as cargo selects them.
///
/// ```
/// let all_but_one =
///     tachi::Packages { workspace: true, exclude: vec!["xtask".into()], ..Default::default() };
/// assert!(all_but_one.include.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    /// `--workspace`: all members.
    pub workspace: bool,
    /// `-p`: these; cargo's default members if empty.
    pub include: Vec<String>,
    /// `--exclude`: all members but these.
    pub exclude: Vec<String>,
}

/// What is done with tests once they are compiled.
///
/// ```
/// use std::time::Duration;
///
/// let testing = tachi::Testing {
///     arguments: vec!["parser::".into()],
///     timeout: Some(Duration::from_secs(60)),
///     ..Default::default()
/// };
/// let builder = tachi::Builder::new().request(|request| request.testing = testing);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Testing {
    /// `--no-run`: nothing more.
    pub no_run: bool,
    /// `--no-fail-fast`: compile and run all test executables, whichever fails.
    pub no_fail_fast: bool,
    /// What stands after `--`: filters and flags for the test executables.
    pub arguments: Vec<String>,
    /// `--timeout`: how long a test may take with cargo-nextest, else a test executable.
    pub timeout: Option<Duration>,
    /// `--archive`: the archive for cargo-nextest; the triple is put into its name where there
    /// are several targets.
    pub archive: Option<Utf8PathBuf>,
    /// `--nextest` or `--no-nextest`; cargo-nextest is used where it is installed if absent.
    pub nextest: Option<bool>,
}

/// Which cargo targets, as cargo selects them; libraries and binaries if none is named, or for
/// tests those that have some.
///
/// ```
/// let selection = tachi::CargoTargets { bin: vec!["app".into()], ..Default::default() };
/// assert_eq!(selection.to_args(), ["--bin", "app"]);
/// ```
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CargoTargets {
    /// `--lib`.
    pub lib: bool,
    /// `--bins`.
    pub bins: bool,
    /// `--bin`.
    pub bin: Vec<String>,
    /// `--examples`.
    pub examples: bool,
    /// `--example`.
    pub example: Vec<String>,
    /// `--tests`.
    pub tests: bool,
    /// `--test`.
    pub test: Vec<String>,
    /// `--benches`.
    pub benches: bool,
    /// `--bench`.
    pub bench: Vec<String>,
}

impl CargoTargets {
    /// Whether nothing is named, so that cargo's default applies.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The same selection as flags of cargo.
    pub fn to_args(&self) -> Vec<String> {
        let mut args = Vec::new();
        for (wanted, flag) in [
            (self.lib, "--lib"),
            (self.bins, "--bins"),
            (self.examples, "--examples"),
            (self.tests, "--tests"),
            (self.benches, "--benches"),
        ] {
            args.extend(wanted.then(|| flag.to_owned()));
        }
        for (names, flag) in [
            (&self.bin, "--bin"),
            (&self.example, "--example"),
            (&self.test, "--test"),
            (&self.bench, "--bench"),
        ] {
            args.extend(names.iter().flat_map(|name| [flag.to_owned(), name.clone()]));
        }
        args
    }
}

/// Which features, as cargo has them: `feature` or `package/feature`.
///
/// ```
/// let features = tachi::Features { list: vec!["tls".into()], no_default: true, all: false };
/// assert_eq!(features.to_args(), ["--features", "tls", "--no-default-features"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Features {
    /// `--features`.
    pub list: Vec<String>,
    /// `--all-features`.
    pub all: bool,
    /// `--no-default-features`.
    pub no_default: bool,
}

impl Features {
    /// The same selection as flags of cargo.
    pub fn to_args(&self) -> Vec<String> {
        let mut args = Vec::new();
        if !self.list.is_empty() {
            args.extend(["--features".to_owned(), self.list.join(",")]);
        }
        for (wanted, flag) in
            [(self.all, "--all-features"), (self.no_default, "--no-default-features")]
        {
            args.extend(wanted.then(|| flag.to_owned()));
        }
        args
    }
}

/// Whether `Cargo.lock` may change and the network be used, as cargo has it.
///
/// ```
/// let frozen = tachi::LockMode { locked: true, offline: true };
/// assert_eq!(frozen.to_args(), ["--locked", "--offline"]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LockMode {
    /// `--locked`: `Cargo.lock` must not change. On by default when releasing.
    pub locked: bool,
    /// `--offline`: no network.
    pub offline: bool,
}

impl LockMode {
    /// The same as flags of cargo.
    pub fn to_args(self) -> Vec<String> {
        let flags = [(self.locked, "--locked"), (self.offline, "--offline")];
        flags.into_iter().filter(|(wanted, _)| *wanted).map(|(_, flag)| flag.to_owned()).collect()
    }
}
