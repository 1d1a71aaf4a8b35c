//! How a run of steps ended, with all that went wrong.

/// What became of each step.
#[derive(Debug)]
pub struct Report<D, E> {
    /// Steps that did their work, with what they made, in order of time.
    pub done: Vec<(usize, D)>,
    /// All that went wrong, in order of time.
    pub failures: Vec<Failure<E>>,
    /// Steps that were never started, in the plan's order.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests check the order of a run by it"))]
    pub unstarted: Vec<usize>,
    /// The caller of the run asked to stop it.
    pub is_interrupted: bool,
}

/// One thing that went wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure<E> {
    /// The number of the step.
    pub step: usize,
    /// What happened to it.
    pub cause: Cause<E>,
    /// The step ended only because the run was stopped, by another failure or by the caller.
    pub is_consequence: bool,
}

/// What happened to a step.
#[derive(Debug, PartialEq, Eq)]
pub enum Cause<E> {
    /// Its own error.
    Error(E),
    /// It panicked, with this message: a bug.
    Panic(String),
    /// The run's listener panicked, with this message.
    ListenerPanic(String),
}

#[cfg(test)]
impl<D, E> Report<D, E> {
    /// Whether every step did its work, and nothing went wrong.
    pub fn is_success(&self) -> bool {
        self.failures.is_empty() && self.unstarted.is_empty()
    }

    /// The failures that stopped the run, in order of time.
    pub fn causes(&self) -> impl Iterator<Item = &Failure<E>> {
        self.failures.iter().filter(|failure| !failure.is_consequence)
    }
}
