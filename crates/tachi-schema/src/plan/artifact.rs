//! Artifacts: the compiled files that a plan is about.

use serde::{Deserialize, Serialize};

/// A compiled file that users run, load or link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Artifact {
    /// The rustc triple.
    pub target: String,
    /// The cargo package.
    pub package: String,
    /// The cargo target: a binary's or a library's name.
    pub name: String,
    /// What kind of file it is.
    pub kind: ArtifactKind,
    /// Which of several builds of the same file: `tuned`, `instrumented`. Absent for the
    /// usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

/// The kinds of compiled files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
    /// A kind that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
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
