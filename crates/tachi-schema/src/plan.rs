//! The plan: what would be done, in which order, and why. Pure data, printed by
//! `cargo tachi plan --format json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::Command;

/// The format version that [`Plan::format`] carries.
pub const FORMAT: u32 = 1;

/// Everything one call of Tachi would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// The version of Tachi that made the plan.
    pub tachi: String,
    /// The folder of the workspace's root manifest.
    pub workspace_root: String,
    /// The compiler's release, as `rustc -vV` gives it.
    pub rustc: String,
    /// The name of the profile, as cargo's `--profile` takes it.
    pub profile: String,
    /// The targets, in the order asked for.
    pub targets: Vec<Target>,
    /// The steps; each one comes after all that it needs.
    pub steps: Vec<Step>,
    /// What the user should know before it runs: adjusted settings, expected limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How one target will be built on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The rustc triple.
    pub triple: String,
    /// The platform in Node's naming: `linux`, `darwin`, `win32`.
    pub platform: String,
    /// The architecture in Node's naming: `x64`, `arm64`.
    pub arch: String,
    /// Whether `--target` is passed to cargo. Without it, it is cargo's plain host build.
    pub explicit: bool,
    /// What links and compiles C, in short: `zig cc -target x86_64-linux-gnu.2.17`. It holds no
    /// path of this machine.
    pub kit: String,
    /// What tells this kit from another that would link otherwise: a digest of its linker, SDK,
    /// zig and floors, without their paths. Absent where the machine's own tools link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit_identity: Option<String>,
    /// Why that kit.
    pub kit_reason: String,
    /// The oldest glibc that the result has to run with: `2.17`. Absent where none was
    /// asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glibc: Option<String>,
    /// The oldest macOS that has to run the result: `11.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_os: Option<String>,
    /// Where std comes from.
    pub std: StdSource,
    /// Why from there.
    pub std_reason: String,
    /// Flags for rustc beyond those that cargo itself finds in its configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rustflags: Vec<SourcedFlag>,
}

/// Where a target's standard library comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StdSource {
    /// It is in the compiler's sysroot already.
    Sysroot,
    /// `rustup target add` brings it.
    Rustup,
    /// It is built once from the compiler's `rust-src` and kept.
    Source,
}

/// A compiler flag and who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcedFlag {
    /// The flag, one argument of rustc.
    pub flag: String,
    /// Who asked for it: `RUSTFLAGS`, `build.rustflags`, `tachi.toml`, `kit`.
    pub source: String,
}

/// One node of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique in the plan: `compile-1`, `place:x86_64-unknown-linux-gnu`.
    pub id: String,
    /// Why it is there.
    pub why: String,
    /// The ids of the steps that must be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// Brings a pinned tool into Tachi's own folder.
    FetchTool {
        /// Its name: `zig`.
        tool: String,
        /// The pinned version.
        version: String,
    },
    /// Brings a target's standard library.
    PrepareStd {
        /// The rustc triple.
        target: String,
        /// How.
        source: StdSource,
    },
    /// One cargo call.
    Compile {
        /// The triples compiled in this call.
        targets: Vec<String>,
        /// The exact command.
        command: Command,
        /// The files that cargo has to report; no more and no fewer.
        expected: Vec<Artifact>,
    },
    /// Copies finished files out of cargo's folder into Tachi's.
    Place {
        /// The rustc triple.
        target: String,
        /// What is copied where.
        files: Vec<PlacedFile>,
        /// The build metadata written into the copies of programs that have a place for it
        /// (those that use tachi-build-info).
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        stamp: BTreeMap<String, String>,
        /// Who signs them, where the workspace names somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<Signer>,
    },
    /// Joins the files of the two macOS targets into universal ones.
    Join {
        /// `universal-apple-darwin`.
        target: String,
        /// What is joined from what.
        files: Vec<JoinedFile>,
    },
    /// Runs the test executables of one target, or puts them into an archive, or both.
    Test {
        /// The rustc triple.
        target: String,
        /// What runs them, for people: `qemu-aarch64`. Absent where nothing is run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        runner: Option<String>,
        /// Why that runner, or why nothing is run.
        reason: String,
        /// The test executables, in the order in which they are run.
        executables: Vec<Artifact>,
        /// The call of cargo-nextest that runs them, where that is used; the runner's own
        /// settings are added to it. Else each executable is run by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nextest: Option<Command>,
        /// The call of cargo-nextest that puts them into an archive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        archive: Option<Command>,
    },
    /// Runs programs of a release, to see that they start and answer.
    Smoke {
        /// The rustc triple.
        target: String,
        /// What runs them; none where nothing here does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        runner: Option<String>,
        /// Why that, or why nothing.
        reason: String,
        /// What is run.
        calls: Vec<SmokeCall>,
    },
    /// Writes one archive and its checksum file.
    Package {
        /// The rustc triple.
        target: String,
        /// The cargo package.
        package: String,
        /// Where the archive goes.
        archive: String,
        /// The placed files and documents in it.
        contents: Vec<PackedFile>,
    },
    /// Writes a manifest of what the steps before it made.
    WriteManifest {
        /// Where it goes.
        file: String,
    },
}

/// The kind of an [`Action`], in the word that the plan has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// [`Action::FetchTool`].
    FetchTool,
    /// [`Action::PrepareStd`].
    PrepareStd,
    /// [`Action::Compile`].
    Compile,
    /// [`Action::Place`].
    Place,
    /// [`Action::Join`].
    Join,
    /// [`Action::Test`].
    Test,
    /// [`Action::Smoke`].
    Smoke,
    /// [`Action::Package`].
    Package,
    /// [`Action::WriteManifest`].
    WriteManifest,
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::FetchTool { .. } => ActionKind::FetchTool,
            Self::PrepareStd { .. } => ActionKind::PrepareStd,
            Self::Compile { .. } => ActionKind::Compile,
            Self::Place { .. } => ActionKind::Place,
            Self::Join { .. } => ActionKind::Join,
            Self::Test { .. } => ActionKind::Test,
            Self::Smoke { .. } => ActionKind::Smoke,
            Self::Package { .. } => ActionKind::Package,
            Self::WriteManifest { .. } => ActionKind::WriteManifest,
        }
    }
}

/// A compiled file that users run, load or link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Artifact {
    /// The rustc triple.
    pub target: String,
    /// The cargo package.
    pub package: String,
    /// The cargo target: a binary's or a library's name.
    pub name: String,
    /// What kind of file it is.
    pub kind: ArtifactKind,
}

/// The kinds of compiled files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A program.
    Executable,
    /// An example program.
    Example,
    /// A shared library with a C interface.
    Cdylib,
    /// A shared library that Node.js loads (`.node`).
    NodeAddon,
    /// A static library with a C interface.
    Staticlib,
    /// The unit tests of a library.
    LibraryTest,
    /// The unit tests of a program.
    BinaryTest,
    /// The unit tests of an example.
    ExampleTest,
    /// An integration test: a file or folder of `tests`.
    IntegrationTest,
    /// A benchmark, compiled as a test.
    BenchmarkTest,
}

impl ArtifactKind {
    /// Whether it is a test executable.
    pub fn is_test(self) -> bool {
        matches!(
            self,
            Self::LibraryTest
                | Self::BinaryTest
                | Self::ExampleTest
                | Self::IntegrationTest
                | Self::BenchmarkTest
        )
    }
}

impl Artifact {
    /// What a test executable is called, [as cargo-nextest
    /// has it](https://nexte.st/docs/glossary/#binary-id): `package` for the unit tests of a
    /// library, `package::name` for an integration test, `package::bin/name` for the unit
    /// tests of a program.
    pub fn test_id(&self) -> String {
        let Self { package, name, .. } = self;
        match self.kind {
            ArtifactKind::LibraryTest => package.clone(),
            ArtifactKind::BinaryTest => format!("{package}::bin/{name}"),
            ArtifactKind::ExampleTest => format!("{package}::example/{name}"),
            ArtifactKind::BenchmarkTest => format!("{package}::bench/{name}"),
            _ => format!("{package}::{name}"),
        }
    }
}

/// A compiled file and the place it is copied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedFile {
    /// The compiled file.
    #[serde(flatten)]
    pub artifact: Artifact,
    /// Where it goes.
    pub to: String,
}

/// A universal file and the placed files that it is joined from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedFile {
    /// The universal file.
    #[serde(flatten)]
    pub file: PlacedFile,
    /// Its parts, one for each architecture.
    pub parts: Vec<String>,
}

/// A program of the user's that signs with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// For people: `osslsigncode with release.pem`.
    pub name: String,
    /// What is run for each file, in order.
    pub calls: Vec<SignerCall>,
    /// SHA-256 of the files that decide what a signature says (certificate, entitlements),
    /// by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
}

/// One call of a [`Signer`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerCall {
    /// The command. In its arguments `{file}` stands for the file that is signed, `{signed}`
    /// for the one that is written where the program does not sign in place, and `{zip}` for
    /// an archive that holds the signed file.
    pub command: Command,
    /// The environment variable whose value the program reads from its standard input, as a
    /// command line would show it to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// One call of a program, and what it has to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmokeCall {
    /// The program.
    pub file: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The exit code it has to have; absent where it only has to start and not to crash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// What its output has to contain; `*` stands for anything within a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The most time it may take, in seconds.
    pub timeout: u64,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedFile {
    /// Where it comes from.
    pub from: String,
    /// Its path in the archive, with `/`.
    pub name: String,
    /// Whether it may be executed.
    pub executable: bool,
}
