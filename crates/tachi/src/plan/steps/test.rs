//! The steps that run tests: which executables, through what, and with cargo-nextest where it
//! is installed.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use tachi_schema::Command;
use tachi_schema::plan::{Action, Artifact, Compile, Item, Step, Test};

use crate::facts::Facts;
use crate::plan::error::PlanError;
use crate::plan::planner::{Draft, compiled, file};
use crate::plan::runner;
use crate::request::Request;
use crate::target::catalogue;
use crate::toolchain::runner::{Choice, NoRunner, Runner};

/// The flags of libtest that cargo-nextest understands. Words without a dash are filters.
const TAKEN_BY_NEXTEST: [&str; 7] =
    ["--ignored", "--include-ignored", "--exact", "--nocapture", "--no-capture", "--skip", "--"];

/// The steps that run tests, and the runners of their targets.
#[derive(Default)]
pub(in crate::plan) struct Tests {
    pub(in crate::plan) drafts: Vec<Draft>,
    pub(in crate::plan) runners: BTreeMap<String, Runner>,
}

/// One step for each target that `steps` compile tests for.
///
/// # Errors
/// cargo-nextest is asked for and not installed, or a runner's settings are wrong.
pub(in crate::plan) fn drafts(
    request: &Request,
    facts: &Facts,
    steps: &[Step],
) -> Result<Tests, PlanError> {
    let testing = &request.testing;
    if facts.nextest.is_none() && (testing.archive.is_some() || testing.nextest == Some(true)) {
        return Err(PlanError::NoNextest);
    }
    if testing.no_run && testing.archive.is_none() {
        return Ok(Tests::default());
    }
    let calls: Vec<&Compile> = steps.iter().filter_map(call).collect();
    let mut triples: Vec<&str> = Vec::new();
    for artifact in calls.iter().flat_map(|call| &call.expected).filter(|one| one.kind.is_test()) {
        if !triples.contains(&artifact.target.as_str()) {
            triples.push(&artifact.target);
        }
    }
    let several = triples.len() > 1;
    let mut tests = Tests::default();
    for triple in triples {
        let row = catalogue::find(triple).expect("plans have the catalogue's targets only");
        let choice = runner::choose(row, facts)?;
        tests.drafts.push(draft(triple, several, &choice, request, facts, &calls));
        tests.runners.extend(choice.ok().map(|choice| (triple.to_owned(), choice.runner)));
    }
    Ok(tests)
}

fn call(step: &Step) -> Option<&Compile> {
    match &step.action {
        Action::Compile(call) => Some(call),
        _ => None,
    }
}

fn draft(
    triple: &str,
    several: bool,
    choice: &Result<Choice, NoRunner>,
    request: &Request,
    facts: &Facts,
    calls: &[&Compile],
) -> Draft {
    let testing = &request.testing;
    // Tests of proc macros are for the host, which the user need not have named as a target.
    let call = calls.iter().find(|call| call.targets.iter().any(|one| one == triple));
    let (runner, reason) = match choice {
        _ if testing.no_run => (None, "--no-run".to_owned()),
        Ok(choice) => (Some(choice.runner.name()), choice.reason.clone()),
        Err(none) => (None, none.cause.clone()),
    };
    let uses_nextest = testing.nextest != Some(false) && nextest_takes(&testing.arguments);
    let program = facts.nextest.as_ref().zip(call);
    let is_host = triple == facts.toolchain.rustc.host;
    let nextest = program.filter(|_| runner.is_some() && uses_nextest).map(|(program, call)| {
        let mut command = of_nextest(program, "run", &call.command, triple);
        if !is_host {
            command = command.args(["--platform-filter", "target"]);
        }
        if testing.no_fail_fast {
            command = command.arg("--no-fail-fast");
        }
        command = command.args(["--no-tests", "pass", "--"]);
        command.args(testing.arguments.iter().cloned())
    });
    let archive_path = testing.archive.as_ref().map(|path| {
        let path = facts.environment.absolute(path);
        if several { with_triple(&path, triple) } else { path.to_string() }
    });
    let archive = program.zip(archive_path.as_ref()).map(|((program, call), path)| {
        of_nextest(program, "archive", &call.command, triple).args(["--archive-file", path])
    });
    let executables = executables(triple, calls);
    let mut outputs = vec![Item::TestResults { target: triple.to_owned() }];
    outputs.extend(archive.as_ref().and(archive_path).map(file));
    // Tests call the programs of their package.
    let of_target = |one: &&Artifact| one.target == triple;
    let needed = calls.iter().flat_map(|call| &call.expected).filter(of_target);
    Draft {
        subject: triple.to_owned(),
        why: reason.clone(),
        inputs: needed.map(compiled).collect::<BTreeSet<_>>().into_iter().collect(),
        outputs,
        action: Test { target: triple.to_owned(), runner, reason, executables, nextest, archive }
            .into(),
    }
}

/// The test executables of a target, each once: the tests of a proc macro are the host's, and
/// each call that selects it reports them.
fn executables(triple: &str, calls: &[&Compile]) -> Vec<Artifact> {
    let mut executables: Vec<Artifact> = Vec::new();
    let of_target = |one: &&Artifact| one.kind.is_test() && one.target == triple;
    for artifact in calls.iter().flat_map(|call| &call.expected).filter(of_target) {
        if !executables.contains(artifact) {
            executables.push(artifact.clone());
        }
    }
    executables
}

/// Whether cargo-nextest understands all arguments for test executables.
fn nextest_takes(arguments: &[String]) -> bool {
    let is_taken = |argument: &String| {
        let name = argument.split_once('=').map_or(argument.as_str(), |(name, _)| name);
        !argument.starts_with('-') || TAKEN_BY_NEXTEST.contains(&name)
    };
    arguments.iter().all(is_taken)
}

/// The call of cargo-nextest that does `verb` with what `cargo` compiles for one target. Its
/// flags for cargo are the same, so that cargo finds everything compiled.
fn of_nextest(program: &Utf8Path, verb: &str, cargo: &Command, triple: &str) -> Command {
    let mut args = vec!["nextest".to_owned(), verb.to_owned()];
    let mut words = cargo.args.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--no-run" | "--no-fail-fast" | "--verbose" => {}
            "--target" => {
                let target = words.next().filter(|target| *target == triple).cloned();
                args.extend(target.into_iter().flat_map(|target| [word.clone(), target]));
            }
            "--profile" => args.push("--cargo-profile".to_owned()),
            "--jobs" => args.push("--build-jobs".to_owned()),
            _ => args.push(word.clone()),
        }
    }
    Command { program: program.to_string(), args, ..cargo.clone() }.env("CARGO", &cargo.program)
}

/// `tests.tar.zst` with the triple before the name's end: `tests-<triple>.tar.zst`.
fn with_triple(path: &Utf8Path, triple: &str) -> String {
    let text = path.as_str();
    let stem = text.strip_suffix(".tar.zst").unwrap_or(text);
    format!("{stem}-{triple}.tar.zst")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_gets_cargos_flags_in_its_own_words() {
        let cargo = Command::new("/bin/cargo").env("A", "1").args([
            "test",
            "--no-run",
            "--profile",
            "ci",
            "--target",
            "a",
            "--target",
            "b",
            "--package",
            "app",
            "--jobs",
            "2",
            "--config",
            "target.b.rustflags=[\"-x\"]",
        ]);
        assert_eq!(
            of_nextest("/bin/cargo-nextest".into(), "run", &cargo, "b").to_string(),
            "A=1 CARGO=/bin/cargo /bin/cargo-nextest nextest run --cargo-profile ci --target b --package app \
             --build-jobs 2 --config 'target.b.rustflags=[\"-x\"]'"
        );
    }

    #[test]
    fn arguments_that_nextest_does_not_know_go_to_the_harness() {
        for (arguments, expected) in [
            (&[][..], true),
            (&["parser", "--skip", "slow", "--ignored"], true),
            (&["--skip=slow"], true),
            (&["--test-threads=1"], false),
            (&["parser", "--show-output"], false),
        ] {
            let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
            assert_eq!(nextest_takes(&arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn each_targets_archive_has_a_name_of_its_own() {
        assert_eq!(with_triple("/o/t.tar.zst".into(), "x-y"), "/o/t-x-y.tar.zst");
        assert_eq!(with_triple("/o/t".into(), "x-y"), "/o/t-x-y.tar.zst");
    }
}
