//! Conducting cargo: the call itself, what it says while it runs, and whether it made
//! what the plan expects.

pub mod error;
pub mod expect;
pub mod invoke;
pub mod link_errors;
pub mod messages;
mod onset;
pub mod progress;

pub use error::CargoError;
