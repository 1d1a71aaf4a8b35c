//! What the machine has: processors and memory.

use std::num::NonZeroUsize;

use crate::sys::fs;

/// What the machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Logical processors that this process may use.
    pub cores: NonZeroUsize,
    /// Memory that can be had without swapping, in bytes, if the system says.
    pub available_memory: Option<u64>,
}

/// Looks at this machine.
pub(super) fn look() -> Machine {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Machine { cores, available_memory: available_memory() }
}

/// `MemAvailable` of proc(5), in bytes.
fn available_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo".into()).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
