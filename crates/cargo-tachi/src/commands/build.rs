//! `build`.

use tachi::Goal;
use tachi::{ExitCode, Prepared, Session};

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The arguments of `build`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    compile: CompileArgs,
}

/// Plans and runs.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let output = args.compile.build.output.clone();
    let terminal = Terminal::of_build(&output, session)?;
    let mut prepared = Prepared::new(args.compile.request(Goal::Build, terminal), session)?;
    let screens = Screens { output: &output, terminal, sarif: None };
    screens.show(session, |emit| Ok(prepared.run(session, emit)?))?;
    Ok(ExitCode::Done)
}
