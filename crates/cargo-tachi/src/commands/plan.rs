//! `plan`.

use std::io::Write;

use clap::ValueEnum;
use tachi::Goal;
use tachi::ops::plan as words;
use tachi::{ExitCode, Prepared, Session};

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::terminal::Terminal;

/// The arguments of `plan`.
#[derive(Debug, Clone, clap::Args)]
#[command(mut_arg("verbose", |arg| {
    arg.help("Show every step with its reason, its exact command and environment")
}))]
pub(crate) struct Args {
    #[command(flatten)]
    compile: CompileArgs,
    /// Plan for `dist`
    #[arg(long)]
    dist: bool,
    /// Plan for `test`
    #[arg(long, conflicts_with = "dist")]
    test: bool,
    /// How to print it
    #[arg(long, value_name = "FMT", default_value = "human")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// How to print a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[value(alias = "tree")]
    Human,
    /// For programs (tachi-schema)
    Json,
    /// For Graphviz
    Dot,
}

/// Plans and prints.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let is_full = args.compile.build.output.terminal.verbose > 0;
    let terminal = Terminal::of_build(&args.compile.build.output, session)?;
    let goal = match (args.dist, args.test) {
        (true, _) => Goal::Dist,
        (_, true) => Goal::Test,
        _ => Goal::Build,
    };
    let mut request = args.compile.request(goal, terminal);
    request.lock.locked |= args.dist;
    // It asks for a longer plan, not for what cargo says besides.
    request.verbose = 0;
    let prepared = Prepared::new(request, session)?;
    let plan = prepared.plan();
    let format = if args.json { Format::Json } else { args.format };
    let text = match format {
        Format::Human if is_full => words::full(plan),
        Format::Human => words::screen(plan),
        Format::Dot => words::dot(plan),
        Format::Json => {
            serde_json::to_string_pretty(plan).expect("strings and numbers always serialise") + "\n"
        }
    };
    anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
    Ok(ExitCode::Done)
}
