//! The plan: a pure function of the request and the facts. It decides what is done, in
//! which order and why; nothing here looks at the machine or changes it.

mod brief;
pub mod build;
pub mod call;
pub mod check;
mod command;
mod downloads;
pub mod error;

pub mod jobs;
pub mod layout;
pub mod paths;
mod planner;
pub(crate) mod runner;
mod steps;
pub mod target;
pub mod words;

pub use build::{Planned, Resolved, build};
pub use error::PlanError;
