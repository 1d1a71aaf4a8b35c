//! The plain values that Tachikoma's crates pass to each other. No input or output happens here.

mod row;
mod step_name;

pub use row::Row;
pub use step_name::{StepName, StepNameError};
