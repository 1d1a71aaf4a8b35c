//! Compiling tests for any set of targets and running them here.
//!
//! 1. [`Prepared::new`]: what is true here, and which test executables the plan has.
//! 2. [`Prepared::run`]: compiles them, and runs them where this machine can.
//! 3. [`Collector`]: puts the report together from the events.

use std::sync::{Mutex, PoisonError};

use tachi_report::outcome::{Collector, Report};
use tachi_schema::event::Envelope;

use super::{Error, Prepared};
use crate::session::Session;

/// Compiles and runs the tests of a request whose goal is
/// [`Goal::Test`](crate::request::Goal::Test). `emit` is called from several threads. Tests
/// that fail are no error; the report has them.
///
/// # Errors
/// The compilation fails, or tests cannot be run.
pub fn run(
    prepared: &mut Prepared,
    session: &Session,
    emit: &(dyn Fn(Envelope) + Sync),
) -> Result<Report, Error> {
    let collector = Mutex::new(Collector::default());
    prepared.run(session, &|envelope: Envelope| {
        collector.lock().unwrap_or_else(PoisonError::into_inner).see(&envelope.event);
        emit(envelope);
    })?;
    Ok(collector.into_inner().unwrap_or_else(PoisonError::into_inner).finish())
}
