//! The manifest, `manifest.json`: what a release consists of. One lies beside the finished files,
//! one beside the packages. It holds no absolute path and no time of day, so two builds of the
//! same sources write the same one.

use serde::{Deserialize, Serialize};

use crate::plan::{ArtifactKind, StdSource};

/// The format version that [`Manifest::format`] carries.
pub const FORMAT: u32 = 1;

/// What was made, from what, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Manifest {
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// The version of Tachi that made the files.
    pub tachi: String,
    /// The compiler's release, as `rustc -vV` gives it.
    pub rustc: String,
    /// The name of the profile, as cargo's `--profile` takes it.
    pub profile: String,
    /// The targets, in the order asked for.
    pub targets: Vec<Target>,
    /// The files, sorted by path.
    pub files: Vec<File>,
}

/// How one target was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// The rustc triple.
    pub triple: String,
    /// The platform in Node's naming: `linux`, `darwin`, `win32`.
    pub platform: String,
    /// The architecture in Node's naming: `x64`, `arm64`.
    pub arch: String,
    /// What linked and compiled C.
    pub kit: String,
    /// What tells that kit from another that would have linked otherwise: a digest of its
    /// linker, SDK, zig and floors. Absent where the machine's own tools linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit_identity: Option<String>,
    /// Where std came from.
    pub std: StdSource,
    /// Why from there.
    pub std_reason: String,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct File {
    /// Its path relative to the manifest, with `/`.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// The rustc triple it is for.
    pub target: String,
    /// The cargo package it comes from.
    pub package: String,
    /// That package's version.
    pub version: String,
    /// What it is, and what is in it.
    pub content: Content,
}

/// What a finished file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Content {
    /// A compiled file.
    Binary {
        /// Whether it is run, loaded or linked.
        kind: ArtifactKind,
        /// The object format read from the file: `elf`, `mach-o`, `pe`, `wasm`.
        format: String,
        /// The highest glibc version that it asks for, measured: `2.17`. Absent when it
        /// asks for none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        glibc: Option<String>,
        /// The shared libraries that it loads, by the names that it asks for.
        libraries: Vec<String>,
    },
    /// An archive for users.
    Archive {
        /// The paths in it, in order.
        entries: Vec<String>,
    },
    /// A kind of file that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}
