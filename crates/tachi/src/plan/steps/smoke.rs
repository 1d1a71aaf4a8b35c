//! Which programs of a release are run, how, and by what.

use guppy::graph::BuildTargetId;
use tachi_schema::plan::{ArtifactKind, PlacedFile, Smoke, SmokeCall};

use super::package::proof;
use crate::config::verify::{DEFAULT_TIMEOUT, SmokeTable, VerifyTable};
use crate::facts::Facts;
use crate::plan::error::PlanError;
use crate::plan::planner::{Draft, file};
use crate::plan::runner;
use crate::plan::target::TargetBuild;
use crate::suggest;
use crate::toolchain::runner::Runner;

/// The step that runs the programs among the placed `files` of a target, and what runs them;
/// none where there are no programs, or the user switched it off.
///
/// # Errors
/// A setting cannot be used, or `[[verify.run]]` names a program that does not exist.
pub(in crate::plan) fn draft(
    target: &TargetBuild,
    files: &[PlacedFile],
    facts: &Facts,
) -> Result<Option<(Draft, Option<Runner>)>, PlanError> {
    let calls = calls(&target.verify, files, facts)?;
    if calls.is_empty() {
        return Ok(None);
    }
    let (runner, reason) = match runner::choose(target.facts, facts)? {
        Ok(choice) => (Some(choice.runner), choice.reason),
        Err(none) => (None, none.cause),
    };
    let draft = Draft {
        subject: target.triple.clone(),
        why: "a program that does not start is no release".into(),
        inputs: calls.iter().map(|call| file(&call.file)).collect(),
        outputs: vec![proof(&target.triple)],
        action: Smoke {
            target: target.triple.clone(),
            runner: runner.as_ref().map(Runner::name),
            reason,
            calls,
        }
        .into(),
    };
    Ok(Some((draft, runner)))
}

/// What is run: what `[[verify.run]]` names, else each program with `--version`.
fn calls(
    table: &VerifyTable,
    files: &[PlacedFile],
    facts: &Facts,
) -> Result<Vec<SmokeCall>, PlanError> {
    if table.smoke == Some(false) {
        return Ok(Vec::new());
    }
    let is_program =
        |kind: ArtifactKind| matches!(kind, ArtifactKind::Executable | ArtifactKind::Example);
    let programs: Vec<&PlacedFile> =
        files.iter().filter(|file| is_program(file.artifact.kind)).collect();
    if table.run.is_empty() {
        return Ok(programs.into_iter().map(first_question).collect());
    }
    let known = program_names(facts);
    let mut calls = Vec::new();
    for run in &table.run {
        if !known.contains(&run.bin.as_str()) {
            return Err(PlanError::UnknownProgram {
                file: facts.file_path.clone(),
                name: run.bin.clone(),
                hint: suggest::hint(&run.bin, known),
            });
        }
        // A program that this call does not build is not run.
        let own = programs.iter().filter(|file| file.artifact.name == run.bin);
        calls.extend(own.map(|file| call(run, file)));
    }
    Ok(calls)
}

/// The programs and examples of the workspace.
fn program_names(facts: &Facts) -> Vec<&str> {
    let members = facts.workspace.graph.workspace().iter();
    let targets = members.flat_map(|member| member.build_targets());
    let name = |id| match id {
        BuildTargetId::Binary(name) | BuildTargetId::Example(name) => Some(name),
        _ => None,
    };
    targets.filter_map(|target| name(target.id())).collect()
}

/// A call that nearly every program answers. Not all do, so any exit code is fine.
fn first_question(file: &PlacedFile) -> SmokeCall {
    SmokeCall {
        file: file.to.clone(),
        args: vec!["--version".into()],
        exit_code: None,
        output: None,
        timeout: DEFAULT_TIMEOUT,
    }
}

fn call(run: &SmokeTable, file: &PlacedFile) -> SmokeCall {
    SmokeCall {
        file: file.to.clone(),
        args: run.args.clone(),
        exit_code: Some(run.exit_code),
        output: run.output.clone(),
        timeout: run.timeout,
    }
}
