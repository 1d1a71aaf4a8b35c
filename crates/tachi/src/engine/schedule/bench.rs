//! The work that `cargo xtask bench schedule` measures, in a process of its own; environment
//! variables give its size.

use super::super::claim::Limits;
use super::fake::{Fake, jobserver, many, number};
use super::run;
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;

/// Steps of one round, and rounds. Without the bench it is one round of the largest size.
fn size() -> (usize, usize) {
    let environment = Environment::of_this_process().unwrap();
    let read = |name| environment.var(name).and_then(|text| text.parse().ok());
    let steps = read("TACHI_BENCH_STEPS").unwrap_or(10_000);
    (steps, read("TACHI_BENCH_ROUNDS").unwrap_or(1))
}

#[test]
#[ignore = "a measurement for `cargo xtask bench schedule`"]
fn rounds_of_steps_that_do_nothing() {
    let (steps, rounds) = size();
    let graph = many(steps);
    for _ in 0..rounds {
        let (limits, tokens) = (Limits::of(number(4)), jobserver(4));
        let report =
            run(&graph, &limits, &tokens, &Fake::new(&|_, _| Ok(())), &Interrupt::default());
        assert!(report.unwrap().is_success());
    }
}
