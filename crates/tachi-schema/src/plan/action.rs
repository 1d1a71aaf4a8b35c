//! Actions: what the steps of a plan do. One struct each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StdSource;
use super::artifact::Artifact;
use crate::command::Command;

/// Declares [`Action`] and [`ActionKind`] from one list, so that neither lacks what the other has.
macro_rules! actions {
    ($($(#[$docs:meta])* $name:ident = $word:literal,)*) => {
        /// What a step does.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
        #[serde(tag = "action", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$docs])* $name($name),)*
            /// An action that this version of the format does not know.
            #[serde(other)]
            #[cfg_attr(feature = "json-schema", schemars(skip))]
            Unknown,
        }

        /// The kind of an [`Action`], in the word that the plan has for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum ActionKind {
            $(#[doc = concat!("[`Action::", stringify!($name), "`].")] $name,)*
            /// A kind that this version of the format does not know.
            #[serde(other)]
            #[cfg_attr(feature = "json-schema", schemars(skip))]
            Unknown,
        }

        impl Action {
            /// Its kind.
            pub fn kind(&self) -> ActionKind {
                match self {
                    $(Self::$name(_) => ActionKind::$name,)*
                    Self::Unknown => ActionKind::Unknown,
                }
            }
        }

        impl ActionKind {
            /// All kinds that there are.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word that the plan has for it: `place`.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                    Self::Unknown => "unknown",
                }
            }
        }

        $(impl From<$name> for Action {
            fn from(action: $name) -> Self {
                Self::$name(action)
            }
        })*
    };
}

actions! {
    /// Brings a pinned tool into Tachi's own folder.
    Fetch = "fetch",
    /// Puts together what links and compiles C for a target.
    AssembleKit = "assemble-kit",
    /// Brings a target's standard library.
    PrepareStd = "prepare-std",
    /// Writes the versions and checksums of what was fetched into `tachi.lock`.
    WriteLock = "write-lock",
    /// Calls cargo once.
    Compile = "compile",
    /// Copies finished files out of cargo's folder into Tachi's.
    Place = "place",
    /// Joins the files of the two macOS targets into universal ones.
    Join = "join",
    /// Runs the test executables of one target, or puts them into an archive, or both.
    Test = "test",
    /// Runs programs of a release, to see that they start and answer.
    Smoke = "smoke",
    /// Writes one archive and its checksum file.
    Package = "package",
    /// Writes a manifest of what the steps before it made.
    WriteManifest = "write-manifest",
}

/// Brings a pinned tool into Tachi's own folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Fetch {
    /// The tool's name: `zig`.
    pub tool: String,
    /// The pinned version.
    pub version: String,
}

/// Puts together what links and compiles C for a target: wrappers, stubs of an SDK, objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct AssembleKit {
    /// The rustc triple.
    pub target: String,
    /// The kit, in short: `zig 0.17.1 (glibc 2.17)`.
    pub kit: String,
}

/// Brings a target's standard library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct PrepareStd {
    /// The rustc triple.
    pub target: String,
    /// How.
    pub source: StdSource,
}

/// Writes the versions and checksums of what was fetched, for later runs to fetch the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct WriteLock {
    /// The absolute path of `tachi.lock`.
    pub file: String,
}

/// One cargo call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Compile {
    /// The triples compiled in this call.
    pub targets: Vec<String>,
    /// The exact command.
    pub command: Command,
    /// The files that cargo has to report; no more and no fewer.
    pub expected: Vec<Artifact>,
    /// The compiler cache in the command, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiler_cache: Option<CompilerCache>,
    /// The path of Tachi's wrapper around rustc, where the command names it: written before the
    /// call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rustc_wrapper: Option<String>,
}

/// A compiler cache that a command goes through as long as it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct CompilerCache {
    /// The program: sccache's absolute path.
    pub program: String,
    /// The variable of the command that names it. Where the cache does not answer, the command
    /// is run without this variable.
    pub variable: String,
}

/// Copies finished files out of cargo's folder into Tachi's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The rustc triple.
    pub target: String,
    /// What is copied where.
    pub files: Vec<PlacedFile>,
    /// The build metadata written into the copies of programs that have a place for it (those
    /// that use tachi-build-info).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stamp: BTreeMap<String, String>,
    /// Who signs them, where the workspace names somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
}

/// A compiled file and the place it is copied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct PlacedFile {
    /// The compiled file.
    #[serde(flatten)]
    pub artifact: Artifact,
    /// The absolute path of the copy.
    pub to: String,
}

/// Joins the files of the two macOS targets into universal ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Join {
    /// `universal-apple-darwin`.
    pub target: String,
    /// What is joined from what.
    pub files: Vec<JoinedFile>,
}

/// A universal file and the placed files that it is joined from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct JoinedFile {
    /// The universal file.
    #[serde(flatten)]
    pub file: PlacedFile,
    /// The absolute paths of its parts, one for each architecture.
    pub parts: Vec<String>,
}

/// Runs the test executables of one target, or puts them into an archive, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Test {
    /// The rustc triple.
    pub target: String,
    /// What runs them, for people: `qemu-aarch64`. Absent where nothing is run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<String>,
    /// Why that runner, or why nothing is run.
    pub reason: String,
    /// The test executables, in the order in which they are run.
    pub executables: Vec<Artifact>,
    /// The call of cargo-nextest that runs them, where that is used; the runner's own settings
    /// are added to it. Else each executable is run by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nextest: Option<Command>,
    /// The call of cargo-nextest that puts them into an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<Command>,
}

/// Runs programs of a release, to see that they start and answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Smoke {
    /// The rustc triple.
    pub target: String,
    /// What runs them; absent where nothing here does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<String>,
    /// Why that, or why nothing.
    pub reason: String,
    /// What is run.
    pub calls: Vec<SmokeCall>,
}

/// A program of the user's that signs with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
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

/// Writes one archive and its checksum file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Package {
    /// The rustc triple.
    pub target: String,
    /// The cargo package.
    pub package: String,
    /// The absolute path of the archive.
    pub archive: String,
    /// The placed files and documents in it, in the order of the archive.
    pub contents: Vec<PackedFile>,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct PackedFile {
    /// The absolute path that it comes from.
    pub from: String,
    /// Its path in the archive, with `/`. No other file of the archive has it.
    pub name: String,
    /// Whether it may be executed.
    pub executable: bool,
}

/// Writes a manifest of what the steps before it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct WriteManifest {
    /// The absolute path of the manifest.
    pub file: String,
    /// The absolute paths of the files that it lists.
    pub lists: Vec<String>,
}
