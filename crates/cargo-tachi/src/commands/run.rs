//! `run`.

use clap::Args;
use tachi::request::Goal;
use tachi::sys::{Command, run as process};
use tachi::{Runnable, Session};

use crate::cli::{
    CargoTargetArgs, CompilationArgs, Compile, CompileArgs, FeatureArgs, ManifestArgs, OutputArgs,
    PackageArgs,
};
use crate::commands::done;
use crate::screen::Screens;
use crate::terminal::{Failure, Terminal};

/// The flags of `run`.
#[derive(Debug, Clone, Args)]
pub(crate) struct RunArgs {
    /// Arguments for the program
    #[arg(trailing_var_arg = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
    /// Package with the program to run
    #[arg(short, long = "package", value_name = "SPEC", help_heading = "Package Selection")]
    pub(crate) package: Option<String>,
    /// Name of the binary to run
    #[arg(long, value_name = "NAME", help_heading = "Cargo Target Selection")]
    pub(crate) bin: Vec<String>,
    /// Name of the example to run
    #[arg(long, value_name = "NAME", help_heading = "Cargo Target Selection")]
    pub(crate) example: Vec<String>,
    #[command(flatten)]
    pub(crate) features: FeatureArgs,
    #[command(flatten)]
    pub(crate) compilation: CompilationArgs,
    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

impl From<RunArgs> for Compile {
    fn from(args: RunArgs) -> Self {
        let RunArgs { package, bin, example, features, compilation, manifest, output, .. } = args;
        let packages =
            PackageArgs { package: package.into_iter().collect(), ..PackageArgs::default() };
        let cargo_targets = CargoTargetArgs { bin, example, ..CargoTargetArgs::default() };
        Box::new(CompileArgs { packages, cargo_targets, features, compilation, manifest, output })
            .into()
    }
}

/// Builds one program and becomes it.
pub(crate) fn run(mut args: RunArgs, session: &Session) -> Result<(), Failure> {
    let output = args.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let arguments = std::mem::take(&mut args.args);
    let runnable =
        Runnable::new(Compile::from(args).into_request(Goal::Run, terminal.color), session)?;
    let notes = runnable.plan().notes.clone();
    let screens = Screens { output: &output, terminal, notes: &notes, sarif: None };
    let command = screens.show(session, |emit| Ok(runnable.build(session, emit)?))?;
    let command = command.args(arguments);
    // As cargo has it, the variables are of no interest here.
    let shown = Command { env: [].into(), ..command.clone() };
    done(terminal, "Running", &format!("`{shown}`"));
    Err(process::exec(&command).into())
}
