//! The event stream of real runs: where it begins, how it ends, and which step each event is of.
//!
//! Each test compiles one small crate without dependencies: about two seconds.

use std::path::Path;
use std::sync::Mutex;

use tachi::schema::event::{Envelope, Event, Outcome};
use tachi::schema::plan::{ActionKind, StepId};
use tachi::{Builder, Error, Session};

/// A workspace with one crate whose test fails where `is_good` is false.
fn workspace(dir: &Path, is_good: bool) -> Builder {
    let manifest = dir.join("Cargo.toml");
    std::fs::create_dir(dir.join("src")).unwrap();
    let package =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    std::fs::write(&manifest, package).unwrap();
    let source = format!("fn main() {{}}\n#[test]\nfn it() {{ assert!({is_good}); }}\n");
    std::fs::write(dir.join("src/main.rs"), source).unwrap();
    let manifest = manifest.to_str().unwrap();
    Builder::new().profile("dev").manifest_path(manifest).sccache(false)
}

/// Runs `work`, and checks what is true of every stream.
fn events(
    work: impl FnOnce(&Session, &(dyn Fn(Envelope) + Sync)) -> Result<(), Error>,
) -> Vec<Envelope> {
    let events = Mutex::new(Vec::new());
    let session = Session::of_this_process().unwrap();
    let result = work(&session, &|envelope| events.lock().unwrap().push(envelope));
    let events = events.into_inner().unwrap();
    assert!(events.iter().zip(0..).all(|(one, seq)| one.seq == seq), "{events:#?}");
    let count = |is: fn(&Event) -> bool| events.iter().filter(|one| is(&one.event)).count();
    let is_start = |event: &Event| matches!(event, Event::Started { .. });
    let is_end = |event: &Event| matches!(event, Event::Ended { .. });
    assert_eq!((count(is_start), count(is_end)), (1, 1), "{events:#?}");
    let Event::Started { plan: Some(plan), .. } = &events[0].event else {
        panic!("it starts with its plan: {events:#?}")
    };
    let is_known = |id: &StepId| plan.steps.iter().any(|step| step.id == *id);
    assert!(events.iter().filter_map(|one| one.step.as_ref()).all(is_known), "{events:#?}");
    let Some(Event::Ended { code, .. }) = events.last().map(|one| &one.event) else {
        panic!("it ends last: {events:#?}")
    };
    if let Err(error) = result {
        assert_eq!(*code, error.code());
    }
    events
}

fn ended(events: &[Envelope]) -> (bool, u8) {
    match events.last().map(|one| &one.event) {
        Some(Event::Ended { success, code, .. }) => (*success, *code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_build_tells_of_each_step_and_of_compiling_only_where_something_is_compiled() {
    let dir = tempfile::tempdir().unwrap();
    let builder = workspace(dir.path(), true);
    let compiles = |events: &[Envelope]| {
        events
            .iter()
            .filter(|one| one.event == Event::Compiling)
            .map(|one| one.step.clone())
            .collect::<Vec<_>>()
    };
    let first = events(|session, emit| builder.build(session, emit));
    assert_eq!(ended(&first), (true, 0));
    assert_eq!(compiles(&first), [Some(StepId::new(ActionKind::Compile, "1"))]);
    let is_of_a_step = |event: &Event| {
        matches!(
            event,
            Event::StepStarted { .. }
                | Event::StepFinished { .. }
                | Event::Output { .. }
                | Event::Progress { .. }
                | Event::Finished { .. }
                | Event::Finding { .. }
        )
    };
    assert!(
        first
            .iter()
            .all(|one| one.step.is_some()
                == (is_of_a_step(&one.event) || one.event == Event::Compiling)),
        "{first:#?}"
    );
    let second = events(|session, emit| builder.build(session, emit));
    assert_eq!(compiles(&second), []);
}

#[test]
fn a_run_that_cannot_begin_its_steps_still_ends_its_stream() {
    let dir = tempfile::tempdir().unwrap();
    let builder = workspace(dir.path(), true);
    std::fs::create_dir(dir.path().join("target")).unwrap();
    std::fs::write(dir.path().join("target/tachi"), "a file where a folder has to be").unwrap();
    let events = events(|session, emit| builder.build(session, emit));
    let (success, code) = ended(&events);
    assert!(!success && code != 0, "{events:#?}");
}

#[test]
fn tests_that_fail_end_the_stream_with_the_exit_code_of_cargo() {
    let dir = tempfile::tempdir().unwrap();
    let builder = workspace(dir.path(), false);
    let events = events(|session, emit| {
        let report = builder.test(session, emit)?;
        assert!(!report.success());
        Ok(())
    });
    let outcomes: Vec<_> = events
        .iter()
        .filter_map(|one| match one.event {
            Event::StepFinished { outcome, .. } => Some(outcome),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes.last(), Some(&Outcome::Failed), "{events:#?}");
    assert_eq!(ended(&events), (false, 101));
}
