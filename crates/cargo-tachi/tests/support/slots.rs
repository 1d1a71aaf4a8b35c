//! Reads the slots of files for tests.

use std::path::Path;

use serde_json::Value;

use super::{run, tachi};

/// The output of `cargo tachi inspect --json` for a file.
pub(crate) fn inspect(file: &Path) -> Value {
    let ran = run(tachi(Path::new("/")).args(["inspect", "--json"]).arg(file)).expect_success();
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Only bytes inside the slots differ, of which there are `count`.
#[track_caller]
pub(crate) fn check_difference(before: &[u8], after: &[u8], count: usize) {
    let slots = tachi::binary::stamp::slots(before).unwrap();
    assert_eq!(slots.len(), count);
    assert_eq!(before.len(), after.len());
    assert_ne!(before, after);
    for (at, (old, new)) in before.iter().zip(after).enumerate() {
        let is_inside = slots.iter().any(|slot| slot.contains(&at));
        assert!(old == new || is_inside, "byte {at} changed");
    }
}
