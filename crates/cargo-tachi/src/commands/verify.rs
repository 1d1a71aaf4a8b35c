//! `verify`: files against the rules, or the release that `dist` made, or that one made twice.

mod rebuild;

use tachi::Goal;
use tachi::ops::verify_files::Verifier;
use tachi::ops::verify_release;
use tachi::{ExitCode, Prepared, Session};

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::flags::output::SarifArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The arguments of `verify`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Executables, libraries, or archives of them, for any platform
    /// [default: what `dist` made of this workspace]
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    #[command(flatten)]
    sarif: SarifArgs,
    #[command(flatten)]
    rebuild: rebuild::RebuildArgs,
    #[command(flatten)]
    compile: CompileArgs,
}

/// Verifies.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let Args { files, sarif: SarifArgs { sarif }, rebuild, compile } = args;
    if rebuild.rebuild {
        return rebuild::run(rebuild, compile, sarif.as_deref(), session);
    }
    let output = compile.build.output.clone();
    let terminal = Terminal::of_build(&output, session)?;
    let screens = Screens { output: &output, terminal, sarif: sarif.as_deref() };
    let errors = if files.is_empty() {
        let mut request = compile.request(Goal::Dist, terminal);
        // As `dist` was called: whoever looks changes nothing.
        request.lock.locked = true;
        let prepared = Prepared::new(request, session)?;
        screens.show(session, |emit| Ok(verify_release::verify(&prepared, session, emit)?))?
    } else {
        let ([] | [_]) = compile.build.compilation.target.as_slice() else {
            return Err(Failure::Usage("files are verified for one --target at a time".into()));
        };
        let target = compile.build.compilation.target.first().map(String::as_str);
        let verifier = Verifier::new(session, target)?;
        screens.show(session, |emit| Ok(verifier.files(&files, emit)?))?
    };
    match errors {
        0 => Ok(ExitCode::Done),
        1 => Err(Failure::Refused("1 finding is an error".into())),
        _ => Err(Failure::Refused(format!("{errors} findings are errors"))),
    }
}
