//! The manifest: what a release consists of. One lies beside the finished files, one
//! beside the packages. It holds no absolute path and no time of day.

use serde::{Deserialize, Serialize};

use crate::plan::{ArtifactKind, StdSource};

/// The format version that [`Manifest::format`] carries.
pub const FORMAT: u32 = 1;

/// What was made, from what, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// The version of Tachi that made the files.
    pub tachi: String,
    /// The compiler's release, as `rustc -vV` gives it.
    pub rustc: String,
    /// The profile's name.
    pub profile: String,
    /// The targets.
    pub targets: Vec<Target>,
    /// The files, sorted by path.
    pub files: Vec<File>,
}

/// How one target was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The rustc triple.
    pub triple: String,
    /// The platform in Node's naming.
    pub platform: String,
    /// The architecture in Node's naming.
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
    /// What it is.
    pub content: Content,
}

/// What a finished file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Content {
    /// A compiled file.
    Binary {
        /// Its kind.
        kind: ArtifactKind,
        /// The object format read from the file: `elf`, `mach-o`, `pe`.
        format: String,
        /// The highest glibc version that it asks for, measured: `2.17`. Absent when it
        /// asks for none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        glibc: Option<String>,
        /// The shared libraries that it loads.
        libraries: Vec<String>,
    },
    /// An archive for users.
    Archive {
        /// The paths in it, in order.
        entries: Vec<String>,
    },
}
