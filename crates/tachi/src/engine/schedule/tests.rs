//! What the schedule promises, shown with steps that do nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use super::super::claim::{Claim, Limits, Resource, Threads};
use super::fake::{Deed, Ended, Fake, Heard, jobserver, many, number};
use super::*;
use crate::sys::{Command, SysError};

fn nodes(needs: &[&[usize]], claim: Claim) -> Vec<Node> {
    needs.iter().map(|needs| Node { needs: needs.to_vec(), claim }).collect()
}

/// Runs `deed` for each of the nodes on a machine with so many cores.
fn run_on(cores: usize, nodes: &[Node], deed: &Deed<'_>) -> Ended {
    let limits = Limits::of(number(cores));
    run(nodes, &limits, &jobserver(cores), &Fake::new(deed), &Interrupt::default()).unwrap()
}

fn broken() -> Result<(), SysError> {
    Err(SysError::CurrentDir(std::io::Error::other("broken")))
}

fn steps_of<'a>(failures: impl IntoIterator<Item = &'a Failure<SysError>>) -> BTreeSet<usize> {
    failures.into_iter().map(|failure| failure.step).collect()
}

#[test]
fn steps_start_when_all_that_they_need_is_done() {
    let table: [&[&[usize]]; 6] = [
        &[],
        &[&[]],
        &[&[1], &[2], &[]],
        &[&[], &[0], &[0], &[1, 2]],
        &[&[], &[0, 0], &[], &[], &[1, 2, 3]],
        &[&[3], &[3], &[3], &[], &[0, 1, 2], &[4], &[4]],
    ];
    let random = many(500);
    for graph in table.iter().map(|needs| nodes(needs, Claim::CORE)).chain([random]) {
        for cores in [1, 4] {
            let fake = Fake::new(&|_, _| Ok(()));
            let limits = Limits::of(number(cores));
            let interrupt = Interrupt::default();
            let report = run(&graph, &limits, &jobserver(cores), &fake, &interrupt).unwrap();
            assert!(report.is_success() && report.done.len() == graph.len());
            let heard = fake.heard.into_inner().unwrap();
            let at = |what| heard.iter().position(|heard| *heard == what).unwrap();
            for (step, node) in graph.iter().enumerate() {
                let start = at(Heard::Started(step));
                assert!(start < at(Heard::Done(step)));
                assert!(node.needs.iter().all(|need| at(Heard::Done(*need)) < start), "{graph:?}");
            }
        }
    }
}

#[test]
fn the_longest_way_goes_first_and_then_the_plans_order() {
    let graph = nodes(&[&[], &[], &[1], &[2], &[0]], Claim::CORE);
    let limits = Limits { steps: number(1), ..Limits::of(number(1)) };
    let fake = Fake::new(&|_, _| Ok(()));
    let report = run(&graph, &limits, &jobserver(1), &fake, &Interrupt::default()).unwrap();
    let order: Vec<usize> = report.done.iter().map(|(step, ())| *step).collect();
    assert_eq!(order, [1, 0, 2, 3, 4]);
}

#[test]
fn claims_are_never_exceeded() {
    /// How many of one kind run, and at most how many may.
    struct Checker(AtomicUsize, usize);
    impl Checker {
        fn enter(&self, does_claim: bool) {
            let now = self.0.fetch_add(usize::from(does_claim), Ordering::SeqCst);
            assert!(!does_claim || now < self.1, "{now} of {} ran already", self.1);
        }
        fn leave(&self, does_claim: bool) {
            self.0.fetch_sub(usize::from(does_claim), Ordering::SeqCst);
        }
    }
    let graph = many(2000);
    let cores = 3;
    let limit = Limits::of(number(cores));
    let most = [1, 1, limit.network.get(), 1, cores, limit.steps.get()];
    let checkers = most.map(|most| Checker(AtomicUsize::new(0), most));
    let deed = |step: usize, _: &Interrupt| {
        let Claim { cargo, threads, network, exclusive } = graph[step].claim;
        let has_core = cargo || threads != Threads::None;
        let is_all = threads == Threads::All;
        let claims = [cargo, is_all, network, exclusive.is_some(), has_core, true];
        checkers.iter().zip(claims).for_each(|(checker, claim)| checker.enter(claim));
        // Other steps get a chance to break the rule.
        (0..10).for_each(|_| std::thread::yield_now());
        checkers.iter().zip(claims).for_each(|(checker, claim)| checker.leave(claim));
        Ok(())
    };
    let report = run_on(cores, &graph, &deed);
    assert!(report.is_success(), "{:?}", report.failures);
}

#[test]
fn steps_that_may_run_at_once_do_so() {
    let network = Claim { network: true, ..Claim::default() };
    let wine = Claim { exclusive: Some(Resource("wine")), ..Claim::CORE };
    let timestamps = Claim { exclusive: Some(Resource("timestamps")), ..Claim::CORE };
    let all = Claim { threads: Threads::All, ..Claim::CORE };
    for claims in [
        vec![Claim::CORE; 4],
        vec![network; 4],
        vec![Claim::default(); 4],
        vec![Claim::CARGO, Claim::CORE, all, wine],
        vec![wine, timestamps, network, network, network, network, Claim::CARGO, all],
    ] {
        let graph: Vec<Node> =
            claims.iter().map(|&claim| Node { claim, ..Node::default() }).collect();
        // Only ends if all of them run at the same time.
        let barrier = Barrier::new(graph.len());
        let report = run_on(4, &graph, &|_, _| {
            barrier.wait();
            Ok(())
        });
        assert!(report.is_success());
    }
}

#[test]
fn threads_that_had_nothing_to_do_take_part_again() {
    // Three steps, then one while two threads wait, then three again.
    let graph = nodes(&[&[], &[], &[], &[0, 1, 2], &[3], &[3], &[3]], Claim::CORE);
    let barrier = Barrier::new(3);
    let report = run_on(3, &graph, &|step, _| {
        if step != 3 {
            barrier.wait();
        }
        Ok(())
    });
    assert!(report.is_success());
}

#[test]
fn a_failure_stops_what_runs_within_200_ms_and_nothing_starts_any_more() {
    let sleep = Command::new("sleep").args(["600"]);
    let attempt = || {
        let graph = nodes(&[&[], &[], &[], &[0]], Claim::default());
        let both_run = Barrier::new(3);
        let clock = Mutex::new(Stopwatch::start());
        let report = run_on(2, &graph, &|step, stop| {
            both_run.wait();
            match step {
                0 => {
                    *clock.lock().unwrap() = Stopwatch::start();
                    broken()
                }
                // A real program, and a wait in this process.
                1 => crate::sys::run::capture(&sleep, stop).map(drop),
                _ => stop.pause(Duration::from_mins(10)),
            }
        });
        let time = clock.into_inner().unwrap().elapsed();
        assert_eq!(steps_of(report.causes()), [0].into());
        assert_eq!(steps_of(&report.failures), [0, 1, 2].into());
        assert_eq!(report.unstarted, [3]);
        assert!(!report.is_interrupted && report.done.is_empty());
        time
    };
    // A machine with other things to do may be late once.
    let best = (0..5).map(|_| attempt()).min().unwrap();
    assert!(best < Duration::from_millis(200), "{best:?}");
}

#[test]
fn an_interrupt_from_outside_is_no_steps_failure() {
    let graph = nodes(&[&[], &[], &[0]], Claim::CORE);
    let interrupt = Interrupt::default();
    let both_run = Barrier::new(2);
    let deed = |step: usize, stop: &Interrupt| {
        both_run.wait();
        if step == 0 {
            interrupt.raise();
        }
        stop.pause(Duration::from_mins(10))
    };
    let fake = Fake::new(&deed);
    let report = run(&graph, &Limits::of(number(2)), &jobserver(2), &fake, &interrupt).unwrap();
    assert!(report.is_interrupted && !report.is_success());
    assert_eq!(report.causes().count(), 0);
    assert_eq!(steps_of(&report.failures), [0, 1].into());
    assert_eq!(report.unstarted, [2]);
    // And one that came before the run.
    let report = run(&graph, &Limits::of(number(2)), &jobserver(2), &fake, &interrupt).unwrap();
    assert_eq!(report.unstarted, [0, 1, 2]);
}

#[test]
fn an_interrupt_that_nobody_raised_is_a_failure() {
    let graph = nodes(&[&[]], Claim::CORE);
    let report = run_on(1, &graph, &|_, _| Err(SysError::Interrupted));
    assert_eq!(report.causes().count(), 1);
}

#[test]
fn all_failures_at_the_same_time_are_kept() {
    let graph = nodes(&[&[], &[], &[], &[0, 1]], Claim::CORE);
    let all_run = Barrier::new(3);
    let report = run_on(3, &graph, &|step, stop| {
        all_run.wait();
        if step == 2 {
            stop.pause(Duration::from_mins(10))?;
        }
        broken()
    });
    assert_eq!(steps_of(report.causes()), [0, 1].into());
    assert_eq!(report.failures.len(), 3);
    // A step that fails by itself after the stop is a cause, too: here step 0 waits for it.
    let graph = nodes(&[&[], &[]], Claim::CORE);
    let both_run = Barrier::new(2);
    let report = run_on(2, &graph, &|step, stop| {
        both_run.wait();
        if step == 0 {
            while !stop.is_raised() {
                std::thread::yield_now();
            }
        }
        broken()
    });
    let order: Vec<usize> = report.causes().map(|failure| failure.step).collect();
    assert_eq!(order, [1, 0]);
}

#[test]
fn a_panic_ends_its_step_and_stops_the_run() {
    let graph = nodes(&[&[], &[], &[0]], Claim::CARGO);
    let graph: Vec<Node> = graph
        .into_iter()
        .enumerate()
        .map(|(step, node)| if step == 1 { Node { claim: Claim::CORE, ..node } } else { node })
        .collect();
    let both_run = Barrier::new(2);
    let report = run_on(2, &graph, &|step, stop| {
        both_run.wait();
        if step == 0 {
            let what = "beam";
            panic!("a {what} is missing");
        }
        stop.pause(Duration::from_mins(10))
    });
    let [cause] = report.causes().collect::<Vec<_>>()[..] else { panic!("{report:?}") };
    assert_eq!(cause.step, 0);
    assert!(matches!(&cause.cause, Cause::Panic(message) if message == "a beam is missing"));
    assert_eq!(steps_of(&report.failures), [0, 1].into());
    assert_eq!(report.unstarted, [2]);
}

#[test]
fn a_panic_of_the_listener_ends_the_run_rather_than_hanging_it() {
    type Table = [(fn(Heard), usize, &'static [usize]); 3];
    let table: Table = [
        // Step 1 is heard of, but does nothing.
        (|heard| assert_ne!(heard, Heard::Started(1)), 1, &[2, 3]),
        (|heard| assert_ne!(heard, Heard::Done(1)), 2, &[2, 3]),
        (|_| panic!("never works"), 0, &[1, 2, 3]),
    ];
    for (listener, done, unstarted) in table {
        let graph = nodes(&[&[], &[0], &[1], &[2]], Claim::CORE);
        let ran = AtomicUsize::new(0);
        let deed = |_: usize, _: &Interrupt| {
            ran.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        let fake = Fake { listener, ..Fake::new(&deed) };
        let limits = Limits::of(number(2));
        let report = run(&graph, &limits, &jobserver(2), &fake, &Interrupt::default()).unwrap();
        assert_eq!(report.unstarted, unstarted);
        assert_eq!((report.done.len(), ran.into_inner()), (done, done));
        assert!(report.causes().all(|failure| matches!(failure.cause, Cause::ListenerPanic(_))));
        assert!(report.causes().count() > 0);
    }
}

#[test]
fn ten_thousand_steps_take_less_than_a_second() {
    let graph = many(10_000);
    let attempt = || {
        let clock = Stopwatch::start();
        assert_eq!(run_on(4, &graph, &|_, _| Ok(())).done.len(), graph.len());
        clock.seconds()
    };
    let best = (0..3).map(|_| attempt()).fold(f64::MAX, f64::min);
    assert!(best < 1.0, "{best} s");
}

#[test]
fn a_circle_is_refused_before_anything_starts() {
    let graph = nodes(&[&[], &[2], &[1]], Claim::CORE);
    let has_run = AtomicBool::new(false);
    let deed = |_: usize, _: &Interrupt| {
        has_run.store(true, Ordering::SeqCst);
        Ok(())
    };
    let fake = Fake::new(&deed);
    let limits = Limits::of(number(1));
    let result = run(&graph, &limits, &jobserver(1), &fake, &Interrupt::default());
    assert_eq!(result.unwrap_err(), GraphError::Circle { steps: vec![1, 2] });
    assert!(!has_run.into_inner());
}

#[test]
fn a_step_that_waits_for_a_core_has_not_started_when_the_run_stops() {
    let jobserver = jobserver(1);
    let held = jobserver.acquire(&Interrupt::default());
    let mut graph = nodes(&[&[], &[], &[]], Claim::CORE);
    graph[0].claim = Claim::default();
    graph[1].claim = Claim::CARGO;
    let fake = Fake::new(&|_, _| broken());
    let limits = Limits::of(number(1));
    let report = run(&graph, &limits, &jobserver, &fake, &Interrupt::default()).unwrap();
    assert_eq!(steps_of(&report.failures), [0].into());
    assert_eq!(report.unstarted, [1, 2]);
    drop(held);
}

#[test]
fn a_thread_that_ends_by_a_bug_takes_the_run_with_it() {
    struct Buggy;
    impl Work for Buggy {
        type Done = ();
        type Error = ();
        fn run(&self, _: usize, _: &Interrupt) -> Result<(), ()> {
            Err(())
        }
        fn is_stop(&self, (): &()) -> bool {
            panic!("outside of what is guarded")
        }
    }
    let graph = nodes(&[&[], &[0], &[0]], Claim::CORE);
    let limits = Limits::of(number(2));
    let end = catch_unwind(|| {
        run(&graph, &limits, &jobserver(2), &Buggy, &Interrupt::default()).map(drop)
    });
    assert!(end.is_err());
}
