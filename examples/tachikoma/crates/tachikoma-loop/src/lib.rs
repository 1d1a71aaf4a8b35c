//! Runs a spec: each step in turn asks its sources, and what they yield is stored.

mod run;
#[cfg(feature = "telemetry")]
mod telemetry;

pub use run::{run, LoopError, RunReport, StepReport};

/// Whether this build emits telemetry.
pub const TELEMETRY: bool = cfg!(feature = "telemetry");
