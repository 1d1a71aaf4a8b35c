//! `plan`.

use std::io::Write;

use tachi::plan::explain;
use tachi::request::Goal;
use tachi::{Prepared, Session};

use crate::cli::{Compile, PlanArgs, PlanFormat};
use crate::terminal::{Failure, Terminal};

/// Plans and prints.
pub(crate) fn run(args: PlanArgs, session: &Session) -> Result<(), Failure> {
    let terminal =
        Terminal::new(&args.compile.output, &session.environment).map_err(Failure::Usage)?;
    let goal = match (args.dist, args.test) {
        (true, _) => Goal::Dist,
        (_, true) => Goal::Test,
        _ => Goal::Build,
    };
    let mut compile = Compile::from(Box::new(args.compile));
    compile.locked |= args.dist;
    let plan = Prepared::new(compile.into_request(goal, terminal.color), session)?.planned.plan;
    let text = match args.format {
        PlanFormat::Tree => explain::tree(&plan),
        PlanFormat::Dot => explain::dot(&plan),
        PlanFormat::Json => {
            serde_json::to_string_pretty(&plan).expect("strings and numbers always serialise")
                + "\n"
        }
    };
    anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)
}
