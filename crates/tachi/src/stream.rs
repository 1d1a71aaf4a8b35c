//! The event stream of one run: numbers events, gives them the time, and says how the run ended.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tachi_schema::event::{Envelope, Event, FORMAT};
use tachi_schema::plan::{Plan, StepId};

use crate::sys::clock::Stopwatch;

/// The exit code of a run that nobody ended: it panicked.
const BUG: u8 = 1;

/// A stream that has begun. It ends once, with [`EventStream::run`]'s result or when it is dropped.
///
/// Events can come from several threads. Each gets its number while the sink is called, so the
/// sink sees them in the order of their numbers, one at a time. The sink may not emit itself.
pub struct EventStream<'a> {
    sink: &'a (dyn Fn(Envelope) + Sync),
    clock: Stopwatch,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seq: u64,
    /// The time of the last event, in seconds.
    at: f64,
    /// The exit code of a run whose work is done, but whose result is a failure.
    failure: Option<u8>,
    is_over: bool,
}

impl<'a> EventStream<'a> {
    /// Does `work` between [`Event::Started`] and [`Event::Ended`]. `code` gives the exit code
    /// of an error.
    ///
    /// # Errors
    /// As `work`.
    pub fn run<T, E>(
        sink: &'a (dyn Fn(Envelope) + Sync),
        plan: Option<&Plan>,
        code: impl FnOnce(&E) -> u8,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let stream = Self::begin(sink, plan);
        let result = work(&stream);
        stream.end(result.as_ref().err().map_or(0, code));
        result
    }

    fn begin(sink: &'a (dyn Fn(Envelope) + Sync), plan: Option<&Plan>) -> Self {
        let stream = Self { sink, clock: Stopwatch::start(), state: Mutex::default() };
        let tachi = env!("CARGO_PKG_VERSION").to_owned();
        let boxed = plan.map(|plan| Box::new(plan.clone()));
        stream.emit(Event::Started { format: FORMAT, tachi, plan: boxed });
        for note in plan.iter().flat_map(|plan| &plan.notes) {
            stream.emit(Event::Note { message: note.clone() });
        }
        stream
    }

    /// Tells of something that is about no step.
    pub fn emit(&self, event: Event) {
        self.send(None, event);
    }

    /// What a step tells of itself, through the closure that this returns.
    pub fn of_step<'b>(&'b self, id: &'b StepId) -> impl Fn(Event) + Sync + 'b {
        move |event| self.send(Some(id), event)
    }

    /// Lets the run end with `code`, though its work meets no error: tests failed, files differ.
    /// The first such code counts, and an error's counts more.
    pub fn fail(&self, code: u8) {
        self.state().failure.get_or_insert(code);
    }

    fn send(&self, step: Option<&StepId>, event: Event) {
        let mut state = self.state();
        if state.is_over {
            return;
        }
        self.deliver(&mut state, step, event);
    }

    /// Called with the state locked, so that numbers and times reach the sink in order.
    fn deliver(&self, state: &mut State, step: Option<&StepId>, event: Event) {
        state.at = state.at.max(micros(self.clock.seconds()));
        let envelope = Envelope::new(state.seq, state.at, step.cloned(), event);
        // Counted first: a sink that panics has seen it.
        state.seq += 1;
        (self.sink)(envelope);
    }

    fn end(&self, code: u8) {
        let mut state = self.state();
        if std::mem::replace(&mut state.is_over, true) {
            return;
        }
        let code = if code == 0 { state.failure.unwrap_or(0) } else { code };
        let seconds = micros(self.clock.seconds());
        self.deliver(&mut state, None, Event::Ended { success: code == 0, code, seconds });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for EventStream<'_> {
    fn drop(&mut self) {
        self.end(BUG);
    }
}

/// Whole microseconds: more digits would say nothing.
fn micros(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use tachi_schema::plan::ActionKind;

    use super::*;

    /// Runs `work` and returns what the sink saw.
    fn seen(work: impl FnOnce(&EventStream<'_>) -> Result<(), u8>) -> Vec<Envelope> {
        let events = Mutex::new(Vec::new());
        let sink = |envelope| events.lock().unwrap().push(envelope);
        let _ = catch_unwind(AssertUnwindSafe(|| {
            EventStream::run(&sink, None, |code: &u8| *code, work)
        }));
        events.into_inner().unwrap()
    }

    #[track_caller]
    fn ends_with(events: &[Envelope], expected: u8) {
        let ends = events.iter().filter(|one| matches!(one.event, Event::Ended { .. })).count();
        let Some(Event::Ended { success, code, .. }) = events.last().map(|one| &one.event) else {
            panic!("the last event is another: {events:?}")
        };
        assert_eq!((ends, *success, *code), (1, expected == 0, expected));
    }

    fn id(name: &str) -> StepId {
        StepId::new(ActionKind::Place, name)
    }

    fn note() -> Event {
        Event::Note { message: String::new() }
    }

    #[test]
    fn numbers_have_no_gaps_and_reach_the_sink_in_order_from_any_thread() {
        let events = seen(|stream| {
            std::thread::scope(|scope| {
                for name in ["a", "b", "c", "d"] {
                    scope.spawn(move || {
                        let id = id(name);
                        let emit = stream.of_step(&id);
                        (0..250).for_each(|_| emit(note()));
                    });
                }
            });
            Ok(())
        });
        assert_eq!(events.len(), 1002);
        assert!(events.iter().zip(0..).all(|(one, seq)| one.seq == seq));
        assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert_eq!(events.iter().filter(|one| one.step == Some(id("c"))).count(), 250);
    }

    #[test]
    fn a_stream_ends_once_and_last_with_the_code_of_what_happened() {
        ends_with(&seen(|_| Ok(())), 0);
        ends_with(&seen(|_| Err(3)), 3);
        ends_with(&seen(|_| panic!("a bug")), 1);
        let failed = |stream: &EventStream<'_>, result| {
            stream.fail(101);
            stream.fail(4);
            result
        };
        ends_with(&seen(|stream| failed(stream, Ok(()))), 101);
        ends_with(&seen(|stream| failed(stream, Err(6))), 6);
    }

    #[test]
    fn a_sink_that_panics_still_sees_the_end() {
        let events = Mutex::new(Vec::new());
        let sink = |envelope: Envelope| {
            let is_note = matches!(envelope.event, Event::Note { .. });
            events.lock().unwrap_or_else(PoisonError::into_inner).push(envelope);
            assert!(!is_note, "the embedder's bug");
        };
        let run = || {
            EventStream::run(
                &sink,
                None,
                |code: &u8| *code,
                |stream| {
                    stream.emit(note());
                    Ok(())
                },
            )
        };
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        ends_with(&events.into_inner().unwrap_or_else(PoisonError::into_inner), 1);
    }
}
