//! `dist`.

use tachi::{ExitCode, Prepared, Session};
use tachi::{Goal, Request};

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::flags::output::SarifArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The arguments of `dist`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    compile: CompileArgs,
    /// Let Cargo.lock change: `dist` implies --locked otherwise
    #[arg(long, conflicts_with_all = ["locked", "frozen"], help_heading = "Manifest Options")]
    no_locked: bool,
    /// Release files with changes that no commit holds
    #[arg(long, help_heading = "Manifest Options")]
    allow_dirty: bool,
    /// Do not run the programs to see whether they start
    #[arg(long)]
    no_smoke: bool,
    #[command(flatten)]
    sarif: SarifArgs,
}

impl Args {
    fn request(self, terminal: Terminal) -> Request {
        let mut request = self.compile.request(Goal::Dist, terminal);
        request.lock.locked = !self.no_locked;
        request.allow_dirty = self.allow_dirty;
        request.no_smoke = self.no_smoke;
        request
    }
}

/// Plans and runs; findings go to a file as well where one is named.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let output = args.compile.build.output.clone();
    let sarif = args.sarif.clone().sarif;
    let terminal = Terminal::of_build(&output, session)?;
    let mut prepared = Prepared::new(args.request(terminal), session)?;
    let screens = Screens { output: &output, terminal, sarif: sarif.as_deref() };
    screens.show(session, |emit| Ok(prepared.run(session, emit)?))?;
    Ok(ExitCode::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Dist {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn dist_implies_locked_unless_told_otherwise() {
        let session = Session::of_this_process().unwrap();
        for (flags, locked) in
            [(&[][..], true), (&["--no-locked"][..], false), (&["--frozen"][..], true)]
        {
            let args = Dist::parse_from(["dist"].iter().chain(flags)).args;
            let terminal = Terminal::of_build(&args.compile.build.output, &session).unwrap();
            assert_eq!(args.request(terminal).lock.locked, locked, "for {flags:?}");
        }
    }
}
