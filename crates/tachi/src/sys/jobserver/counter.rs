//! Tokens that only this process takes.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many tokens are left.
#[derive(Debug)]
pub(super) struct Counter {
    left: Mutex<usize>,
    given_back: Condvar,
}

impl Counter {
    pub(super) fn new(tokens: NonZeroUsize) -> Self {
        Self { left: Mutex::new(tokens.get()), given_back: Condvar::new() }
    }

    /// Takes a token if there is one within `time`.
    pub(super) fn take(&self, time: Duration) -> bool {
        let waited = self.given_back.wait_timeout_while(self.lock(), time, |left| *left == 0);
        let (mut left, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let is_taken = *left > 0;
        *left -= usize::from(is_taken);
        is_taken
    }

    pub(super) fn give_back(&self) {
        *self.lock() += 1;
        self.given_back.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
