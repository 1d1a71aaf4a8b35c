//! The rules that the shape of a spec cannot express.

use std::collections::HashSet;

use tachikoma_primitives::StepName;

use crate::spec::{Source, Spec, Step};

/// A rule that a well-formed spec breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecProblem {
    /// Nothing to run.
    #[error("the spec has no steps")]
    NoSteps,
    /// Two steps could not be told apart.
    #[error("two steps are named '{0}'")]
    DuplicateStep(StepName),
    /// A step that cannot yield anything.
    #[error("step '{0}' has no sources")]
    NoSources(StepName),
    /// A URL of a kind that no backend can fetch.
    #[error("step '{step}': '{url}' is neither an http:// nor an https:// URL")]
    Scheme {
        /// The step.
        step: StepName,
        /// The URL as written.
        url: String,
    },
}

/// The first rule that `spec` breaks, in the order of its steps.
pub(crate) fn check(spec: &Spec) -> Result<(), SpecProblem> {
    if spec.steps.is_empty() {
        return Err(SpecProblem::NoSteps);
    }
    let mut seen = HashSet::new();
    for step in &spec.steps {
        if !seen.insert(&step.name) {
            return Err(SpecProblem::DuplicateStep(step.name.clone()));
        }
        check_step(step)?;
    }
    Ok(())
}

fn check_step(step: &Step) -> Result<(), SpecProblem> {
    if step.sources.is_empty() {
        return Err(SpecProblem::NoSources(step.name.clone()));
    }
    for source in &step.sources {
        if let Source::Http { url } = source {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(SpecProblem::Scheme {
                    step: step.name.clone(),
                    url: url.clone(),
                });
            }
        }
    }
    Ok(())
}
