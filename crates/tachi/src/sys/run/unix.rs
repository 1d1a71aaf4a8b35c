//! Programs on Unix: a process group for each, which signals reach as a whole.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// Has the program that `process` starts lead a group of its own.
pub(super) fn lead_group(process: &mut std::process::Command) {
    process.process_group(0);
}

/// A program and all that it has started, as far as nothing of it left the group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group(Option<Pid>);

impl Group {
    /// The group that `child` leads.
    pub(super) fn of(child: &Child) -> Self {
        Self(i32::try_from(child.id()).ok().and_then(Pid::from_raw))
    }

    /// Asks all of it to end.
    pub(super) fn end(self) {
        self.signal(Signal::TERM);
    }

    /// Ends all of it at once.
    pub(super) fn kill(self) {
        self.signal(Signal::KILL);
    }

    /// Whether nothing of it is there any more.
    pub(super) fn is_gone(self) -> bool {
        self.0.is_none_or(|group| test_kill_process_group(group).is_err())
    }

    fn signal(self, signal: Signal) {
        if let Some(group) = self.0 {
            // The group may have ended in the meantime; then there is nobody left to tell.
            let _ = kill_process_group(group, signal);
        }
    }
}

/// Replaces this process by the program. Only returns if that fails.
pub(super) fn exec(process: &mut std::process::Command) -> io::Error {
    process.exec()
}
