//! `run`.

use tachi::Command;
use tachi::ops::run;
use tachi::{CargoTargets, Goal, Packages};
use tachi::{ExitCode, Runnable, Session};

use crate::failure::Failure;
use crate::flags::BuildArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The arguments of `run`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Arguments for the program
    #[arg(trailing_var_arg = true, value_name = "ARGS")]
    arguments: Vec<String>,
    /// Package with the program to run
    #[arg(short, long = "package", value_name = "SPEC", help_heading = "Package Selection")]
    package: Option<String>,
    /// Name of the binary to run
    #[arg(long, value_name = "NAME", help_heading = "Cargo Target Selection")]
    bin: Vec<String>,
    /// Name of the example to run
    #[arg(long, value_name = "NAME", help_heading = "Cargo Target Selection")]
    example: Vec<String>,
    #[command(flatten)]
    build: BuildArgs,
}

/// Builds one program and becomes it.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let Args { arguments, package, bin, example, build } = args;
    let output = build.output.clone();
    let terminal = Terminal::of_build(&output, session)?;
    let packages = Packages { include: package.into_iter().collect(), ..Packages::default() };
    let cargo_targets = CargoTargets { bin, example, ..CargoTargets::default() };
    let request = build.request(Goal::Run, packages, cargo_targets, terminal);
    let runnable = Runnable::new(request, session)?;
    let screens = Screens { output: &output, terminal, sarif: None };
    let command = screens.show(session, |emit| Ok(runnable.build(session, emit)?))?;
    let command = command.args(arguments);
    // As cargo has it, the variables are of no interest here.
    let shown = Command { env: [].into(), ..command.clone() };
    terminal.done("Running", &format!("`{shown}`"));
    Err(run::exec(&command).into())
}
