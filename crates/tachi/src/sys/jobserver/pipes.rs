//! Tokens as bytes in two pipes: this process's own, and the one that it shares.

use std::num::NonZeroUsize;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use rustix::pipe::PipeFlags;

/// Both pipes.
#[derive(Debug)]
pub(super) struct Pipes {
    /// Holds the one token that needs no asking.
    own: Pipe,
    /// Holds all others.
    shared: Pipe,
    /// The ends of the shared pipe as children inherit them, if this process made it.
    inherited: Option<(OwnedFd, OwnedFd)>,
    /// The bytes that were taken from the shared pipe. They go back first, whichever token is
    /// given back: a cargo that started with a shared one, because another step had the own one,
    /// would else have a core less for all of its time.
    taken: Mutex<Vec<u8>>,
    /// The shared pipe could not be read, and is left alone from then on.
    is_broken: AtomicBool,
}

/// Both ends, neither of which blocks or is inherited.
#[derive(Debug)]
struct Pipe {
    read: OwnedFd,
    write: OwnedFd,
}

impl Pipes {
    /// Joins what another program announced; none if it is not there.
    pub(super) fn join(announced: &str) -> Option<Self> {
        let (read, write) = if let Some(path) = announced.strip_prefix("fifo:") {
            (path.to_owned(), path.to_owned())
        } else {
            // Make announces negative numbers to those who shall not take part.
            let (read, write) = announced.split_once(',')?;
            (path_of(read.parse().ok()?), path_of(write.parse().ok()?))
        };
        let shared = Pipe::open(&read, &write).ok()?;
        let own = Pipe::with_own_token().ok()?;
        Some(Self::new(own, shared, None))
    }

    /// Makes `cores` tokens, all but one of which are shared.
    pub(super) fn make(cores: NonZeroUsize) -> Result<Self, Errno> {
        let own = Pipe::with_own_token()?;
        // Children inherit both ends. Nobody waits for them to be closed, so it does no harm
        // that programs which know nothing of them inherit them, too.
        let (read, write) = rustix::pipe::pipe()?;
        // A pipe that is opened a second time is the same pipe, with flags of its own: what
        // children inherit blocks, as they expect, and what is read here does not.
        let number = |end: &OwnedFd| u32::try_from(end.as_raw_fd()).map_err(|_| Errno::BADF);
        let shared = Pipe::open(&path_of(number(&read)?), &path_of(number(&write)?))?;
        for _ in 1..cores.get() {
            rustix::io::write(&shared.write, b"+")?;
        }
        Ok(Self::new(own, shared, Some((read, write))))
    }

    fn new(own: Pipe, shared: Pipe, inherited: Option<(OwnedFd, OwnedFd)>) -> Self {
        let is_broken = AtomicBool::new(false);
        Self { own, shared, inherited, taken: Mutex::default(), is_broken }
    }

    /// The numbers under which children inherit the shared pipe; none if they know already.
    pub(super) fn ends(&self) -> Option<(i32, i32)> {
        self.inherited.as_ref().map(|(read, write)| (read.as_raw_fd(), write.as_raw_fd()))
    }

    /// Takes a token if there is one within `time`, and returns whether there was.
    pub(super) fn take(&self, time: Duration) -> bool {
        self.take_now() || {
            self.wait(time);
            self.take_now()
        }
    }

    fn take_now(&self) -> bool {
        let mut taken = self.taken();
        if let Ok(Some(_)) = self.own.take() {
            return true;
        }
        if self.is_broken.load(Ordering::Relaxed) {
            return false;
        }
        let Ok(byte) = self.shared.take() else {
            // The own token remains, so that the run ends nevertheless.
            self.is_broken.store(true, Ordering::Relaxed);
            return false;
        };
        taken.extend(byte);
        byte.is_some()
    }

    fn wait(&self, time: Duration) {
        let mut ends = vec![PollFd::new(&self.own.read, PollFlags::IN)];
        if !self.is_broken.load(Ordering::Relaxed) {
            ends.push(PollFd::new(&self.shared.read, PollFlags::IN));
        }
        let limit = Timespec::try_from(time).ok();
        // Whatever ends the wait early, the caller looks again.
        let _ = rustix::event::poll(&mut ends, limit.as_ref());
    }

    /// Gives a token back: a shared one as the byte that it was, as long as there is any.
    pub(super) fn give_back(&self) {
        let mut taken = self.taken();
        let (pipe, byte) = match taken.pop() {
            Some(byte) => (&self.shared, byte),
            None => (&self.own, b'+'),
        };
        // There is room: it came from there. And whom to tell if a pipe is gone?
        let _ = rustix::io::retry_on_intr(|| rustix::io::write(&pipe.write, &[byte]));
    }

    fn taken(&self) -> MutexGuard<'_, Vec<u8>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pipe {
    fn with_own_token() -> Result<Self, Errno> {
        let (read, write) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        rustix::io::write(&write, b"+")?;
        Ok(Self { read, write })
    }

    fn open(read: &str, write: &str) -> Result<Self, Errno> {
        let open = |path: &str, access: OFlags| {
            let flags = access | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let end = rustix::fs::open(path, flags, Mode::empty())?;
            let kind = FileType::from_raw_mode(rustix::fs::fstat(&end)?.st_mode);
            if kind == FileType::Fifo { Ok(end) } else { Err(Errno::INVAL) }
        };
        // In this order: the writing end of a named pipe opens only while somebody reads it.
        let read = open(read, OFlags::RDONLY)?;
        Ok(Self { read, write: open(write, OFlags::WRONLY)? })
    }

    /// None if it is empty.
    fn take(&self) -> Result<Option<u8>, Errno> {
        let mut byte = [0];
        match rustix::io::retry_on_intr(|| rustix::io::read(&self.read, &mut byte)) {
            Ok(1) => Ok(Some(byte[0])),
            Err(Errno::AGAIN) => Ok(None),
            // Nobody can write any more, though this process could: not a jobserver's pipe.
            Ok(_) => Err(Errno::PIPE),
            Err(error) => Err(error),
        }
    }
}

/// The pipe that this process has open under a number, as a file.
fn path_of(number: u32) -> String {
    format!("/proc/self/fd/{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_token_goes_back_first_so_that_cargo_can_have_it() {
        let pipes = Pipes::make(NonZeroUsize::new(2).unwrap()).unwrap();
        let take = || pipes.take(Duration::ZERO);
        let shared = || pipes.shared.take().unwrap();
        // A step has the own token when cargo's call starts, and ends while cargo runs.
        assert!(take() && take());
        pipes.give_back();
        let byte = shared().expect("cargo finds a second core");
        rustix::io::write(&pipes.shared.write, &[byte]).unwrap();
        pipes.give_back();
        assert!(pipes.own.take().unwrap().is_some() && shared().is_some());
    }
}
