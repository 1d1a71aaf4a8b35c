//! The schedule: runs steps side by side, each as soon as all that it needs is done and what
//! it claims is free. It knows steps by number only; what they do is [`Work`].
//!
//! # Why claims
//!
//! What a step needs for itself differs more than "compiles" and "handles files". Two cargos
//! in one build folder wait for each other; a compression keeps one core busy; an upload
//! keeps none; programs under wine share a prefix, one at a time. With fixed lanes, six
//! targets and ten package formats wait in a row in the lane for files, while cores are idle.
//! So each step says what it claims ([`Claim`](super::claim::Claim)), and it starts when that
//! is free.
//!
//! Cores are tokens of a [`Jobserver`] that is shared with cargo. Cargo takes as many as it
//! has work for; near the end of a compilation, when one crate is left, the other cores are
//! free for the files of targets that are compiled already. Nothing here has to guess how
//! many cores cargo will use.
//!
//! # Order
//!
//! Of the steps that could start, the one with the longest chain of steps after it goes first:
//! that chain decides when the run ends. Of two equally long chains, the plan's first one goes
//! first. So the first compilation of a plan starts first, and files are placed and checked
//! before packages are made: a finding comes as early as it can.
//!
//! A step that needs a core claims the rest first, and then waits for its token. One step
//! waits at a time, beside cargo: the jobserver gives a token to any waiter, so a second waiter
//! could get one before a step of higher rank. Cargo waits beside it, since a step that waits
//! for a core of other programs would otherwise hold cargo up.
//!
//! # Nothing waits for ever
//!
//! - A circle of needs, and a need that is not there, are refused before anything starts.
//! - Each claim fits when nothing runs: [`Limits`] cannot say zero. A step takes all that it
//!   claims at once, but for its token, and no step that holds a token waits for anything
//!   here. So some running step always ends.
//! - One token always comes back to this process, even if the jobserver of an outer make
//!   gives none.
//! - A panic ends its step, not the thread ([`Work::run`]), and a panic in whoever listens
//!   ([`Work::started`], [`Work::ended`]) is a failure of the step that it heard of. A panic
//!   of the schedule itself, which would be a bug here, ends the run with that panic.
//!
//! # The end of a run
//!
//! The first failure stops the run's own [`Interrupt`], a child of the caller's. Steps that
//! run see it and end; steps that have not started never start. The flag is raised before
//! [`Work::ended`] is called, so a slow listener delays nothing. Steps that the stop cut short
//! do not count as failed: they are in [`Report::unstarted`], or their failure
//! [is a consequence](Failure::is_consequence). All other failures are kept, in order of time:
//! two targets that fail at the same time are both worth a look.
//!
//! # Cost
//!
//! A thread that has done a step takes the next one itself; only where a second one could
//! start does it wake another thread, or make one if all are busy. Each thread that is woken
//! does the same, so as many are awake as there is work for. Finishing a step looks at the
//! steps that need it and at the first ready step of each distinct claim, never at all steps:
//! the cost of a run grows with the number of arrows. `cargo xtask bench schedule` measures it.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod fake;
mod graph;
mod queue;
mod report;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Scope;
use std::time::Duration;

use self::graph::Graph;
pub use self::graph::{GraphError, Node};
use self::queue::Queue;
pub use self::report::{Cause, Failure, Report};
use super::claim::Limits;
use crate::sys::clock::Stopwatch;
use crate::sys::interrupt::Interrupt;
use crate::sys::jobserver::{Jobserver, Token};

/// What the steps do, and who listens. All methods are called from several threads at once.
pub trait Work: Sync {
    /// The result of a step that succeeded.
    type Done: Send;
    /// Why a step failed.
    type Error: Send;

    /// Does the work of one step. `stop` is raised once the step need not finish.
    ///
    /// # Errors
    /// The step failed. That stops the run.
    fn run(&self, step: usize, stop: &Interrupt) -> Result<Self::Done, Self::Error>;

    /// Whether the error only says that `stop` was raised.
    fn is_stop(&self, error: &Self::Error) -> bool;

    /// A step has all that it claims, its core included, and starts.
    fn started(&self, _step: usize) {}

    /// A step has ended after `time`. Steps that need it start after this call.
    fn ended(
        &self,
        _step: usize,
        _end: Result<&Self::Done, &Failure<Self::Error>>,
        _time: Duration,
    ) {
    }
}

/// Runs all steps, on this thread and on others, and returns once none runs any more.
///
/// # Errors
/// The steps could not all be started, and none was. Errors of steps are in the report.
pub fn run<W: Work>(
    nodes: &[Node],
    limits: &Limits,
    jobserver: &Jobserver,
    work: &W,
    interrupt: &Interrupt,
) -> Result<Report<W::Done, W::Error>, GraphError> {
    let queue = Queue::new(nodes, Graph::new(nodes)?, limits);
    let state = State {
        queue,
        is_started: vec![false; nodes.len()],
        left: nodes.len(),
        threads: 1,
        idle: 0,
        done: Vec::new(),
        failures: Vec::new(),
    };
    let run = Run {
        work,
        jobserver,
        most_threads: limits.steps.get(),
        stop: interrupt.child(),
        state: Mutex::new(state),
        changed: Condvar::new(),
    };
    std::thread::scope(|scope| run.take_part(scope));
    let state = run.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let unstarted = (0..nodes.len()).filter(|&step| !state.is_started[step]).collect();
    Ok(Report {
        done: state.done,
        failures: state.failures,
        unstarted,
        is_interrupted: interrupt.is_raised(),
    })
}

struct Run<'a, W: Work> {
    work: &'a W,
    jobserver: &'a Jobserver,
    most_threads: usize,
    /// Raised with the caller's, and by the first failure.
    stop: Interrupt,
    state: Mutex<State<W>>,
    changed: Condvar,
}

struct State<W: Work> {
    queue: Queue,
    is_started: Vec<bool>,
    /// Steps that have not ended.
    left: usize,
    threads: usize,
    /// Threads that wait to be woken.
    idle: usize,
    done: Vec<(usize, W::Done)>,
    failures: Vec<Failure<W::Error>>,
}

impl<W: Work> Run<'_, W> {
    /// What each thread does: takes steps until there are no more.
    fn take_part<'scope, 'env>(&'env self, scope: &'scope Scope<'scope, 'env>) {
        let _over = EndsForAll(self);
        let mut state = self.lock();
        while state.left > 0 && !self.stop.is_raised() {
            let Some(step) = state.queue.take() else {
                state.idle += 1;
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
                continue;
            };
            let claim = state.queue.claim_of(step);
            self.wake_another(&mut state, scope);
            drop(state);
            let token = claim.takes_token().then(|| self.jobserver.acquire(&self.stop));
            state = self.lock();
            state.queue.has_token(claim);
            if !matches!(token, Some(None)) {
                state.is_started[step] = true;
                self.wake_another(&mut state, scope);
                drop(state);
                let end = self.perform(step, token.flatten());
                state = self.lock();
                state.put(step, end);
            }
            state.queue.release(step);
        }
    }

    /// Wakes or makes a thread if there is a step for it.
    fn wake_another<'scope, 'env>(
        &'env self,
        state: &mut State<W>,
        scope: &'scope Scope<'scope, 'env>,
    ) {
        if !state.queue.has_next() {
            return;
        }
        if state.idle > 0 {
            self.changed.notify_one();
        } else if state.threads < self.most_threads {
            let thread = std::thread::Builder::new().name("step".to_owned());
            // If the system gives no more threads, the existing ones do the work.
            let made = thread.spawn_scoped(scope, move || self.take_part(scope));
            state.threads += usize::from(made.is_ok());
        }
    }

    fn perform(&self, step: usize, token: Option<Token<'_>>) -> End<W> {
        let clock = Stopwatch::start();
        let result = match caught(|| self.work.started(step)) {
            Err(message) => Err(Cause::ListenerPanic(message)),
            Ok(()) => match caught(|| self.work.run(step, &self.stop)) {
                Err(message) => Err(Cause::Panic(message)),
                Ok(result) => result.map_err(Cause::Error),
            },
        };
        drop(token);
        let result = result.map_err(|cause| self.failure(step, cause));
        let time = clock.elapsed();
        let heard = caught(|| self.work.ended(step, result.as_ref(), time));
        let unheard = heard.err().map(|message| self.failure(step, Cause::ListenerPanic(message)));
        End { result, unheard }
    }

    /// Stops the run.
    fn failure(&self, step: usize, cause: Cause<W::Error>) -> Failure<W::Error> {
        let was_stopped = self.stop.is_raised();
        self.stop.stop();
        let is_stop = matches!(&cause, Cause::Error(error) if self.work.is_stop(error));
        Failure { step, cause, is_consequence: was_stopped && is_stop }
    }

    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a step ended.
struct End<W: Work> {
    result: Result<W::Done, Failure<W::Error>>,
    /// Whoever listens panicked at this.
    unheard: Option<Failure<W::Error>>,
}

impl<W: Work> State<W> {
    fn put(&mut self, step: usize, end: End<W>) {
        match end.result {
            Ok(done) => {
                self.done.push((step, done));
                self.left -= 1;
                self.queue.complete(step);
            }
            Err(failure) => self.failures.push(failure),
        }
        self.failures.extend(end.unheard);
    }
}

/// A thread ends when there are no more steps, or when the run is stopped. If it panics, the
/// other threads do not wait for what it had claimed.
struct EndsForAll<'a, W: Work>(&'a Run<'a, W>);

impl<W: Work> Drop for EndsForAll<'_, W> {
    fn drop(&mut self) {
        self.0.stop.stop();
        // Under the lock, so that a thread which is about to wait hears of it.
        let _state = self.0.lock();
        self.0.changed.notify_all();
    }
}

/// Runs what may panic, and returns the message if it does.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // `work` can leave only its own state half done: the schedule's is not locked meanwhile.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned())
    })
}
