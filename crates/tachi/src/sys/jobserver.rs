//! The cores of this machine as tokens, shared with cargo: what holds a token may keep one
//! core busy.
//!
//! Cargo, make, and what build scripts start agree on cores through GNU make's jobserver: a
//! pipe with a byte for each core but one, whose ends every program inherits. Each program
//! may use one core without asking, as whoever started it gave it that one, and takes a byte
//! out of the pipe for each further one. Tachi makes such a pipe for a run and lends it to
//! cargo, so that compressing or stripping one target's files uses what the compilation of
//! the next one leaves, and no more.
//!
//! Why not the crate `jobserver`: it finds an inherited jobserver only through an unsafe
//! function, which this workspace forbids, and waiting for a token of a pipe that it made
//! itself cannot be interrupted. Why a pipe and not a named one (`fifo:PATH`): cargo hands
//! the style on to build scripts, and GNU make before 4.4 (Debian 12, Ubuntu 22.04) gives up
//! at a named pipe. A pipe is what build scripts get from a bare cargo as well.
//!
//! What cargo does (as of 1.95, and checked in the tests):
//! - It takes the first variable of `CARGO_MAKEFLAGS`, `MAKEFLAGS`, `MFLAGS` that is there.
//! - With a jobserver it counts no jobs of its own. It ignores `--jobs` *with a warning*, and
//!   `build.jobs` without one; but `NUM_JOBS`, which build scripts read, still comes from
//!   there. So [`lend`](Jobserver::lend) turns `--jobs` into `CARGO_BUILD_JOBS`.
//! - A call that should do with fewer jobs than there are tokens (links that need much
//!   memory) can only have its way with a jobserver of its own: `lend` leaves it alone.
//!
//! A token that a killed cargo held is lost with it, as it is with make. So a jobserver is
//! made for one run and goes with it.
//!
//! A jobserver that Tachi is started under (`make -j`, a build script) is respected: cargo
//! inherits it anyway, and Tachi takes its own tokens from it. There the one core that needs
//! no asking is Tachi's, and cargo gets it handed on.
//!
//! Pipes are shared on Linux only. Elsewhere no file can be opened a second time without
//! sharing its flags with all others that read it, so that nobody could wait for a token and
//! for an interrupt at once. Tachi counts its own cores there, and cargo its own.

mod counter;
#[cfg(target_os = "linux")]
mod pipes;

use std::num::NonZeroUsize;
use std::time::Duration;

use self::counter::Counter;
use super::command::Command;
use super::env::Environment;
use super::interrupt::Interrupt;

/// How often whoever waits for a token looks at the interrupt.
const POLL: Duration = Duration::from_millis(50);
/// Variables in which a jobserver is announced, in cargo's order.
#[cfg(target_os = "linux")]
const VARIABLES: [&str; 3] = ["CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"];
/// Far more cores than a machine has, and far fewer bytes than a pipe holds.
const MOST: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// Tokens for this machine's cores.
#[derive(Debug)]
pub struct Jobserver {
    cores: NonZeroUsize,
    tokens: Tokens,
}

#[derive(Debug)]
enum Tokens {
    Counted(Counter),
    #[cfg(target_os = "linux")]
    Piped(pipes::Pipes),
}

/// One core, until dropped.
#[derive(Debug)]
pub struct Token<'a>(&'a Tokens);

impl Jobserver {
    /// Joins the jobserver that this process was started under, else makes one with `cores`
    /// tokens. Where neither is possible, the tokens are this process's alone.
    pub fn new(cores: NonZeroUsize, environment: &Environment) -> Self {
        let cores = cores.min(MOST);
        Self { cores, tokens: Tokens::new(cores, environment) }
    }

    /// Waits for a token; none once `interrupt` is raised.
    pub fn acquire(&self, interrupt: &Interrupt) -> Option<Token<'_>> {
        while !interrupt.is_raised() {
            let token = self.take(POLL);
            if token.is_some() {
                return token;
            }
        }
        None
    }

    /// Takes a token if there is one within `time`.
    fn take(&self, time: Duration) -> Option<Token<'_>> {
        let is_taken = match &self.tokens {
            Tokens::Counted(counter) => counter.take(time),
            #[cfg(target_os = "linux")]
            Tokens::Piped(pipes) => pipes.take(time),
        };
        is_taken.then(|| Token(&self.tokens))
    }

    /// A cargo call that shares these tokens. Plans and errors show the call without that,
    /// since a user who pastes it has no such pipe.
    ///
    /// Whoever runs it holds a token for cargo: the one that cargo uses without asking.
    #[must_use]
    pub fn lend(&self, command: &Command) -> Command {
        let mut command = command.clone();
        let Some((read, write)) = self.tokens.ends() else { return command };
        // Where nobody asks for a number, cargo's own is the same, and a compiler cache that
        // takes all of cargo's variables for input hits on machines with other numbers of cores.
        if let Some(at) = command.args.iter().position(|arg| arg == "--jobs") {
            let asked = command.args.get(at + 1).and_then(|count| count.parse().ok());
            if asked != Some(self.cores.get()) {
                return command;
            }
            command.args.drain(at..=at + 1);
            command = command.env("CARGO_BUILD_JOBS", self.cores.to_string());
        }
        // Old programs read the first of the two options, new ones the second.
        let flags = format!("-j --jobserver-fds={read},{write} --jobserver-auth={read},{write}");
        command.env("CARGO_MAKEFLAGS", flags)
    }
}

impl Tokens {
    #[cfg(target_os = "linux")]
    fn new(cores: NonZeroUsize, environment: &Environment) -> Self {
        let outer = announced(environment).and_then(pipes::Pipes::join);
        let pipes = outer.or_else(|| pipes::Pipes::make(cores).ok());
        pipes.map_or_else(|| Self::Counted(Counter::new(cores)), Self::Piped)
    }

    #[cfg(not(target_os = "linux"))]
    fn new(cores: NonZeroUsize, _environment: &Environment) -> Self {
        Self::Counted(Counter::new(cores))
    }

    /// The ends of the pipe that children have to be told of.
    fn ends(&self) -> Option<(i32, i32)> {
        match self {
            Self::Counted(_) => None,
            #[cfg(target_os = "linux")]
            Self::Piped(pipes) => pipes.ends(),
        }
    }
}

impl Drop for Token<'_> {
    fn drop(&mut self) {
        match self.0 {
            Tokens::Counted(counter) => counter.give_back(),
            #[cfg(target_os = "linux")]
            Tokens::Piped(pipes) => pipes.give_back(),
        }
    }
}

/// How the jobserver of whoever started this process can be reached: `3,4` or `fifo:PATH`.
#[cfg(target_os = "linux")]
fn announced(environment: &Environment) -> Option<&str> {
    let flags = VARIABLES.iter().find_map(|name| environment.var(name))?;
    ["--jobserver-auth=", "--jobserver-fds="].iter().find_map(|option| {
        let (_, rest) = flags.rsplit_once(option)?;
        rest.split(' ').next()
    })
}

#[cfg(test)]
mod tests;
