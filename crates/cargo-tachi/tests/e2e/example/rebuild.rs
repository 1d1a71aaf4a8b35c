//! The example is the same in two builds under different conditions.

use super::Example;
use crate::two_builds::{check_identical, rebuild};

/// A checkout with changes is compared as it is. Cost: 1500 CPU seconds.
#[test]
#[ignore = "compiles all of the example once more, for six targets; ripgrep and fd are rebuilt in every run"]
fn the_example_is_the_same_for_all_targets() {
    let example = Example::hold();
    check_identical(rebuild(example.path(), &["all"], &["--allow-dirty"]), 28);
}
