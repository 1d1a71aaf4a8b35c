//! Steps: the nodes of a plan, what each one reads and what each one makes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::action::{Action, ActionKind};
use super::artifact::Artifact;

/// The name of a step, unique in its plan: `compile:1`, `place:x86_64-unknown-linux-gnu`.
///
/// It is a name and no more: what a step does, for which target and with which files, stands
/// in its [`Action`]. No program needs to take an id apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct StepId(String);

impl StepId {
    /// The id of a step that does `kind` to `subject`.
    pub fn new(kind: ActionKind, subject: &str) -> Self {
        Self(format!("{}:{subject}", kind.word()))
    }

    /// The id of the same step in another run that this one starts: `rebuild/place:…`.
    #[must_use]
    pub fn within(&self, run: &str) -> Self {
        Self(format!("{run}/{}", self.0))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One node of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Its name.
    pub id: StepId,
    /// Why it is there.
    pub why: String,
    /// The steps that have to be done before: those that make its `inputs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<StepId>,
    /// What it reads. Each item is made by a step before it, sources aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Item>,
    /// What it makes. No other step of the plan makes the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Item>,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
}

/// A thing that one step makes and others read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(tag = "item", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Item {
    /// A program in Tachi's own folder.
    Tool {
        /// Its name: `zig`.
        name: String,
    },
    /// What links and compiles C for a target.
    Kit {
        /// The rustc triple.
        target: String,
    },
    /// A target's standard library.
    Std {
        /// The rustc triple.
        target: String,
    },
    /// A compiled file in cargo's folder.
    Compiled(Artifact),
    /// A file that a step writes.
    File {
        /// Its absolute path.
        path: String,
    },
    /// A file that is there before the run: a readme, a licence.
    Source {
        /// Its absolute path.
        path: String,
    },
    /// The word that the programs of a target start and answer.
    Proof {
        /// The rustc triple.
        target: String,
    },
    /// The results of a target's tests.
    TestResults {
        /// The rustc triple.
        target: String,
    },
    /// An item that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}
