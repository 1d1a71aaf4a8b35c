//! Tests through [cargo-nextest](https://nexte.st): each in a process of its own. Its `JUnit` file
//! has the tests that ran, its list those that it skipped.
//!
//! The plan's call becomes three: the first lists the executables (the only one that calls cargo,
//! which finds everything compiled), the second their tests, the third runs them.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use quick_junit::{NonSuccessKind, Report, TestCaseStatus, XmlString};
use serde::Deserialize;
use tachi_schema::test::{TestCase, TestOutcome};

use super::error::TestError;
use super::stand_in::script;
use crate::sys::interrupt::Interrupt;
use crate::sys::run::{self, Line};
use crate::sys::{Command, SysError, fs};

mod calls;

/// The name of a profile of our own, so that the user's profiles stay as they are.
const PROFILE: &str = "tachi";

/// The exit code of a run whose tests failed
/// ([nextest-metadata](https://docs.rs/nextest-metadata): `TEST_RUN_FAILED`).
const TESTS_FAILED: i32 = 100;

/// The results of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ran {
    /// The tests.
    pub cases: Vec<TestCase>,
    /// Tests that did not run, since one before them failed.
    pub left_out: usize,
}

/// What a run needs beside the executables.
#[derive(Debug)]
pub struct Reuse {
    folder: tempfile::TempDir,
    command: Command,
    binaries: Utf8PathBuf,
    metadata: Utf8PathBuf,
}

impl Reuse {
    /// Asks cargo, through the planned `command`, for the executables, and with `metadata` for the
    /// workspace; later calls do without cargo. Temporary files go into `scratch`.
    ///
    /// # Errors
    /// cargo or cargo-nextest fails, or the user interrupted.
    pub fn prepare(
        command: Command,
        metadata: &Command,
        scratch: &Utf8Path,
        interrupt: &Interrupt,
    ) -> Result<Self, TestError> {
        let folder = folder_without_spaces(scratch)?;
        let path = fs::utf8(folder.path())?;
        let files = [path.join("binaries.json"), path.join("metadata.json")];
        let binaries = run::capture(&calls::binaries(&command), interrupt).map_err(failed)?;
        fs::write_new(&files[0], 0o600, &mut binaries.as_bytes())?;
        let metadata = run::capture(metadata, interrupt).map_err(failed)?;
        fs::write_new(&files[1], 0o600, &mut metadata.as_bytes())?;
        let [binaries, metadata] = files;
        Ok(Self { folder, command, binaries, metadata })
    }

    /// Runs the tests through `runner`.
    ///
    /// # Errors
    /// cargo-nextest fails before it runs tests, or the user interrupted.
    pub fn run(
        &self,
        target: &str,
        runner: Option<&Command>,
        limit: Option<Duration>,
        interrupt: &Interrupt,
        on_line: &mut dyn FnMut(Line),
    ) -> Result<Ran, TestError> {
        let folder = fs::utf8(self.folder.path())?;
        let (settings, junit) = (folder.join("nextest.toml"), folder.join("junit.xml"));
        fs::write_new(&settings, 0o600, &mut self::settings(&junit, limit).as_bytes())?;
        let flags = [
            "--binaries-metadata",
            self.binaries.as_str(),
            "--cargo-metadata",
            self.metadata.as_str(),
            "--tool-config-file",
            &format!("{PROFILE}:{settings}"),
            "--profile",
            PROFILE,
        ];
        let listed = self.with_runner(calls::listing(&self.command, &flags), runner, target)?;
        let listed = run::capture(&listed, interrupt).map_err(failed)?;
        let mut listed = parse_list(&listed, target).map_err(|error| TestError::Unreadable {
            what: "list of tests",
            message: error.to_string(),
        })?;
        let running = self.with_runner(calls::running(&self.command, &flags), runner, target)?;
        follow(&running, &[TESTS_FAILED], interrupt, on_line)?;
        // Where there are no tests, there is no file.
        let text = fs::read_if_exists(&junit)?.unwrap_or_default();
        let mut cases = Vec::new();
        if !text.is_empty() {
            let report = Report::deserialize_from_str(&text).map_err(|error| {
                TestError::Unreadable { what: "JUnit file", message: error.to_string() }
            })?;
            cases = self::cases(&report, target);
        }
        let left_out = listed.expected.saturating_sub(cases.len());
        cases.append(&mut listed.ignored);
        Ok(Ran { cases, left_out })
    }

    /// The command with the runner of its target, in the variable that takes precedence over the
    /// user's settings. cargo-nextest splits it at spaces, so a runner with spaces in its words
    /// becomes a script, which the shell reads: the folder may be on a file system where nothing
    /// can be executed.
    fn with_runner(
        &self,
        mut command: Command,
        runner: Option<&Command>,
        target: &str,
    ) -> Result<Command, SysError> {
        let Some(runner) = runner else { return Ok(command) };
        command.env.extend(runner.env.clone());
        let mut words = runner.args.clone();
        words.insert(0, runner.program.clone());
        let mut text = words.join(" ");
        if words.iter().any(|word| word.contains(char::is_whitespace)) {
            let path = fs::utf8(self.folder.path())?.join("runner");
            let called = Command { env: [].into(), ..runner.clone() }.to_string();
            fs::remove_file(&path)?;
            fs::write_new(&path, 0o700, &mut script(&called).as_bytes())?;
            text = format!("sh {path}");
        }
        let name = target.to_uppercase().replace(['-', '.'], "_");
        Ok(command.env(format!("CARGO_TARGET_{name}_RUNNER"), text))
    }
}

/// A temporary folder, inside `scratch` unless that has a space in its path: it has the runner's
/// script, and cargo-nextest splits a runner at spaces, quoted or not.
fn folder_without_spaces(scratch: &Utf8Path) -> Result<tempfile::TempDir, SysError> {
    let is_plain = |folder: &Utf8Path| !folder.as_str().contains(char::is_whitespace);
    if is_plain(scratch) {
        return fs::temporary_dir_in(scratch);
    }
    let folder = fs::temporary_dir()?;
    if is_plain(fs::utf8(folder.path())?) {
        Ok(folder)
    } else {
        fs::temporary_dir_in("/tmp".into())
    }
}

/// Makes an archive with the planned `command`.
///
/// # Errors
/// cargo-nextest fails, or the user interrupted.
pub fn archive(
    command: &Command,
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<(), TestError> {
    let file = command.args.iter().skip_while(|arg| *arg != "--archive-file").nth(1);
    if let Some(folder) = file.and_then(|file| Utf8Path::new(file).parent()) {
        fs::create_dir_all(folder)?;
    }
    follow(command, &[], interrupt, on_line)
}

/// Runs cargo-nextest, which has to end with success or one of the exit codes `good`.
fn follow(
    command: &Command,
    good: &[i32],
    interrupt: &Interrupt,
    on_line: &mut dyn FnMut(Line),
) -> Result<(), TestError> {
    let mut said = String::new();
    let exit = run::stream(command, interrupt, &mut |line| {
        said.push_str(&line.text);
        said.push('\n');
        on_line(line);
    })?;
    if exit.success() || exit.code.is_some_and(|code| good.contains(&code)) {
        return Ok(());
    }
    let (command, status, said) = (Box::new(command.clone()), exit.status, said.trim().to_owned());
    Err(TestError::Nextest { command, status, said })
}

fn settings(junit: &Utf8Path, limit: Option<Duration>) -> String {
    let mut profile = toml::Table::new();
    let path = toml::Table::from_iter([("path".to_owned(), junit.as_str().into())]);
    profile.insert("junit".into(), path.into());
    if let Some(limit) = limit {
        let mut timeout = toml::Table::new();
        timeout.insert("period".into(), format!("{}s", limit.as_secs().max(1)).into());
        timeout.insert("terminate-after".into(), 1.into());
        profile.insert("slow-timeout".into(), timeout.into());
    }
    let profiles = toml::Table::from_iter([(PROFILE.to_owned(), profile.into())]);
    toml::Table::from_iter([("profile".to_owned(), toml::Value::from(profiles))]).to_string()
}

/// The error of a `cargo nextest list` that failed, with its output as the reason.
fn failed(error: SysError) -> TestError {
    match error {
        SysError::Failed { command, status, stderr } => {
            TestError::List { command, status, stderr: stderr.trim().to_owned() }
        }
        other => other.into(),
    }
}

/// The tests of a list.
#[derive(Debug, Default, PartialEq)]
struct Listed {
    /// The number of tests to be run.
    expected: usize,
    /// Those that are ignored.
    ignored: Vec<TestCase>,
}

/// Reads [the list](https://nexte.st/docs/machine-readable/list/).
fn parse_list(json: &str, target: &str) -> Result<Listed, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct List {
        rust_suites: std::collections::BTreeMap<String, Suite>,
    }
    #[derive(Deserialize)]
    struct Suite {
        testcases: std::collections::BTreeMap<String, Case>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Case {
        filter_match: Match,
    }
    #[derive(Deserialize)]
    struct Match {
        status: String,
        reason: Option<String>,
    }
    let list: List = serde_json::from_str(json)?;
    let mut listed = Listed::default();
    for (executable, suite) in list.rust_suites {
        for (name, case) in suite.testcases {
            if case.filter_match.status == "matches" {
                listed.expected += 1;
            } else if case.filter_match.reason.as_deref() == Some("ignored") {
                listed.ignored.push(TestCase {
                    target: target.to_owned(),
                    executable: executable.clone(),
                    name,
                    outcome: TestOutcome::Ignored,
                    seconds: None,
                    output: String::new(),
                });
            }
        }
    }
    Ok(listed)
}

fn cases(report: &Report, target: &str) -> Vec<TestCase> {
    let suites = report.test_suites.iter();
    let tests = suites.flat_map(|suite| suite.test_cases.iter().map(move |case| (suite, case)));
    tests
        .map(|(suite, case)| {
            let outcome = match &case.status {
                TestCaseStatus::Success { .. } => TestOutcome::Passed,
                TestCaseStatus::Skipped { .. } => TestOutcome::Ignored,
                TestCaseStatus::NonSuccess {
                    kind: NonSuccessKind::Failure, ty: Some(ty), ..
                } if ty.as_str().contains("timeout") => TestOutcome::TimedOut,
                TestCaseStatus::NonSuccess { .. } => TestOutcome::Failed,
            };
            TestCase {
                target: target.to_owned(),
                executable: suite.name.as_str().to_owned(),
                name: case.name.as_str().to_owned(),
                outcome,
                seconds: case.time.map(|time| time.as_secs_f64()),
                output: if outcome.is_failure() { output(case) } else { String::new() },
            }
        })
        .collect()
}

/// The output of a test: both streams, or its status if they are empty.
fn output(case: &quick_junit::TestCase) -> String {
    let streams = [&case.system_out, &case.system_err].into_iter().flatten();
    let text: Vec<&str> =
        streams.map(|text| text.as_str().trim()).filter(|text| !text.is_empty()).collect();
    let said = match &case.status {
        TestCaseStatus::NonSuccess { message, ty, .. } => message.as_ref().or(ty.as_ref()),
        _ => None,
    };
    if text.is_empty() {
        return said.map(XmlString::as_str).unwrap_or_default().to_owned();
    }
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_with_spaces_in_its_words_becomes_a_script_at_a_path_without() {
        let place = fs::temporary_dir().unwrap();
        let scratch = fs::utf8(place.path()).unwrap().join("my \"cache\"");
        let folder = folder_without_spaces(&scratch).unwrap();
        assert!(!fs::utf8(folder.path()).unwrap().as_str().contains(' '));
        let command = Command::new("cargo-nextest");
        let (binaries, metadata) = (Utf8PathBuf::new(), Utf8PathBuf::new());
        let reuse = Reuse { folder, command, binaries, metadata };
        let shown = |runner: Command| {
            reuse.with_runner(reuse.command.clone(), Some(&runner), "a-b").unwrap().to_string()
        };
        assert_eq!(
            shown(Command::new("wine").arg("-x").env("WINEPREFIX", "/p")),
            "CARGO_TARGET_A_B_RUNNER='wine -x' WINEPREFIX=/p cargo-nextest"
        );
        let script = fs::utf8(reuse.folder.path()).unwrap().join("runner");
        assert_eq!(
            shown(Command::new("/my tools/run")),
            format!("CARGO_TARGET_A_B_RUNNER='sh {script}' cargo-nextest")
        );
        let text = fs::read_to_string(&script).unwrap();
        assert_eq!(text, "#!/bin/sh\nexec '/my tools/run' \"$@\"\n");
    }

    #[test]
    fn ignored_tests_and_those_to_be_run_are_read_from_the_list() {
        let json = r#"{"rust-suites": {"a::it": {"testcases": {
            "x": {"kind": "test", "ignored": false, "filter-match": {"status": "matches"}},
            "y": {"kind": "test", "ignored": true, "filter-match": {"status": "mismatch", "reason": "ignored"}},
            "z": {"kind": "test", "ignored": false, "filter-match": {"status": "mismatch", "reason": "string"}}}}}}"#;
        let listed = parse_list(json, "t").unwrap();
        assert_eq!(listed.expected, 1);
        assert_eq!(listed.ignored.len(), 1);
        assert_eq!((&*listed.ignored[0].executable, &*listed.ignored[0].name), ("a::it", "y"));
    }

    #[test]
    fn what_ran_is_read_from_the_junit_file() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="2" errors="0">
    <testsuite name="a::it" tests="3" disabled="0" errors="0" failures="2">
        <testcase name="ok" classname="a::it" time="0.006"/>
        <testcase name="bad" classname="a::it" time="0.080">
            <failure message="panicked" type="test failure with exit code 101">panicked at a</failure>
            <system-out>hi</system-out>
            <system-err>no</system-err>
        </testcase>
        <testcase name="slow" classname="a::it" time="5.003"><failure type="test timeout"/></testcase>
    </testsuite>
</testsuites>"#;
        let cases = cases(&Report::deserialize_from_str(xml).unwrap(), "t");
        let seen: Vec<_> =
            cases.iter().map(|case| (&*case.name, case.outcome, &*case.output)).collect();
        let expected = [
            ("ok", TestOutcome::Passed, ""),
            ("bad", TestOutcome::Failed, "hi\nno"),
            ("slow", TestOutcome::TimedOut, "test timeout"),
        ];
        assert_eq!(seen, expected);
        assert_eq!(cases[1].seconds, Some(0.08));
    }

    #[test]
    fn a_limit_of_time_is_written_in_nextests_settings() {
        let settings = settings("/s/junit.xml".into(), Some(Duration::from_secs(90)));
        let table: toml::Table = settings.parse().unwrap();
        let profile = &table["profile"]["tachi"];
        assert_eq!(profile["junit"]["path"].as_str(), Some("/s/junit.xml"));
        assert_eq!(profile["slow-timeout"]["period"].as_str(), Some("90s"));
    }
}
