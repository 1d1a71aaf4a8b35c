//! Verification: what a finished file is, against what it was meant to be.
//!
//! [`rule`](crate::rule) is the list of what is looked for, [`policy`] what the user says to it, and
//! [`check`] looks at one file. [`smoke`] runs programs. Two operations put these together:
//! [`verify_release`](crate::ops::verify_release) for what `dist` made, and
//! [`verify_files`](crate::ops::verify_files) for any files.

pub mod check;
pub mod expectations;
pub mod guess;
pub mod machine;
pub mod policy;
pub mod smoke;

pub use tachi_schema::finding::{Finding, Severity};
