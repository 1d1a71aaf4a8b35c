//! `build` and `dist`.

use tachi::request::Goal;
use tachi::{Prepared, Session};

use crate::cli::Compile;
use crate::screen::Screens;
use crate::terminal::{Failure, Terminal};

/// Plans and runs; findings go to the file `sarif` as well.
pub(crate) fn run(
    goal: Goal,
    compile: Compile,
    sarif: Option<&str>,
    session: &Session,
) -> Result<(), Failure> {
    let output = compile.args.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let mut prepared = Prepared::new(compile.into_request(goal, terminal.color), session)?;
    let notes = prepared.plan().notes.clone();
    let screens = Screens { output: &output, terminal, notes: &notes, sarif };
    screens.show(session, |emit| Ok(prepared.run(session, emit)?))
}
