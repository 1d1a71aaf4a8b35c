//! Two builds of one release under different conditions.

use std::path::Path;

use serde_json::Value;

use crate::support::{Ran, run, tachi};

/// `cargo tachi verify --rebuild`, with events.
pub(crate) fn rebuild(project: &Path, targets: &[&str], more: &[&str]) -> Ran {
    let mut command = tachi(project);
    command.args(["verify", "--rebuild", "--message-format", "json"]).args(more);
    run(command.args(targets.iter().flat_map(|target| ["--target", target])))
}

/// The events of a kind.
pub(crate) fn events(ran: &Ran, kind: &str) -> Vec<Value> {
    let events = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    events.filter(|event: &Value| event["event"] == kind).collect()
}

/// Fails unless all of `count` files, manifests not counted, are the same.
#[track_caller]
pub(crate) fn check_identical(ran: Ran, count: usize) {
    let ran = ran.expect_success();
    let compared = events(&ran, "compared");
    assert!(compared.iter().all(|event| event["comparison"] == "identical"), "{compared:?}");
    assert_eq!(compared.len(), count + 2, "{compared:?}");
    let started = &events(&ran, "rebuild-started")[0];
    for what in ["folder", "home folder", "jobs", "time zone", "locale", "umask"] {
        let varied = started["varied"].as_array().unwrap();
        let found = varied.iter().find(|one| one["what"] == what).unwrap();
        assert_ne!(found["first"], found["second"], "{what}");
    }
}
