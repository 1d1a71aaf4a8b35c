//! How a link ended, with the linker's words.

use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, run};

/// How a link ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOutcome {
    /// Whether the file was made.
    pub success: bool,
    /// What the linker printed.
    pub stderr: String,
}

impl LinkOutcome {
    /// Runs a linker to its end.
    ///
    /// # Errors
    /// It cannot be run.
    pub fn of(command: &Command) -> Result<Self, SysError> {
        let (exit, stderr) = run::aloud(command, &Interrupt::left_to_system())?;
        Ok(Self { success: exit.success(), stderr })
    }

    /// Whether the link failed because nobody defines a symbol.
    pub fn misses_symbols(&self) -> bool {
        !self.success && self.stderr.contains("undefined symbol: ")
    }
}
