//! Runs the tests, through cargo-nextest if it is installed, else `cargo test`.

use std::process::Command;

use serde_json::Value;

use super::counts::Counts;
use super::phase::Outcome;
use super::slowest::{self, Times};
use crate::{compiler, process, schemas};

/// How much to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// No end-to-end tests.
    Quick,
    /// All that fits CI.
    Default,
    /// Also the tests marked `#[ignore]`.
    Full,
}

/// The test executable of all end-to-end tests.
const END_TO_END: &str = "e2e";

/// The integration tests of the workspace by what they cost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Suites {
    fast: Vec<String>,
    end_to_end: Vec<String>,
}

impl Suites {
    /// Test targets by name: `e2e` holds the end-to-end tests.
    fn read(metadata: &Value) -> Self {
        let mut suites = Self::default();
        for package in metadata["packages"].as_array().into_iter().flatten() {
            for target in package["targets"].as_array().into_iter().flatten() {
                let is_test =
                    target["kind"].as_array().is_some_and(|kinds| kinds.contains(&"test".into()));
                let Some(name) = target["name"].as_str().filter(|_| is_test) else { continue };
                let suite =
                    if name == END_TO_END { &mut suites.end_to_end } else { &mut suites.fast };
                suite.push(name.to_owned());
            }
        }
        suites
    }

    /// Unit tests and the integration tests that need no outside tools.
    pub(crate) fn fast(&self) -> Vec<String> {
        let mut args = vec!["--lib".to_owned(), "--bins".to_owned()];
        args.extend(self.fast.iter().map(|name| format!("--test={name}")));
        args
    }

    /// End-to-end tests; no arguments if there are none.
    pub(crate) fn end_to_end(&self) -> Vec<String> {
        self.end_to_end.iter().map(|name| format!("--test={name}")).collect()
    }
}

/// Runs the picked targets.
pub(crate) fn run(level: Level, pick: fn(&Suites) -> Vec<String>, filters: &[String]) -> Outcome {
    let args = ["metadata", "--format-version", "1", "--no-deps"];
    let metadata = process::capture(&mut process::command("cargo", &args)).and_then(|text| {
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
    });
    let targets = match metadata {
        Ok(metadata) => pick(&Suites::read(&metadata)),
        Err(message) => return Err(message).into(),
    };
    if targets.is_empty() {
        println!("there are none");
        return Outcome::Tested { success: true, counts: Counts::default(), times: Times::new() };
    }
    let nextest = process::on_path("cargo-nextest").is_some();
    if !nextest {
        println!("`cargo test` says no times of single tests; cargo-nextest does");
    }
    let mut command = process::command("cargo", &[]);
    command.args(line(nextest, level, &targets, filters));
    if targets.iter().any(|target| target.strip_prefix("--test=") == Some(END_TO_END)) {
        match compiler::stand_in() {
            Ok(Some(debians)) => debians.told_to(&mut command),
            Ok(None) => {}
            Err(message) => return Err(message).into(),
        }
    }
    watched(&mut command, nextest)
}

/// nextest cannot run these.
pub(crate) fn doc_tests(filters: &[String]) -> Outcome {
    let line = line(false, Level::Default, &["--doc".to_owned()], filters);
    watched(process::command("cargo", &[]).args(line), false)
}

fn line(nextest: bool, level: Level, targets: &[String], filters: &[String]) -> Vec<String> {
    let full = level == Level::Full;
    let (runner, before, after): (&[&str], &[&str], &[&str]) = match (nextest, full) {
        // A filter may leave nothing in one phase; the whole command still fails if no test ran.
        (true, false) => (&["nextest", "run"], &["--no-fail-fast", "--no-tests=pass"], &[]),
        (true, true) => {
            (&["nextest", "run"], &["--no-fail-fast", "--no-tests=pass", "--run-ignored=all"], &[])
        }
        (false, false) => (&["test"], &["--no-fail-fast"], &[]),
        (false, true) => (&["test"], &["--no-fail-fast"], &["--include-ignored"]),
    };
    let fixed = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let mut line = fixed(runner);
    line.extend(fixed(&["--workspace", "--locked"]));
    line.extend(fixed(schemas::FEATURE));
    line.extend(fixed(before));
    line.extend(targets.iter().cloned());
    if !filters.is_empty() || !after.is_empty() {
        line.push("--".to_owned());
    }
    line.extend(filters.iter().cloned());
    line.extend(fixed(after));
    line
}

fn watched(command: &mut Command, nextest: bool) -> Outcome {
    // A changed snapshot is a failure to look at, never a file written on the side.
    let watched = match process::watch(command.env("INSTA_UPDATE", "no")) {
        Ok(watched) => watched,
        Err(message) => return Err(message).into(),
    };
    let output = &watched.output;
    let (counts, times) = if nextest {
        (Counts::of_nextest(output), slowest::of_nextest(output))
    } else {
        (Counts::of_cargo_test(output), Times::new())
    };
    Outcome::Tested { success: watched.success, counts, times }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_to_end_tests_are_known_by_their_name() {
        let metadata = serde_json::json!({ "packages": [{ "targets": [
            { "kind": ["lib"], "name": "e2e" },
            { "kind": ["test"], "name": "e2e" },
            { "kind": ["test"], "name": "cli" },
        ] }] });
        let suites = Suites::read(&metadata);
        assert_eq!(suites.fast(), ["--lib", "--bins", "--test=cli"]);
        assert_eq!(suites.end_to_end(), ["--test=e2e"]);
    }

    #[test]
    fn the_command_lines_of_both_runners_take_filters_and_ignored_tests() {
        let (targets, filters) = (["--lib".to_owned()], ["name".to_owned()]);
        let shown = |nextest, level| line(nextest, level, &targets, &filters).join(" ");
        assert_eq!(
            shown(true, Level::Full),
            "nextest run --workspace --locked --features tachi/json-schema --no-fail-fast --no-tests=pass --run-ignored=all --lib -- name"
        );
        assert_eq!(
            shown(false, Level::Full),
            "test --workspace --locked --features tachi/json-schema --no-fail-fast --lib -- name --include-ignored"
        );
        assert_eq!(
            shown(false, Level::Default),
            "test --workspace --locked --features tachi/json-schema --no-fail-fast --lib -- name"
        );
    }
}
