//! Verification: what a finished file is, against what it was meant to be.
//!
//! [`rule`](crate::rule) lists the rules, [`policy`] has the user's settings for them, and
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
