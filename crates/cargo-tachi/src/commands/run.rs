//! `run`.

use tachi::request::Goal;
use tachi::sys::{Command, run as process};
use tachi::{Runnable, Session};

use crate::cli::{Compile, MessageFormat, RunArgs};
use crate::commands::done;
use crate::screen::{human, json};
use crate::terminal::{Failure, Terminal};

/// Builds one program and becomes it.
pub(crate) fn run(mut args: RunArgs, session: &Session) -> Result<(), Failure> {
    let output = args.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let arguments = std::mem::take(&mut args.args);
    let runnable =
        Runnable::new(Compile::from(args).into_request(Goal::Run, terminal.color), session)?;
    let command = if output.message_format == MessageFormat::Json {
        runnable.build(session, &|event| json::print(&event))?
    } else {
        let screen = human::Screen::new(terminal, runnable.plan());
        let result = runnable.build(session, &|event| screen.show(event));
        screen.close();
        result?
    };
    let command = command.args(arguments);
    // As cargo has it, the variables are of no interest here.
    let shown = Command { env: [].into(), ..command.clone() };
    done(terminal, "Running", &format!("`{shown}`"));
    Err(process::exec(&command).into())
}
