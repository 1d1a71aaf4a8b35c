//! `verify --rebuild`: the release once more, under other conditions.

use clap::Args;
use tachi::Goal;
use tachi::ops::rebuild::{self, Rebuild};
use tachi::{ExitCode, Prepared, Session};

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The flags of `verify --rebuild`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rebuild Options")]
pub(crate) struct RebuildArgs {
    /// Build the release again, elsewhere and under other conditions, and compare every byte
    #[arg(long, conflicts_with = "files")]
    pub(crate) rebuild: bool,
    /// Release files with changes that no commit holds, and build them again
    #[arg(long, requires = "rebuild")]
    pub(crate) allow_dirty: bool,
    /// Folder for the second build [default: the system's for temporary files]
    #[arg(long, value_name = "DIR", requires = "rebuild")]
    pub(crate) rebuild_dir: Option<String>,
}

/// Builds, builds again, and compares.
pub(crate) fn run(
    args: RebuildArgs,
    compile: CompileArgs,
    sarif: Option<&str>,
    session: &Session,
) -> Result<ExitCode, Failure> {
    let output = compile.build.output.clone();
    let terminal = Terminal::of_build(&output, session)?;
    let mut request = compile.request(Goal::Dist, terminal);
    // As `dist` has it.
    request.lock.locked = true;
    request.allow_dirty = args.allow_dirty;
    let mut prepared = Prepared::new(request, session)?;
    let how = Rebuild { folder: args.rebuild_dir.map(Into::into) };
    let screens = Screens { output: &output, terminal, sarif };
    let different =
        screens.show(session, |emit| Ok(rebuild::rebuild(&mut prepared, &how, session, emit)?))?;
    match different {
        0 => Ok(ExitCode::Done),
        1 => Err(Failure::Different("1 file differs in the second build".into())),
        count => Err(Failure::Different(format!("{count} files differ in the second build"))),
    }
}
