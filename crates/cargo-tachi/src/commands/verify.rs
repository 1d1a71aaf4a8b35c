//! `verify`: files against the rules, or the release that `dist` made, or that one made twice.

mod rebuild;

use clap::Args;
use tachi::request::Goal;
use tachi::verify::files::Verifier;
use tachi::verify::release;
use tachi::{Prepared, Session};

use crate::cli::{Compile, CompileArgs};
use crate::screen::Screens;
use crate::terminal::{Failure, Terminal};

/// The flags of `verify`.
#[derive(Debug, Clone, Args)]
pub(crate) struct VerifyArgs {
    /// Executables, libraries, or archives of such, of any platform
    /// [default: what `dist` made of this workspace]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Write the findings to this file in SARIF, too
    #[arg(long, value_name = "FILE", help_heading = "Output Options")]
    pub(crate) sarif: Option<String>,
    #[command(flatten)]
    pub(crate) rebuild: rebuild::RebuildArgs,
    #[command(flatten)]
    pub(crate) compile: CompileArgs,
}

/// Verifies.
pub(crate) fn run(args: VerifyArgs, session: &Session) -> Result<(), Failure> {
    let VerifyArgs { files, sarif, rebuild, compile } = args;
    if rebuild.rebuild {
        return rebuild::run(rebuild, compile, sarif.as_deref(), session);
    }
    let output = compile.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let screens = Screens { output: &output, terminal, notes: &[], sarif: sarif.as_deref() };
    let errors = if files.is_empty() {
        let request = Compile::from(Box::new(compile)).into_request(Goal::Dist, terminal.color);
        let prepared = Prepared::new(request, session)?;
        screens.show(session, |emit| Ok(release::verify(&prepared, session, emit)?))?
    } else {
        let ([] | [_]) = compile.compilation.target.as_slice() else {
            return Err(Failure::Usage("files are verified for one --target at a time".into()));
        };
        let target = compile.compilation.target.first().map(String::as_str);
        let verifier = Verifier::new(session, target)?;
        screens.show(session, |emit| {
            let mut errors = 0;
            for file in &files {
                errors += verifier.file(file.as_str().into(), emit)?;
            }
            Ok(errors)
        })?
    };
    match errors {
        0 => Ok(()),
        1 => Err(Failure::Refused("there is an error among the findings".into())),
        _ => Err(Failure::Refused(format!("there are {errors} errors among the findings"))),
    }
}
