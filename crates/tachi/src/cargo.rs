//! Calls cargo, reads its output while it runs, and checks that it made what the plan expects.

pub mod error;
pub mod expect;
pub mod invoke;
pub mod link_errors;
pub mod messages;
mod onset;
pub mod progress;

pub use error::CargoError;
