//! The plan: a pure function of the request and the facts. It decides what is done, in
//! which order and why; nothing here looks at the machine or changes it.

pub mod build;
pub mod call;
mod command;
pub mod error;
pub mod explain;
pub mod jobs;
mod join;
pub mod layout;
pub mod paths;
pub mod release;
pub(crate) mod runner;
mod smoke;
pub mod target;
mod testing;

pub use build::{Planned, build};
pub use error::PlanError;
