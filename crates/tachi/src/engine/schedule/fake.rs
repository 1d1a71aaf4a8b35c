//! Steps that do what a test says, and graphs of them.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::Duration;

use super::super::claim::{Claim, Resource, Threads};
use super::{Failure, Node, Report, Work};
use crate::sys::SysError;
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::sys::jobserver::Jobserver;

pub(super) type Deed<'a> = dyn Fn(usize, &Interrupt) -> Result<(), SysError> + Sync + 'a;
pub(super) type Ended = Report<(), SysError>;

/// Steps that do what a test says, and a listener that writes down what it hears.
pub(super) struct Fake<'a> {
    pub(super) deed: &'a Deed<'a>,
    pub(super) heard: Mutex<Vec<Heard>>,
    pub(super) listener: fn(Heard),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    Started(usize),
    Done(usize),
    Failed(usize),
}

impl<'a> Fake<'a> {
    pub(super) fn new(deed: &'a Deed<'a>) -> Self {
        Self { deed, heard: Mutex::default(), listener: |_| {} }
    }

    fn hear(&self, heard: Heard) {
        self.heard.lock().unwrap().push(heard);
        (self.listener)(heard);
    }
}

impl Work for Fake<'_> {
    type Done = ();
    type Error = SysError;

    fn run(&self, which: usize, stop: &Interrupt) -> Result<(), SysError> {
        (self.deed)(which, stop)
    }

    fn is_stop(&self, error: &SysError) -> bool {
        matches!(error, SysError::Stopped | SysError::Interrupted)
    }

    fn started(&self, step: usize) {
        self.hear(Heard::Started(step));
    }

    fn ended(&self, step: usize, end: Result<&(), &Failure<SysError>>, _time: Duration) {
        self.hear(if end.is_ok() { Heard::Done(step) } else { Heard::Failed(step) });
    }
}

pub(super) fn number(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

pub(super) fn jobserver(cores: usize) -> Jobserver {
    Jobserver::new(number(cores), &Environment::new([], "/"))
}

/// Numbers without a pattern, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A graph whose steps need up to three earlier ones, with claims of all kinds.
pub(super) fn many(count: usize) -> Vec<Node> {
    const CLAIMS: [Claim; 6] = [
        Claim { cargo: false, threads: Threads::None, network: false, exclusive: None },
        Claim::CARGO,
        Claim::CORE,
        Claim { threads: Threads::All, ..Claim::CORE },
        Claim { threads: Threads::None, network: true, ..Claim::CORE },
        Claim { exclusive: Some(Resource("wine")), ..Claim::CORE },
    ];
    let mut numbers = Numbers(1);
    let node = |step: usize| {
        let needs = (0..numbers.below(4).min(step)).map(|_| numbers.below(step)).collect();
        Node { needs, claim: CLAIMS[numbers.below(CLAIMS.len())] }
    };
    (0..count).map(node).collect()
}
