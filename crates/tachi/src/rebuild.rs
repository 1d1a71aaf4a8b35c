//! What a second build of the same sources needs, and what it says about the first; the operation
//! is [`ops::rebuild`](crate::ops::rebuild).
//!
//! [`sources`] copies them to another folder, [`vary`] decides what differs from the first build
//! and makes it differ, [`arguments`] states the same request again, [`folders`] and [`compare`] say
//! which files differ and where, and [`cause`] why, most likely.

pub mod arguments;
pub mod cause;
pub mod compare;
pub mod diffoscope;
pub mod error;
pub mod folders;
pub mod sources;
pub mod vary;

pub use error::RebuildError;
