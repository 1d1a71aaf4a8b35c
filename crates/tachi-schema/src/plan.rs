//! The plan: what would be done, in which order, and why. Pure data, printed by
//! `cargo tachi plan --format json`.

use serde::{Deserialize, Serialize};

mod action;
mod artifact;
mod step;

pub use action::{
    Action, ActionKind, AssembleKit, Compile, CompilerCache, Fetch, Join, JoinedFile, Package,
    PackedFile, Place, PlacedFile, PrepareStd, Signer, SignerCall, Smoke, SmokeCall, Test,
    WriteLock, WriteManifest,
};
pub use artifact::{Artifact, ArtifactKind};
pub use step::{Item, Step, StepId};

/// The format version that [`Plan::format`] carries.
pub const FORMAT: u32 = 2;

/// Everything one call of Tachi would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
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

impl Plan {
    /// The absolute paths of the manifests that its steps write.
    pub fn manifests(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match &step.action {
            Action::WriteManifest(manifest) => Some(manifest.file.as_str()),
            _ => None,
        })
    }
}

/// How one target will be built on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StdSource {
    /// It is in the compiler's sysroot already.
    Sysroot,
    /// `rustup target add` brings it.
    Rustup,
    /// It is built once from the compiler's `rust-src` and kept.
    Source,
    /// A source that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}

/// A compiler flag and who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct SourcedFlag {
    /// The flag, one argument of rustc.
    pub flag: String,
    /// Who asked for it: `RUSTFLAGS`, `build.rustflags`, `tachi.toml`, `kit`.
    pub source: String,
}
