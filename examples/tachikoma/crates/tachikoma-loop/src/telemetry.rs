//! One timed event for each step, for those who asked for it by the feature `telemetry`.

use std::time::Duration;

use tachikoma_primitives::StepName;

/// Says that `step` yielded `rows` rows in `elapsed`.
pub(crate) fn step_finished(step: &StepName, rows: usize, elapsed: Duration) {
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(target: "tachikoma::telemetry", %step, rows, elapsed_us, "step finished");
}
