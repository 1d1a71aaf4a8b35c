//! What was varied between two builds of the same sources, and where their files differ.

use serde::{Deserialize, Serialize};

/// A condition that differed between the two builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Variation {
    /// The condition: `folder`, `home folder`, `time zone`.
    pub what: String,
    /// Its value in the first build.
    pub first: String,
    /// Its value in the second.
    pub second: String,
}

/// A condition that could not be varied here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Kept {
    /// The condition, as in [`Variation::what`].
    pub what: String,
    /// Why not, and what would vary it.
    pub why: String,
}

/// What comparing a file gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Comparison {
    /// Both builds made the same bytes.
    Identical,
    /// Only one of them made the file.
    Missing,
    /// They made different bytes. A word that this version does not know is read as this.
    #[serde(other)]
    Different,
}

/// A place where two builds of a file differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Where: `section .rodata`, `entry app-1.0.0/app: section .text`, `order of entries`.
    pub place: String,
    /// What the first build has there, in short.
    pub first: String,
    /// What the second has.
    pub second: String,
    /// The likely cause.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
}
