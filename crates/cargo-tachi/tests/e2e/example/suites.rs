//! The example's own tests, on three systems.

use super::Example;
use crate::support::{HOST, run};
use crate::test::{ARM, Events, WINDOWS, expected, test};

/// Cost: 36 CPU seconds.
#[test]
fn tachikomas_smaller_packages_pass_on_all_three_systems() {
    let example = Example::hold();
    let project = example.path();
    let packages = ["tachikoma-common", "tachikoma-primitives", "tachikoma-specs"];
    let mut command = test(project, &[HOST, ARM, WINDOWS]);
    command.arg("--no-nextest").args(packages.iter().flat_map(|package| ["-p", package]));
    let ran = run(&mut command);
    let events = Events::of(&ran);
    let all = Some((15, 0, 0));
    let sums = expected([(HOST, all), (ARM, all), (WINDOWS, all)]);
    assert_eq!(events.sums(), sums, "{}{}", events.words(), ran.stderr);
    ran.expect_success();
}

/// Cost: 500 CPU seconds.
#[test]
#[ignore = "compiles the whole example, with SQLite and TLS, for three systems"]
fn all_of_tachikoma_passes_on_all_three_systems() {
    let example = Example::hold();
    let project = example.path();
    let ran = run(test(project, &[HOST, ARM, WINDOWS]).arg("--workspace"));
    let events = Events::of(&ran);
    for (target, sums) in events.sums() {
        assert_eq!(events.failed(&target), [""; 0], "{}", events.words());
        assert_eq!(sums, Some((32, 0, 0)), "{target}");
    }
    ran.expect_success();
}
