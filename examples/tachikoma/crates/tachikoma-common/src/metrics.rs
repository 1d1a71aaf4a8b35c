//! Counters of what the program did. They count only with the feature `metrics`.

#[cfg(feature = "metrics")]
use std::sync::atomic::{AtomicU64, Ordering};

/// HTTP requests sent.
pub static HTTP_REQUESTS: Counter = Counter::new("http_requests");
/// Rows written to a database.
pub static ROWS_STORED: Counter = Counter::new("rows_stored");
/// Steps of specs run to their end.
pub static STEPS_RUN: Counter = Counter::new("steps_run");

/// Whether this build counts.
pub const ENABLED: bool = cfg!(feature = "metrics");

/// A number that only grows.
#[derive(Debug)]
pub struct Counter {
    name: &'static str,
    #[cfg(feature = "metrics")]
    value: AtomicU64,
}

impl Counter {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            #[cfg(feature = "metrics")]
            value: AtomicU64::new(0),
        }
    }

    /// The counter's name in a [`snapshot`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Adds `amount`.
    #[cfg(feature = "metrics")]
    pub fn add(&self, amount: u64) {
        self.value.fetch_add(amount, Ordering::Relaxed);
    }

    /// Does nothing in a build without the feature `metrics`.
    #[cfg(not(feature = "metrics"))]
    pub fn add(&self, _amount: u64) {}

    /// The count so far.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn value(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }

    /// Zero in a build without the feature `metrics`.
    #[cfg(not(feature = "metrics"))]
    #[must_use]
    pub fn value(&self) -> u64 {
        0
    }
}

/// All counters with their values, always in the same order.
#[must_use]
pub fn snapshot() -> [(&'static str, u64); 3] {
    [&HTTP_REQUESTS, &ROWS_STORED, &STEPS_RUN].map(|counter| (counter.name(), counter.value()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_counts_only_with_the_feature() {
        let counter = Counter::new("probe");
        counter.add(2);
        counter.add(3);
        assert_eq!(counter.value(), if ENABLED { 5 } else { 0 });
    }
}
