//! Following one program from its start to its end. Nothing that it does with its streams
//! holds up a limit of time or an interrupt.

use std::io::{self, Write};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use super::lines::{self, Line, Stream};
use super::system::{self, Group};
use super::{Exit, process, spawn_error};
use crate::sys::clock::Stopwatch;
use crate::sys::command::Command;
use crate::sys::error::SysError;
use crate::sys::interrupt::{Interrupt, Urgency};

/// How often a program is looked at while it says nothing.
const POLL: Duration = Duration::from_millis(50);
/// How soon a program is looked at that has closed its streams: mostly it is about to end.
const SOON: Duration = Duration::from_micros(100);
/// How long programs may take to clean up before they are killed.
const GRACE: Duration = Duration::from_secs(5);
/// How long what a program leaves behind may still say something, or end.
const LEFT_BEHIND: Duration = Duration::from_millis(500);

/// What a program is given, and when it is ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    /// What the program reads from its standard input.
    pub(super) input: &'a [u8],
    /// How long the program may take.
    pub(super) limit: Option<Duration>,
    /// Whether its output ends with the program itself, shortly after: what it leaves
    /// behind, such as a service, may keep its streams open for ever.
    pub(super) ends_with_program: bool,
}

/// Runs `command` to its end, as `terms` say.
pub(super) fn follow(
    command: &Command,
    terms: Terms<'_>,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<Exit, SysError> {
    interrupt.check()?;
    let clock = Stopwatch::start();
    let mut program = spawn(command, terms.input, !interrupt.is_left_to_system())
        .map_err(|source| spawn_error(command, source))?;
    let group = program.group;
    let child = &mut program.child;
    let mut output = Output::of(child);
    // Kills even while `on_line` waits for somebody.
    let subscription = interrupt.on_raise(move |urgency| {
        if urgency == Urgency::Killed {
            group.kill();
        }
    });
    let mut timed_out = false;
    let mut ended: Option<Stopwatch> = None;
    let mut stopping: Option<Stopwatch> = None;
    loop {
        output.hear(on_line);
        if ended.is_none() && matches!(child.try_wait(), Ok(Some(_))) {
            ended = Some(Stopwatch::start());
        }
        if let Some(since) = ended {
            let is_all = output.is_closed && (stopping.is_none() || group.is_gone());
            let is_cut_off = stopping.is_none() && terms.ends_with_program;
            if is_all || (is_cut_off && since.elapsed() > LEFT_BEHIND) {
                // Whoever hears the lines may have been slower than the program.
                output.hear_rest(on_line);
                break;
            }
        }
        if let Some(since) = stopping {
            if since.elapsed() > GRACE || interrupt.urgency() == Urgency::Killed {
                break;
            }
        } else {
            timed_out = ended.is_none() && terms.limit.is_some_and(|limit| clock.elapsed() > limit);
            if timed_out || interrupt.is_raised() {
                group.end();
                stopping = Some(Stopwatch::start());
            }
        }
    }
    drop(subscription);
    program.is_done = stopping.is_none();
    let status = program.end().map_err(|source| spawn_error(command, source))?;
    interrupt.check()?;
    Ok(Exit { timed_out, ..status.into() })
}

fn spawn(command: &Command, input: &[u8], leads_group: bool) -> io::Result<Program> {
    let mut process = process(command);
    process.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
    process.stdout(Stdio::piped()).stderr(Stdio::piped());
    if leads_group {
        system::lead_group(&mut process);
    }
    let mut child = process.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that ends without reading says why by itself.
        let _ = pipe.write_all(input);
    }
    Ok(Program { group: Group::of(&child), child, is_done: false })
}

/// A program that was started. Unless it is done, it does not outlive this value: a panic in
/// what hears its lines must not leave it behind.
struct Program {
    child: Child,
    group: Group,
    is_done: bool,
}

impl Program {
    /// Waits for its end, or makes it.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if !std::mem::replace(&mut self.is_done, true) {
            self.group.kill();
            // The program itself, should it have left its group.
            let _ = self.child.kill();
        }
        self.child.wait()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = self.end();
        }
    }
}

/// Both streams of a program.
struct Output {
    lines: Receiver<Line>,
    /// How many lines were sent, and how many of them heard.
    sent: Arc<AtomicUsize>,
    heard: usize,
    is_closed: bool,
    /// How long to wait before the next look at a program that has closed both.
    pause: Duration,
}

impl Output {
    fn of(child: &mut Child) -> Self {
        let (sender, lines) = mpsc::channel();
        let sent = Arc::new(AtomicUsize::new(0));
        if let Some(pipe) = child.stdout.take() {
            lines::send(pipe, Stream::Stdout, sender.clone(), sent.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            lines::send(pipe, Stream::Stderr, sender, sent.clone());
        }
        Self { lines, sent, heard: 0, is_closed: false, pause: SOON }
    }

    /// Waits for the next line, but not for long.
    fn hear(&mut self, on_line: &mut dyn FnMut(Line)) {
        if self.is_closed {
            std::thread::sleep(self.pause);
            self.pause = POLL.min(self.pause * 2);
            return;
        }
        match self.lines.recv_timeout(POLL) {
            Ok(line) => {
                self.heard += 1;
                on_line(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.is_closed = true,
        }
    }

    /// What was read up to now. What a program left behind may go on for ever.
    fn hear_rest(&mut self, on_line: &mut dyn FnMut(Line)) {
        let rest = self.sent.load(Ordering::Acquire).saturating_sub(self.heard);
        self.lines.iter().take(rest).for_each(on_line);
    }
}
