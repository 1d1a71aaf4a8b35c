//! `cargo xtask test`: every check and test, in phases. All phases run, whatever failed before; the
//! last line is for machines.

mod counts;
mod lints;
mod phase;
mod runner;
mod slowest;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::{catalogue, process, repository, setup, tidy};
use counts::Counts;
use phase::{Phase, Work};
use runner::{Level, Suites};

const EXAMPLE: &str = "examples/tachikoma/Cargo.toml";

/// The command. Its last line counts the tests, after every other message.
pub(crate) fn main(arguments: Arguments) -> ExitCode {
    let phases = match phases(arguments) {
        Ok(phases) => phases,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let done = phase::run_all(phases);
    let counts: Counts = done.iter().map(phase::Done::counts).sum();
    print!("\n{}", phase::table(&done));
    print!("{}", slowest::table(done.iter().filter_map(phase::Done::times)));
    let failed: Vec<&str> =
        done.iter().filter(|phase| phase.failed()).map(|phase| phase.name).collect();
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    if counts.passed + counts.failed == 0 {
        println!("failed: no test ran");
    }
    println!("{counts}");
    if failed.is_empty() && counts.failed == 0 && counts.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn phases(mut arguments: Arguments) -> Result<Vec<Phase>, String> {
    let level = match (arguments.flag("--quick"), arguments.flag("--full")) {
        (true, true) => return Err("--quick and --full exclude each other".to_owned()),
        (true, false) => Level::Quick,
        (false, true) => Level::Full,
        (false, false) => Level::Default,
    };
    let filters = arguments.words()?;
    let cargo = |args: &'static [&'static str]| -> Work {
        Box::new(move || process::run(&mut process::command("cargo", args)).into())
    };
    let tests = move |pick: fn(&Suites) -> Vec<String>, filters: Vec<String>| {
        Box::new(move || runner::run(level, pick, &filters)) as Work
    };
    let mut phases = vec![
        Phase::new("setup", Box::new(|| setup::everything(false).into())),
        Phase::new("format", cargo(&["fmt", "--all", "--check"])),
        Phase::new(
            "format, example",
            cargo(&["fmt", "--all", "--check", "--manifest-path", EXAMPLE]),
        ),
        Phase::new("scripts", Box::new(|| scripts().into())),
        Phase::new("tidy", Box::new(|| tidy::check().into())),
        Phase::new("generated tables", Box::new(|| catalogue::generate(true).into())),
    ];
    phases.extend(lints::phases(level == Level::Quick));
    phases.push(Phase::new("tests", tests(Suites::fast, filters.clone())));
    phases.push(Phase::new("doc tests", {
        let filters = filters.clone();
        Box::new(move || runner::doc_tests(&filters))
    }));
    if level != Level::Quick {
        phases.push(Phase::new("end-to-end tests", tests(Suites::end_to_end, filters)));
    }
    Ok(phases)
}

fn scripts() -> Result<(), String> {
    let is_script = |source: &repository::Source| {
        let first = source.text.lines().next().unwrap_or_default();
        first.starts_with("#!") && (first.ends_with("sh") || first.ends_with("bash"))
    };
    let paths: Vec<String> =
        repository::sources()?.into_iter().filter(is_script).map(|source| source.path).collect();
    process::run(process::command("shellcheck", &["--"]).args(paths))
}
