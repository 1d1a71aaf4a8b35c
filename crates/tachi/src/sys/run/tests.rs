//! Real programs, and what they do with their streams and signals.

use camino::{Utf8Path, Utf8PathBuf};

use super::*;
use crate::sys::clock::Stopwatch;

fn sh(script: &str) -> Command {
    Command::new("sh").args(["-c", script])
}

/// Much longer than the tests take, and less than the programs would.
const PATIENCE: f64 = 60.0;

/// A pipe with a name: whoever reads it waits until somebody writes.
fn named_pipe() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let pipe = Utf8Path::from_path(dir.path()).unwrap().join("pipe");
    capture(&Command::new("mkfifo").arg(pipe.as_str()), &Interrupt::default()).unwrap();
    (dir, pipe)
}

#[test]
fn a_failing_program_is_shown_with_its_command_and_its_words() {
    let error = capture(&sh("echo oh no >&2; exit 3"), &Interrupt::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`sh` failed (exit status: 3)\n  | oh no\n  command: sh -c 'echo oh no >&2; exit 3'"
    );
}

#[test]
fn what_is_fed_arrives_and_is_then_at_its_end() {
    for (script, expected) in [("cat; echo .", "secret."), ("echo done", "done")] {
        let mut said = Vec::new();
        let exit = stream_fed(&sh(script), b"secret", &Interrupt::default(), &mut |line| {
            said.push(line.text);
        });
        assert!(exit.unwrap().success());
        assert_eq!(said, [expected]);
    }
}

#[test]
fn a_program_ends_with_its_children_when_its_time_is_over() {
    let mut said = Vec::new();
    let limit = Duration::from_millis(300);
    let command = sh("echo begun; sleep 600 & wait");
    let exit = stream_within(&command, limit, &Interrupt::default(), &mut |line| {
        said.push(line.text);
    });
    let exit = exit.unwrap();
    assert!(exit.timed_out && !exit.success(), "{exit:?}");
    assert_eq!(said, ["begun"]);
    let quick = stream_within(&sh("exit 3"), limit, &Interrupt::default(), &mut |_| {}).unwrap();
    assert_eq!((quick.code, quick.timed_out), (Some(3), false));
}

#[test]
fn a_limit_holds_for_a_program_that_has_closed_its_streams() {
    let clock = Stopwatch::start();
    let limit = Duration::from_millis(300);
    let command = sh("exec >&- 2>&-; sleep 600");
    let exit = stream_within(&command, limit, &Interrupt::default(), &mut |_| {}).unwrap();
    assert!(exit.timed_out && !exit.success(), "{exit:?}");
    assert!(clock.seconds() < PATIENCE);
}

#[test]
fn an_interrupt_reaches_a_program_that_has_closed_its_streams() {
    let (clock, interrupt) = (Stopwatch::start(), Interrupt::default());
    let (_dir, pipe) = named_pipe();
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            crate::sys::fs::read(&pipe).unwrap();
            interrupt.raise();
        });
        let script = format!("exec >&- 2>&-; echo begun > {pipe}; sleep 600");
        stream(&sh(&script), &interrupt, &mut |_| {})
    });
    assert!(matches!(result, Err(SysError::Interrupted)));
    assert!(clock.seconds() < PATIENCE);
}

#[test]
fn a_program_that_closes_its_streams_may_go_on_and_fail() {
    let script = "exec >&- 2>&-; sleep 0.2; exit 3";
    for result in [
        stream(&sh(script), &Interrupt::default(), &mut |_| {}),
        stream_within(&sh(script), Duration::MAX, &Interrupt::default(), &mut |_| {}),
    ] {
        assert_eq!(result.unwrap().code, Some(3));
    }
}

#[test]
fn what_a_program_leaves_behind_is_not_waited_for() {
    // The second one never stops talking.
    for script in ["echo words; setsid sleep 600 &", "echo words; setsid yes '' &"] {
        let (clock, mut said) = (Stopwatch::start(), Vec::new());
        let exit = stream_within(&sh(script), None, &Interrupt::default(), &mut |line| {
            said.extend(Some(line.text).filter(|text| !text.is_empty()));
        });
        assert!(exit.unwrap().success());
        assert_eq!(said, ["words"]);
        assert!(clock.seconds() < PATIENCE, "the service's output was waited for");
    }
}

#[test]
fn all_that_a_program_said_is_heard_however_slow_the_listener_is() {
    let mut heard = 0;
    let command = sh("seq 2000");
    let exit = stream_within(&command, None, &Interrupt::default(), &mut |_| {
        heard += 1;
        if heard == 1 {
            // Longer than what a program leaves behind is waited for.
            std::thread::sleep(Duration::from_millis(800));
        }
    });
    assert!(exit.unwrap().success());
    assert_eq!(heard, 2000);
}

#[test]
fn an_interrupt_ends_a_program_and_its_children() {
    let interrupt = Interrupt::default();
    let result = stream(&sh("echo ready; sleep 600 & wait"), &interrupt.clone(), &mut |line| {
        assert_eq!(line.text, "ready");
        interrupt.raise();
    });
    assert!(matches!(result, Err(SysError::Interrupted)));
}

#[test]
fn a_second_interrupt_kills_what_does_not_listen_to_the_first() {
    let (clock, interrupt) = (Stopwatch::start(), Interrupt::default());
    let script = "trap 'echo asked' TERM; echo ready; while :; do sleep 0.01; done";
    let mut said = Vec::new();
    let result = stream(&sh(script), &interrupt.clone(), &mut |line| {
        match &*line.text {
            "ready" => interrupt.raise(),
            _ => interrupt.kill(),
        }
        said.push(line.text);
    });
    assert!(matches!(result, Err(SysError::Interrupted)));
    assert_eq!(said[0], "ready");
    assert!(clock.seconds() < 4.0, "it was given time to clean up");
}

#[test]
fn a_program_shares_the_group_of_a_process_that_leaves_signals_to_the_system() {
    let group = || sh("ps -o pgid= -p $$; ps -o pgid= -p $PPID");
    for (interrupt, shares) in [(Interrupt::left_to_system(), true), (Interrupt::default(), false)]
    {
        let said = capture(&group(), &interrupt).unwrap();
        let groups: Vec<&str> = said.split_whitespace().collect();
        assert_eq!(groups[0] == groups[1], shares, "{said}");
    }
}

#[test]
fn a_panic_in_what_hears_a_program_does_not_leave_it_behind() {
    let (_dir, pipe) = named_pipe();
    // The shell holds the pipe open, which has an end once it and its child are gone.
    let script = format!("exec 3> {pipe}; echo ready; sleep 600 & wait");
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| crate::sys::fs::read(&pipe).unwrap());
        let program = scope.spawn(|| {
            stream(&sh(&script), &Interrupt::default(), &mut |_| {
                std::panic::resume_unwind(Box::new(()));
            })
        });
        assert!(program.join().is_err());
        assert_eq!(reader.join().unwrap(), b"");
    });
}

#[test]
fn a_run_that_is_stopped_ends_its_programs_and_says_so() {
    let session = Interrupt::default();
    let run = session.child();
    let result = stream(&sh("echo ready; sleep 600"), &run.clone(), &mut |_| run.stop());
    assert!(matches!(result, Err(SysError::Stopped)));
    assert!(!session.is_raised());
}
