//! The planned call of cargo-nextest, taken apart into the three that are made.

use crate::sys::Command;

/// The flags of a planned call from which on they are no longer cargo's.
const OF_RUNS: [&str; 3] = ["--platform-filter", "--no-fail-fast", "--no-tests"];

/// The words of a planned call: those for cargo, those for a run only, and those for the tests.
struct Words<'a> {
    cargos: &'a [String],
    runs: &'a [String],
    tests: &'a [String],
}

fn words(planned: &Command) -> Words<'_> {
    let args = planned.args.get(2..).unwrap_or_default();
    let at = |is: &dyn Fn(&str) -> bool| args.iter().position(|arg| is(arg)).unwrap_or(args.len());
    let end = at(&|arg| arg == "--");
    let runs = at(&|arg| OF_RUNS.contains(&arg)).min(end);
    let tests = args.get(end + 1..).unwrap_or_default();
    Words { cargos: &args[..runs], runs: &args[runs..end], tests }
}

/// The call that lists the executables. It is the one that calls cargo.
pub(super) fn binaries(planned: &Command) -> Command {
    let mut command = planned.clone();
    command.args = ["nextest", "list"].map(str::to_owned).to_vec();
    let command = command.args(words(planned).cargos.iter().cloned());
    command.args(["--list-type", "binaries-only", "--message-format", "json"])
}

/// The call that runs the tests.
pub(super) fn running(planned: &Command, flags: &[&str]) -> Command {
    let Words { runs, tests, .. } = words(planned);
    let mut command = planned.clone();
    command.args = ["nextest", "run"].map(str::to_owned).to_vec();
    let command = command.args(flags.iter().copied()).args(runs.iter().cloned());
    command.arg("--").args(tests.iter().cloned())
}

/// The call that lists the same tests.
pub(super) fn listing(planned: &Command, flags: &[&str]) -> Command {
    let Words { runs, tests, .. } = words(planned);
    let mut command = planned.clone();
    command.args = ["nextest", "list"].map(str::to_owned).to_vec();
    command = command.args(flags.iter().copied());
    // A list takes only this one of a run's flags.
    if runs.iter().any(|arg| arg == "--platform-filter") {
        command = command.args(["--platform-filter", "target"]);
    }
    command.args(["--message-format", "json", "--"]).args(tests.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_call_is_taken_apart() {
        let planned = Command::new("cargo-nextest").args([
            "nextest",
            "run",
            "--target",
            "a-b",
            "--platform-filter",
            "target",
            "--no-fail-fast",
            "--no-tests",
            "pass",
            "--",
            "filter",
        ]);
        for (command, expected) in [
            (
                binaries(&planned),
                "list --target a-b --list-type binaries-only --message-format json",
            ),
            (
                running(&planned, &["-P", "p"]),
                "run -P p --platform-filter target --no-fail-fast --no-tests pass -- filter",
            ),
            (
                listing(&planned, &["-P", "p"]),
                "list -P p --platform-filter target --message-format json -- filter",
            ),
        ] {
            assert_eq!(command.to_string(), format!("cargo-nextest nextest {expected}"));
        }
    }
}
