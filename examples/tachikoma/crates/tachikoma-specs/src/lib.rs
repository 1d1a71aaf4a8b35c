//! Reads and checks specs: YAML files that say which steps to run and where their rows come from.

mod check;
mod load;
mod spec;

pub use check::SpecProblem;
pub use load::{load, parse, SpecError};
pub use spec::{Source, Spec, Step};
