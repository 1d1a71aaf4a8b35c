//! The way to stop what is going on: the user's Ctrl-C for all of it, a failure for one run.
//! The terminal crate raises the flag from its signal handler; everything that waits looks at
//! it or is woken by it.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::error::SysError;

/// How urgently to stop. Each state includes those before it, and none is ever taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Urgency {
    /// Work may go on.
    None = 0,
    /// Work is pointless: something else in the same run has failed.
    Stopped = 1,
    /// The user asked to stop; programs may clean up.
    Interrupted = 2,
    /// The user asked a second time; programs are killed.
    Killed = 3,
}

impl Urgency {
    const ALL: [Self; 4] = [Self::None, Self::Stopped, Self::Interrupted, Self::Killed];
}

/// A shared flag: clones are the same flag, and a [`child`](Self::child) is raised with its
/// parent, but can also be stopped alone.
///
/// ```
/// use tachi::Interrupt;
/// let session = Interrupt::default();
/// let run = session.child();
/// run.stop();
/// assert!(run.is_raised() && !session.is_raised());
/// session.raise();
/// assert!(run.check().unwrap_err().is_interrupt());
/// ```
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Shared>);

#[derive(Default)]
struct Shared {
    urgency: AtomicU8,
    is_left_to_system: bool,
    listeners: Mutex<Listeners>,
    changed: Condvar,
}

#[derive(Default)]
struct Listeners {
    children: Vec<Weak<Shared>>,
    callbacks: Vec<(u64, Callback)>,
    next: u64,
}

type Callback = Arc<dyn Fn(Urgency) + Send + Sync>;

impl Interrupt {
    /// The flag of a process that handles no signals itself, as a linker driver: nobody raises
    /// it, and programs that run under it stay in the process's own group, so that what ends
    /// the process ends them, too.
    #[must_use]
    pub fn left_to_system() -> Self {
        Self(Arc::new(Shared { is_left_to_system: true, ..Shared::default() }))
    }

    pub(super) fn is_left_to_system(&self) -> bool {
        self.0.is_left_to_system
    }

    /// A flag that is raised whenever this one is.
    #[must_use]
    pub fn child(&self) -> Self {
        let is_left_to_system = self.0.is_left_to_system;
        let child = Self(Arc::new(Shared { is_left_to_system, ..Shared::default() }));
        let mut listeners = self.0.lock();
        listeners.children.retain(|child| child.strong_count() > 0);
        listeners.children.push(Arc::downgrade(&child.0));
        // Under the lock, so that a raise is seen either here or by the child in the list.
        child.0.urgency.store(self.urgency() as u8, Ordering::SeqCst);
        drop(listeners);
        child
    }

    /// The user asks to stop.
    pub fn raise(&self) {
        self.0.raise(Urgency::Interrupted);
    }

    /// The user asks again: programs are killed, without time to clean up.
    pub fn kill(&self) {
        self.0.raise(Urgency::Killed);
    }

    /// Ends everything that holds this flag or a child of it, because it has become pointless:
    /// what [`check`](Self::check) says is then no interrupt.
    pub fn stop(&self) {
        self.0.raise(Urgency::Stopped);
    }

    /// How urgently to stop.
    pub fn urgency(&self) -> Urgency {
        Urgency::ALL[usize::from(self.0.urgency.load(Ordering::SeqCst))]
    }

    /// Whether to stop, for whatever reason.
    pub fn is_raised(&self) -> bool {
        self.urgency() > Urgency::None
    }

    /// # Errors
    /// `SysError::Interrupted` once the user asked to stop, `SysError::Stopped` if the
    /// flag was only [stopped](Self::stop).
    pub fn check(&self) -> Result<(), SysError> {
        match self.urgency() {
            Urgency::None => Ok(()),
            Urgency::Stopped => Err(SysError::Stopped),
            Urgency::Interrupted | Urgency::Killed => Err(SysError::Interrupted),
        }
    }

    /// Sleeps for `time`, or until the flag is raised.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn pause(&self, time: Duration) -> Result<(), SysError> {
        let is_quiet = |_: &mut Listeners| !self.is_raised();
        let woken = self.0.changed.wait_timeout_while(self.0.lock(), time, is_quiet);
        drop(woken);
        self.check()
    }

    /// Calls `callback` each time the flag becomes more urgent, on the thread that raises it,
    /// until the subscription is dropped. A call that has begun by then may still end after
    /// that. If the flag is raised already, `callback` is called at once.
    pub fn on_raise(&self, callback: impl Fn(Urgency) + Send + Sync + 'static) -> Subscription {
        let callback: Callback = Arc::new(callback);
        let mut listeners = self.0.lock();
        let id = listeners.next;
        listeners.next += 1;
        listeners.callbacks.push((id, Arc::clone(&callback)));
        let urgency = self.urgency();
        drop(listeners);
        if urgency > Urgency::None {
            callback(urgency);
        }
        Subscription { id, shared: Arc::clone(&self.0) }
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Interrupt").field(&self.urgency()).finish()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raise(&self, urgency: Urgency) {
        let listeners = self.lock();
        if self.urgency.fetch_max(urgency as u8, Ordering::SeqCst) >= urgency as u8 {
            return;
        }
        self.changed.notify_all();
        let children: Vec<Arc<Self>> =
            listeners.children.iter().filter_map(Weak::upgrade).collect();
        let callbacks: Vec<Callback> =
            listeners.callbacks.iter().map(|(_, callback)| Arc::clone(callback)).collect();
        // Callbacks may take locks under which others ask this flag.
        drop(listeners);
        for callback in callbacks {
            callback(urgency);
        }
        for child in children {
            child.raise(urgency);
        }
    }
}

/// Keeps a callback of [`Interrupt::on_raise`] until it is dropped.
#[must_use = "the callback is forgotten when this is dropped"]
pub struct Subscription {
    id: u64,
    shared: Arc<Shared>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.shared.lock().callbacks.retain(|(id, _)| *id != self.id);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_child_is_raised_with_its_parent_and_can_be_stopped_alone() {
        let session = Interrupt::default();
        let (run, other) = (session.child(), session.child());
        let step = run.child();
        run.stop();
        assert!(matches!(step.check(), Err(SysError::Stopped)));
        assert!(session.check().is_ok() && other.check().is_ok());
        session.raise();
        for flag in [&session, &run, &other, &step, &step.child()] {
            assert!(matches!(flag.check(), Err(SysError::Interrupted)), "{flag:?}");
        }
        session.kill();
        session.raise();
        assert_eq!(step.urgency(), Urgency::Killed);
    }

    #[test]
    fn whoever_waits_is_woken_by_the_parent() {
        let session = Interrupt::default();
        let run = session.child();
        let (sender, begun) = mpsc::channel();
        let waiter = std::thread::spawn({
            let run = run.clone();
            move || {
                sender.send(()).unwrap();
                run.pause(Duration::from_mins(10))
            }
        });
        begun.recv().unwrap();
        session.raise();
        assert!(matches!(waiter.join().unwrap(), Err(SysError::Interrupted)));
        assert!(Interrupt::default().pause(Duration::from_millis(1)).is_ok());
    }

    #[test]
    fn a_callback_hears_of_each_urgency_once_and_of_what_has_happened_already() {
        let session = Interrupt::default();
        let run = session.child();
        let (sender, heard) = mpsc::channel();
        let tell = sender.clone();
        let subscription = run.on_raise(move |urgency| tell.send(urgency).unwrap());
        run.stop();
        run.stop();
        session.raise();
        drop(subscription);
        session.kill();
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [Urgency::Stopped, Urgency::Interrupted]);
        let late = run.on_raise(move |urgency| sender.send(urgency).unwrap());
        assert_eq!(heard.recv(), Ok(Urgency::Killed));
        drop(late);
    }

    #[test]
    fn a_callback_may_take_a_lock_under_which_the_flag_is_asked() {
        let run = Interrupt::default();
        let state = Arc::new(Mutex::new(run.child()));
        let _subscription = run.on_raise({
            let state = Arc::clone(&state);
            move |_| assert!(state.lock().unwrap().child().check().is_ok())
        });
        // Children are raised after the callbacks: a child may be asked for while they run.
        run.stop();
        assert!(state.lock().unwrap().is_raised());
    }
}
