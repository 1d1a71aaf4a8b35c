//! Builds a release twice, the second time from a copy of the same sources under other
//! conditions, and compares every file byte for byte:
//!
//! 1. [`sources`]: which sources, and a copy of them in another folder.
//! 2. [`vary`]: what is another than the first time, and how that is brought about.
//! 3. [`arguments`]: the same request for the second build.
//! 4. [`compare`]: which files differ, and where; [`cause`]: why, most likely.

pub mod arguments;
pub mod cause;
pub mod compare;
pub mod diffoscope;
pub mod error;
pub mod run;
pub mod sources;
pub mod vary;

pub use error::RebuildError;
pub use run::{Rebuild, rebuild};
