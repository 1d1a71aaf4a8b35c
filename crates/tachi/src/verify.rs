//! Verification: what a finished file is, against what it was meant to be.

pub mod check;
pub mod finding;

pub use finding::{Finding, Severity};
