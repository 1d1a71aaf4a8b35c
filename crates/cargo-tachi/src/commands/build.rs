//! `build` and `dist`.

use tachi::request::Goal;
use tachi::{Prepared, Session};

use crate::cli::{Compile, MessageFormat};
use crate::screen::{human, json};
use crate::terminal::{Failure, Terminal};

/// Plans and runs.
pub(crate) fn run(goal: Goal, compile: Compile, session: &Session) -> Result<(), Failure> {
    let output = compile.args.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let request = compile.into_request(goal, terminal.color);
    let mut prepared = Prepared::new(request, session)?;
    if output.message_format == MessageFormat::Json {
        return Ok(prepared.run(session, &|event| json::print(&event))?);
    }
    let screen = human::Screen::new(terminal, prepared.plan());
    let result = prepared.run(session, &|event| screen.show(event));
    screen.close();
    Ok(result?)
}
