//! Running a [`Command`]: to its end, or line by line, and never past an interrupt.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::clock::Stopwatch;
use super::command::Command;
use super::error::SysError;
use super::interrupt::Interrupt;

/// How often a waiting loop looks at the interrupt flag.
const POLL: Duration = Duration::from_millis(50);
/// How long children may take to clean up after an interrupt before they are killed.
const GRACE: Duration = Duration::from_secs(5);
/// How long output is waited for after a program has ended.
const LEFT_BEHIND: Duration = Duration::from_millis(500);

/// Where a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line of output, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it came from.
    pub stream: Stream,
    /// Its text; invalid UTF-8 is replaced.
    pub text: String,
    /// It ended in a bare carriage return: a progress bar that will be drawn over.
    pub transient: bool,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// In the system's words: "exit status: 101", "signal: 9 (SIGKILL)".
    pub status: String,
    /// It was ended, as its time was over.
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
/// not ended after five seconds is killed.
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

/// As [`stream`], ending the program and its children once `limit` is over, if there is one. Of
/// what the program leaves behind, only half a second's output is waited for: a service that it
/// started may keep its standard output open for ever.
///
/// # Errors
/// As [`stream`].
pub fn stream_within(
    command: &Command,
    limit: impl Into<Option<Duration>>,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    follow(command, &[], Some(limit.into().unwrap_or(Duration::MAX)), interrupt, on_line)
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
    follow(command, input, None, interrupt, on_line)
}

fn follow(
    command: &Command,
    input: &[u8],
    limit: Option<Duration>,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    interrupt.check()?;
    let clock = Stopwatch::start();
    let is_over = || limit.is_some_and(|limit| clock.elapsed() > limit);
    let mut timed_out = false;
    let mut child = spawn(command, if input.is_empty() { Stdio::null() } else { Stdio::piped() })?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that ends without reading says why by itself.
        let _ = pipe.write_all(input);
    }
    let (sender, lines) = mpsc::channel();
    let stdout = child.stdout.take().map(|pipe| read_lines(pipe, Stream::Stdout, sender.clone()));
    let stderr = child.stderr.take().map(|pipe| read_lines(pipe, Stream::Stderr, sender));
    let mut stopping: Option<Stopwatch> = None;
    let mut ended: Option<Stopwatch> = None;
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => on_line(line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if limit.is_some() => {
                let has_ended = matches!(child.try_wait(), Ok(Some(_)));
                if has_ended && ended.get_or_insert_with(Stopwatch::start).elapsed() > LEFT_BEHIND {
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let is_over = || ended.is_none() && is_over();
        match &stopping {
            None if interrupt.is_raised() || is_over() => {
                timed_out = !interrupt.is_raised();
                signal(&child, rustix::process::Signal::TERM);
                stopping = Some(Stopwatch::start());
            }
            Some(since) if since.elapsed() > GRACE => {
                signal(&child, rustix::process::Signal::KILL);
                break;
            }
            _ => {}
        }
    }
    let status = child.wait().map_err(|source| spawn_error(command, source))?;
    for reader in [stdout, stderr].into_iter().flatten() {
        // A reader only ends by itself; after a kill a grandchild may still hold the pipe.
        if stopping.is_none() && ended.is_none() {
            let _ = reader.join();
        }
    }
    interrupt.check()?;
    Ok(Exit { timed_out, ..status.into() })
}

/// Becomes `command`, with this process's own input and output. Only returns if that fails.
#[cfg(unix)]
pub fn exec(command: &Command) -> SysError {
    let source = std::os::unix::process::CommandExt::exec(&mut process(command));
    spawn_error(command, source)
}

/// Becomes `command`, with this process's own input and output. Only returns if that fails.
#[cfg(not(unix))]
pub fn exec(command: &Command) -> SysError {
    spawn_error(command, std::io::ErrorKind::Unsupported.into())
}

fn spawn_error(command: &Command, source: std::io::Error) -> SysError {
    SysError::Spawn { command: Box::new(command.clone()), source }
}

fn spawn(command: &Command, stdin: Stdio) -> Result<Child, SysError> {
    let mut process = process(command);
    process.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut process, 0);
    process.spawn().map_err(|source| spawn_error(command, source))
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

fn signal(child: &Child, signal: rustix::process::Signal) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // The group may have ended in the meantime; then there is nobody left to tell.
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

fn read_lines(
    pipe: impl Read + Send + 'static,
    stream: Stream,
    lines: mpsc::Sender<Line>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut splitter = Splitter::default();
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            for (text, transient) in splitter.push(&buffer[..count]) {
                if lines.send(Line { stream, text, transient }).is_err() {
                    return;
                }
            }
        }
        if let Some(text) = splitter.rest() {
            let _ = lines.send(Line { stream, text, transient: false });
        }
    })
}

/// Cuts a byte stream into lines at `\n`, `\r\n` and bare `\r`.
#[derive(Debug, Default)]
struct Splitter {
    pending: Vec<u8>,
    after_return: bool,
}

impl Splitter {
    fn push(&mut self, bytes: &[u8]) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        for &byte in bytes {
            if std::mem::take(&mut self.after_return) {
                lines.push((self.take(), byte != b'\n'));
                if byte == b'\n' {
                    continue;
                }
            }
            match byte {
                b'\n' => lines.push((self.take(), false)),
                b'\r' => self.after_return = true,
                _ => self.pending.push(byte),
            }
        }
        lines
    }

    fn take(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.pending)).into_owned()
    }

    fn rest(mut self) -> Option<String> {
        (!self.pending.is_empty()).then(|| self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        Command::new("sh").args(["-c", script])
    }

    #[test]
    fn a_failing_program_is_shown_with_its_command_and_its_words() {
        let error = capture(&sh("echo oh no >&2; exit 3"), &Interrupt::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sh` failed (exit status: 3)\n  | oh no\n  command: sh -c 'echo oh no >&2; exit 3'"
        );
    }

    #[test]
    fn what_is_fed_arrives_and_is_then_at_its_end() {
        for (script, expected) in [("cat; echo .", "secret."), ("echo done", "done")] {
            let mut said = Vec::new();
            let exit = stream_fed(&sh(script), b"secret", &Interrupt::default(), &mut |line| {
                said.push(line.text);
            });
            assert!(exit.unwrap().success());
            assert_eq!(said, [expected]);
        }
    }

    #[test]
    fn lines_end_at_newlines_and_bare_returns_even_across_chunks() {
        let mut splitter = Splitter::default();
        let mut lines = splitter.push(b"one\ntwo\r");
        lines.extend(splitter.push(b"\nbar 1\rbar 2\rend"));
        let expected = [("one", false), ("two", false), ("bar 1", true), ("bar 2", true)];
        assert_eq!(lines, expected.map(|(text, transient)| (text.to_owned(), transient)));
        assert_eq!(splitter.rest(), Some("end".into()));
    }

    #[test]
    fn a_program_ends_with_its_children_when_its_time_is_over() {
        let mut said = Vec::new();
        let limit = Duration::from_millis(300);
        let command = sh("echo begun; sleep 600 & wait");
        let exit = stream_within(&command, limit, &Interrupt::default(), &mut |line| {
            said.push(line.text);
        });
        let exit = exit.unwrap();
        assert!(exit.timed_out && !exit.success(), "{exit:?}");
        assert_eq!(said, ["begun"]);
        let quick =
            stream_within(&sh("exit 3"), limit, &Interrupt::default(), &mut |_| {}).unwrap();
        assert_eq!((quick.code, quick.timed_out), (Some(3), false));
    }

    #[test]
    fn what_a_program_leaves_behind_is_not_waited_for() {
        let (clock, mut said) = (Stopwatch::start(), Vec::new());
        let command = sh("echo words; setsid sleep 20 &");
        let exit = stream_within(&command, None, &Interrupt::default(), &mut |line| {
            said.push(line.text);
        });
        assert!(exit.unwrap().success());
        assert_eq!(said, ["words"]);
        assert!(clock.seconds() < 15.0, "the service's output was waited for");
    }

    #[test]
    fn an_interrupt_ends_a_program_and_its_children() {
        let interrupt = Interrupt::default();
        let result = stream(&sh("echo ready; sleep 600 & wait"), &interrupt.clone(), &mut |line| {
            assert_eq!(line.text, "ready");
            interrupt.raise();
        });
        assert!(matches!(result, Err(SysError::Interrupted)));
    }
}
