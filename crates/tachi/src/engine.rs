//! The engine: runs a plan and says what happens as events. It decides nothing: what is
//! done, in which order and why stands in the plan.

pub mod beforehand;
pub mod claim;
pub mod error;
mod gate;
pub mod join;
pub mod manifest;
pub mod place;
pub mod run;
pub(crate) mod runner;
pub mod sccache;
pub mod schedule;
pub mod step;

pub use error::EngineError;
pub use run::run;
