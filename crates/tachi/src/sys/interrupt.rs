//! Whether the user asked to stop. The terminal crate raises the flag from its
//! signal handler; everything that waits looks at it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::SysError;

/// A shared flag: cheap to clone, raised once, never lowered.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks everything that holds this flag to stop.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked to stop.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// # Errors
    /// [`SysError::Interrupted`] once the flag is raised.
    pub fn check(&self) -> Result<(), SysError> {
        if self.is_raised() { Err(SysError::Interrupted) } else { Ok(()) }
    }
}
