//! What running tests gave: one record for each test, one for each target.

use serde::{Deserialize, Serialize};

/// A test that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct TestCase {
    /// The rustc triple.
    pub target: String,
    /// The test executable's name, from [`Artifact::test_id`](crate::plan::Artifact::test_id).
    pub executable: String,
    /// The test's path in it: `tests::adds`. The executable's own name where it is no
    /// harness of Rust's, or ended before its tests did.
    pub name: String,
    /// How it ended.
    pub outcome: TestOutcome,
    /// How long it took, in seconds, where that is known: harnesses of Rust do not say it
    /// for each test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What it wrote to standard output and standard error; only of those that failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub output: String,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TestOutcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It took longer than it may, and was ended.
    TimedOut,
    /// It has the attribute `ignore` and was not run.
    Ignored,
    /// An outcome that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}

impl TestOutcome {
    /// Whether the run fails because of it.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut)
    }
}

/// The tests of one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct TestSummary {
    /// The rustc triple.
    pub target: String,
    /// What ran them, for people: `qemu-aarch64`. Absent where they were not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<String>,
    /// Why that runner, or why they were not run.
    pub reason: String,
    /// The number of test executables.
    pub executables: usize,
    /// How many were not run because one before them failed: tests where cargo-nextest runs them,
    /// else executables.
    pub left_out: usize,
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed or took too long.
    pub failed: usize,
    /// Tests that were ignored.
    pub ignored: usize,
    /// How long all of them took together, in seconds.
    pub seconds: f64,
}
