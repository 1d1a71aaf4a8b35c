//! The shape of a spec.

use serde::Deserialize;
use tachikoma_primitives::{Row, StepName};

/// A named list of steps, run in order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// What people call the spec.
    pub name: String,
    /// The steps, first to last.
    pub steps: Vec<Step>,
}

/// One step: rows gathered from its sources and merged.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unique within the spec.
    pub name: StepName,
    /// Where the step's rows come from; asked all at once.
    pub sources: Vec<Source>,
}

/// Where rows come from. The key `backend` says which kind it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "backend", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// A URL that answers with a JSON array of rows.
    Http {
        /// `http://` or `https://`.
        url: String,
    },
    /// Rows written in the spec itself.
    Inline {
        /// The rows.
        rows: Vec<Row>,
    },
}

impl Spec {
    /// One line for people: `sample: 2 steps, 3 sources`.
    #[must_use]
    pub fn summary(&self) -> String {
        let sources: usize = self.steps.iter().map(|step| step.sources.len()).sum();
        format!(
            "{}: {} steps, {sources} sources",
            self.name,
            self.steps.len()
        )
    }
}
