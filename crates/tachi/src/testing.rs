//! Tests, compiled for any set of targets and run here: `cargo tachi test`.
//!
//! The plan names the executables and what runs them; a step of the engine runs those of one
//! target, through cargo-nextest ([`nextest`]) or one by one ([`harness`], [`libtest`]) in
//! the [`surroundings`] that cargo gives them, with a [`stand_in`] for programs that only qemu starts.
//! [`Report`] has the results.

pub mod error;
pub mod harness;
pub mod libtest;
pub mod nextest;
pub mod stand_in;
pub mod surroundings;

pub use error::TestError;
pub use tachi_report::outcome::Report;
