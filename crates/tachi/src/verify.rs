//! Verification: what a finished file is, against what it was meant to be.
//!
//! [`rule`] is the list of what is looked for; [`policy`] what the user says to it; [`check`]
//! looks, at one file. [`smoke`] runs programs. [`release`] and [`files`] put these together,
//! for what `dist` made and for any files.

pub mod archive;
pub mod check;
pub mod guess;
pub mod held;
pub mod machine;
pub mod policy;
pub mod smoke;

pub use tachi_schema::finding::{Finding, Severity};
