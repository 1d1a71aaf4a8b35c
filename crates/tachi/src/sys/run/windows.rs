//! Programs on Windows: their tree of processes, which `taskkill` ends as a whole.

use std::io;
use std::process::{Child, Stdio};

/// Programs stay in this console's group: its Ctrl-C reaches them without Tachi.
pub(super) fn lead_group(_process: &mut std::process::Command) {}

/// A program and all that it has started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group(u32);

impl Group {
    /// The tree below `child`.
    pub(super) fn of(child: &Child) -> Self {
        Self(child.id())
    }

    /// Ends all of it at once: a program without a window cannot be asked to.
    pub(super) fn end(self) {
        self.kill();
    }

    /// Ends all of it at once.
    #[expect(clippy::disallowed_methods, reason = "a part of the one home of starting programs")]
    pub(super) fn kill(self) {
        let mut process = std::process::Command::new("taskkill");
        process.args(["/T", "/F", "/PID", &self.0.to_string()]);
        process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // The program may have ended in the meantime; then there is nothing left to end.
        let _ = process.status();
    }

    /// Whether there is nothing left that [`kill`](Self::kill) could end: it finds the tree
    /// through the program that has started it.
    #[expect(clippy::unused_self, reason = "Unix knows")]
    pub(super) fn is_gone(self) -> bool {
        true
    }
}

/// Runs the program and ends this process as it ended, since no process becomes another one
/// here. Only returns if the program cannot be started.
#[expect(clippy::disallowed_methods, reason = "this process has nothing left to do")]
pub(super) fn exec(process: &mut std::process::Command) -> io::Error {
    match process.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}
