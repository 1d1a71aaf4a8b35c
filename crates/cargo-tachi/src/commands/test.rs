//! `test`.

use std::io::Write;
use std::time::Duration;

use tachi::ops::{report, test};
use tachi::{ExitCode, Prepared, Session};
use tachi::{Goal, Request, Testing};
use tachi_report::table;

use crate::failure::Failure;
use crate::flags::CompileArgs;
use crate::flags::compile::either;
use crate::flags::output::MessageFormat;
use crate::flags::targets::TestTargetArgs;
use crate::screen::Screens;
use crate::terminal::Terminal;

/// The arguments of `test`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Run only tests whose names contain this
    #[arg(value_name = "TESTNAME")]
    filter: Option<String>,
    /// Arguments for the test executables
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
    #[command(flatten)]
    testing: TestingArgs,
    #[command(flatten)]
    compile: CompileArgs,
    #[command(flatten)]
    tests: TestTargetArgs,
}

/// What is done with tests.
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Test Options")]
struct TestingArgs {
    /// Compile, but do not run
    #[arg(long)]
    no_run: bool,
    /// Run all tests of a target, whichever fail
    #[arg(long)]
    no_fail_fast: bool,
    /// Seconds that a test may take (with cargo-nextest), else a whole test executable
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<std::num::NonZeroU32>,
    /// Put the tests into an archive for cargo-nextest; where there are several targets,
    /// into one each, with the triple in its name
    #[arg(long, value_name = "FILE")]
    archive: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_run",
        help = "Write the results as JUnit XML"
    )]
    junit: Option<String>,
    /// Run the tests through cargo-nextest; an error if it is not installed
    #[arg(long, overrides_with = "no_nextest")]
    nextest: bool,
    /// Run each test executable directly, even if cargo-nextest is installed
    #[arg(long, overrides_with = "nextest")]
    no_nextest: bool,
}

impl TestingArgs {
    /// What these flags say, with the filter and the arguments for the test executables.
    fn testing(self, arguments: Vec<String>) -> Testing {
        let Self { no_run, no_fail_fast, timeout, archive, junit: _, nextest, no_nextest } = self;
        Testing {
            no_run,
            no_fail_fast,
            arguments,
            timeout: timeout.map(|seconds| Duration::from_secs(seconds.get().into())),
            archive: archive.map(Into::into),
            nextest: either(nextest, no_nextest),
        }
    }
}

impl Args {
    fn request(self, terminal: Terminal) -> Request {
        let Self { filter, arguments, testing, compile, tests } = self;
        let mut request = compile.request(Goal::Test, terminal);
        tests.select(&mut request.cargo_targets);
        request.testing = testing.testing(filter.into_iter().chain(arguments).collect());
        request
    }
}

/// Compiles tests, runs them and shows what came of it.
pub(crate) fn run(args: Args, session: &Session) -> Result<ExitCode, Failure> {
    let output = args.compile.build.output.clone();
    let terminal = Terminal::of_build(&output, session)?;
    let junit_file = args.testing.junit.clone();
    let mut prepared = Prepared::new(args.request(terminal), session)?;
    let screens = Screens { output: &output, terminal, sarif: None };
    let outcome = screens.show(session, |emit| Ok(test::run(&mut prepared, session, emit)?))?;
    if output.message_format != MessageFormat::Json {
        let text = table::show(&outcome);
        anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
    }
    if let Some(path) = junit_file {
        report::write_junit(&outcome, path.as_ref(), session)?;
        terminal.done("Written", &path);
    }
    Ok(if outcome.success() { ExitCode::Done } else { ExitCode::Compilation })
}
