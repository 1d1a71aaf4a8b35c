//! Running a [`Command`]: to its end, or line by line, and never past an interrupt.

mod follow;
mod lines;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::process::ExitStatus;
use std::time::Duration;

use super::command::Command;
use super::error::SysError;
use super::interrupt::Interrupt;
use follow::{Terms, follow};
pub use lines::{Line, Stream};
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// In the system's words: "exit status: 101", "signal: 9 (SIGKILL)".
    pub status: String,
    /// The program was ended because its time was over.
    pub timed_out: bool,
}

impl Exit {
    /// Whether it ended with exit code 0.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        Self { code: status.code(), status: status.to_string(), timed_out: false }
    }
}

/// Runs `command` to its end and returns what it wrote to standard output.
///
/// # Errors
/// It could not be started, it failed (the error carries its standard error), or the
/// user interrupted.
pub fn capture(command: &Command, interrupt: &Interrupt) -> Result<String, SysError> {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    let exit = stream(command, interrupt, &mut |line| {
        let sink = if line.stream == Stream::Stdout { &mut stdout } else { &mut stderr };
        sink.push_str(&line.text);
        sink.push('\n');
    })?;
    if exit.success() {
        Ok(stdout)
    } else {
        Err(SysError::Failed { command: Box::new(command.clone()), status: exit.status, stderr })
    }
}

/// Runs `command` to its end and returns how it ended, with what it wrote to either stream; a
/// failure of the program is not an error here.
///
/// # Errors
/// It could not be started, or the user interrupted.
pub fn aloud(command: &Command, interrupt: &Interrupt) -> Result<(Exit, String), SysError> {
    let mut said = String::new();
    let exit = stream(command, interrupt, &mut |line| {
        said.push_str(&line.text);
        said.push('\n');
    })?;
    Ok((exit, said))
}

/// Runs `command`, handing each line to `on_line` as it comes, and returns how it ended;
/// a failure of the program is not an error here. Standard input is empty. The program
/// gets a process group of its own: an interrupt is passed on to all of it, and what has
/// not ended after five seconds is killed, or at once when the user interrupts again. Under
/// [`Interrupt::left_to_system`] the program stays in this process's group.
///
/// # Errors
/// It could not be started, or the user interrupted.
pub fn stream(
    command: &Command,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    stream_fed(command, &[], interrupt, on_line)
}

/// As [`stream`], but the program and its children are ended once `limit` is over, if there is
/// one. The program's own end is the end of its output, half a second later: a service that the
/// program has started may keep its standard output open for ever.
///
/// # Errors
/// As [`stream`].
pub fn stream_within(
    command: &Command,
    limit: impl Into<Option<Duration>>,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    let terms = Terms { input: &[], limit: limit.into(), ends_with_program: true };
    follow(command, terms, interrupt, on_line)
}

/// As [`stream`], with `input` on standard input: for what must not stand on a command line.
/// It has to be shorter than what a pipe holds (4 KiB everywhere), since the program's output
/// is read after it is written.
///
/// # Errors
/// As [`stream`].
pub fn stream_fed(
    command: &Command,
    input: &[u8],
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    let terms = Terms { input, limit: None, ends_with_program: false };
    follow(command, terms, interrupt, on_line)
}

/// Replaces this process by `command`, which keeps its input and output. Returns only if that
/// fails.
pub fn exec(command: &Command) -> SysError {
    spawn_error(command, system::exec(&mut process(command)))
}

fn spawn_error(command: &Command, source: std::io::Error) -> SysError {
    SysError::Spawn { command: Box::new(command.clone()), source }
}

#[expect(clippy::disallowed_methods, reason = "the one home of starting programs")]
fn process(command: &Command) -> std::process::Command {
    let mut process = std::process::Command::new(&command.program);
    process.args(&command.args);
    for (name, value) in &command.env {
        match value {
            Some(value) => process.env(name, value),
            None => process.env_remove(name),
        };
    }
    if let Some(dir) = &command.current_dir {
        process.current_dir(dir);
    }
    process
}

#[cfg(all(test, unix))]
mod tests;
