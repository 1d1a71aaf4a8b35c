//! Tests, compiled for any set of targets and run here: `cargo tachi test`.
//!
//! The plan names the executables and what runs them; [`target`] is the step that runs those of
//! one target, through cargo-nextest ([`nextest`]) or one by one ([`harness`], [`libtest`]) in
//! the [`surroundings`] that cargo gives them, with a [`stand_in`] for programs that only qemu starts. [`report`] is what came of it, [`junit`] its form
//! for CI.

use std::sync::{Mutex, PoisonError};

use tachi_schema::event::Envelope;

use crate::error::Error;
use crate::prepared::Prepared;
use crate::session::Session;

pub mod error;
pub mod harness;
pub mod junit;
pub mod libtest;
pub mod nextest;
pub mod report;
pub mod stand_in;
pub mod surroundings;
pub mod target;

pub use error::TestError;
pub use report::{Report, TargetReport};

/// Compiles and runs the tests of a request whose goal is
/// [`Goal::Test`](crate::request::Goal::Test). `emit` is called from several threads. Tests
/// that fail are no error: the report says so.
///
/// # Errors
/// The compilation fails, or tests cannot be run.
pub fn run(
    prepared: &mut Prepared,
    session: &Session,
    emit: &(dyn Fn(Envelope) + Sync),
) -> Result<Report, Error> {
    let collector = Mutex::new(report::Collector::default());
    prepared.run(session, &|envelope: Envelope| {
        collector.lock().unwrap_or_else(PoisonError::into_inner).note(&envelope.event);
        emit(envelope);
    })?;
    Ok(collector.into_inner().unwrap_or_else(PoisonError::into_inner).finish())
}
