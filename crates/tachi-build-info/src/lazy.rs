//! Build information that is read when somebody first asks.

use core::cell::UnsafeCell;
use core::fmt;
use core::ops::Deref;

use crate::caller::Caller;
use crate::info::BuildInfo;

#[cfg(not(feature = "std"))]
use self::spin::Once;
#[cfg(feature = "std")]
use std::sync::Once;

/// A [`BuildInfo`] that is read when it is first used; made by
/// [`lazy_build_info!`](crate::lazy_build_info).
///
/// It can be a static and is used as if it were the [`BuildInfo`] itself.
pub struct LazyBuildInfo {
    caller: Caller,
    once: Once,
    info: UnsafeCell<Option<BuildInfo>>,
}

// SAFETY: `info` is written once, inside `once`, which every reader passes first; after
// that it is only read. Its content is plain data.
unsafe impl Sync for LazyBuildInfo {}

impl LazyBuildInfo {
    #[doc(hidden)]
    pub const fn new(caller: Caller) -> Self {
        Self { caller, once: Once::new(), info: UnsafeCell::new(None) }
    }

    /// The build information.
    pub fn get(&self) -> &BuildInfo {
        self.once.call_once(|| {
            let info = BuildInfo::of_this_program(&self.caller);
            // SAFETY: `once` runs this one time, and no reader gets past it before.
            unsafe { *self.info.get() = Some(info) };
        });
        // SAFETY: `once` has run, so nothing writes any more.
        match unsafe { &*self.info.get() } {
            Some(info) => info,
            // The closure above cannot fail.
            None => unreachable!("the build information was read"),
        }
    }
}

impl Deref for LazyBuildInfo {
    type Target = BuildInfo;

    fn deref(&self) -> &BuildInfo {
        self.get()
    }
}

impl fmt::Debug for LazyBuildInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Display for LazyBuildInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// What `std::sync::Once` is, where there is no system to wait with.
#[cfg(any(not(feature = "std"), test))]
mod spin {
    use core::sync::atomic::{AtomicU8, Ordering};

    const NEW: u8 = 0;
    const RUNNING: u8 = 1;
    const DONE: u8 = 2;

    pub(super) struct Once(AtomicU8);

    impl Once {
        pub(super) const fn new() -> Self {
            Self(AtomicU8::new(NEW))
        }

        pub(super) fn call_once(&self, run: impl FnOnce()) {
            match self.0.compare_exchange(NEW, RUNNING, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => {
                    run();
                    self.0.store(DONE, Ordering::Release);
                }
                Err(_) => {
                    while self.0.load(Ordering::Acquire) != DONE {
                        core::hint::spin_loop();
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::vec::Vec;

    #[test]
    fn many_threads_see_one_and_the_same_value() {
        let threads: Vec<_> = (0..8).map(|_| thread::spawn(once_for_all)).collect();
        let places: Vec<usize> = threads.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(places.windows(2).all(|pair| pair[0] == pair[1]));
    }

    fn once_for_all() -> usize {
        let info: &'static BuildInfo = crate::build_info!();
        info as *const BuildInfo as usize
    }

    #[test]
    fn the_spinning_lock_runs_once_and_the_others_wait_for_it() {
        static ONCE: spin::Once = spin::Once::new();
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                thread::spawn(|| {
                    ONCE.call_once(|| {
                        thread::yield_now();
                        RUNS.fetch_add(1, Ordering::Relaxed);
                    });
                    RUNS.load(Ordering::Relaxed)
                })
            })
            .collect();
        assert!(threads.into_iter().all(|one| one.join().unwrap() == 1));
    }
}
