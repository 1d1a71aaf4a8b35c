//! What a second build under other conditions was compared with, and what differed.

use serde::{Deserialize, Serialize};

/// A condition that was another one in the second build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variation {
    /// Which: `folder`, `home folder`, `time zone`.
    pub what: String,
    /// Its value in the first build.
    pub first: String,
    /// Its value in the second.
    pub second: String,
}

/// A condition that could not be varied here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    pub what: String,
    /// Why, and what would vary it.
    pub why: String,
}

/// What comparing a file gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Both builds made the same bytes.
    Identical,
    /// They made different bytes.
    Different,
    /// Only one of them made the file.
    Missing,
}

/// A place where two builds of a file differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
