//! `test`.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use tachi::request::{Goal, Request, Testing};
use tachi::{ExitCode, Prepared, Session, testing};

use crate::cli::{
    CargoTargetArgs, CompilationArgs, Compile, CompileArgs, FeatureArgs, ManifestArgs,
    MessageFormat, OutputArgs, PackageArgs,
};
use crate::commands::done;
use crate::screen::{Screens, results};
use crate::terminal::{Failure, Terminal};

/// The flags of `test`.
#[derive(Debug, Clone, Args)]
pub(crate) struct TestArgs {
    /// Run only tests whose names contain this
    #[arg(value_name = "TESTNAME")]
    pub(crate) filter: Option<String>,
    /// Arguments for the test executables
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
    #[command(flatten)]
    pub(crate) testing: TestingArgs,
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
    #[command(flatten)]
    pub(crate) cargo_targets: CargoTargetArgs,
    #[command(flatten)]
    pub(crate) tests: TestTargetArgs,
    #[command(flatten)]
    pub(crate) features: FeatureArgs,
    #[command(flatten)]
    pub(crate) compilation: CompilationArgs,
    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What is done with tests.
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Test Options")]
pub(crate) struct TestingArgs {
    /// Compile, but do not run
    #[arg(long)]
    pub(crate) no_run: bool,
    /// Run all tests of a target, whichever fail
    #[arg(long)]
    pub(crate) no_fail_fast: bool,
    /// Seconds that a test may take (with cargo-nextest), else a whole test executable
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<std::num::NonZeroU32>,
    /// Put the tests into an archive for cargo-nextest; where there are several targets,
    /// into one each, with the triple in its name
    #[arg(long, value_name = "FILE")]
    pub(crate) archive: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_run",
        help = "Write the results as JUnit XML"
    )]
    pub(crate) junit: Option<String>,
    /// Run the tests through cargo-nextest; an error if it is not installed
    #[arg(long, overrides_with = "no_nextest")]
    pub(crate) nextest: bool,
    /// Run each test executable directly, even if cargo-nextest is installed
    #[arg(long, overrides_with = "nextest")]
    pub(crate) no_nextest: bool,
}

/// Which tests.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cargo Target Selection")]
pub(crate) struct TestTargetArgs {
    /// Test all targets that have `test = true`
    #[arg(long)]
    pub(crate) tests: bool,
    /// Test only this integration test
    #[arg(long, value_name = "NAME")]
    pub(crate) test: Vec<String>,
    /// Test all targets that have `bench = true`
    #[arg(long)]
    pub(crate) benches: bool,
    /// Test only this benchmark
    #[arg(long, value_name = "NAME")]
    pub(crate) bench: Vec<String>,
    /// Test all targets: the same as --lib --bins --tests --benches --examples
    #[arg(long)]
    pub(crate) all_targets: bool,
}

impl TestArgs {
    fn into_request(self, color: bool) -> Request {
        let Self { filter, args, testing, packages, cargo_targets, tests, .. } = self;
        let Self { features, compilation, manifest, output, .. } = self;
        let compile =
            CompileArgs { packages, cargo_targets, features, compilation, manifest, output };
        let mut request = Compile::from(Box::new(compile)).into_request(Goal::Test, color);
        request.cargo_targets.tests = tests.tests;
        request.cargo_targets.test = tests.test;
        request.cargo_targets.benches = tests.benches;
        request.cargo_targets.bench = tests.bench;
        if tests.all_targets {
            let all = &mut request.cargo_targets;
            for flag in
                [&mut all.lib, &mut all.bins, &mut all.examples, &mut all.tests, &mut all.benches]
            {
                *flag = true;
            }
        }
        request.testing = Testing {
            no_run: testing.no_run,
            no_fail_fast: testing.no_fail_fast,
            arguments: filter.into_iter().chain(args).collect(),
            timeout: testing.timeout.map(|seconds| Duration::from_secs(seconds.get().into())),
            archive: testing.archive.map(Into::into),
            nextest: match (testing.nextest, testing.no_nextest) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
        };
        request
    }
}

/// Compiles tests, runs them and shows what came of it.
pub(crate) fn run(args: TestArgs, session: &Session) -> Result<ExitCode, Failure> {
    let output = args.output.clone();
    let terminal = Terminal::new(&output, &session.environment).map_err(Failure::Usage)?;
    let junit = args.testing.junit.clone();
    let mut prepared = Prepared::new(args.into_request(terminal.color), session)?;
    let notes = prepared.plan().notes.clone();
    let screens = Screens { output: &output, terminal, notes: &notes, sarif: None };
    let report = screens.show(session, |emit| Ok(testing::run(&mut prepared, session, emit)?))?;
    if output.message_format != MessageFormat::Json {
        let text = results::show(&report);
        anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
    }
    if let Some(file) = junit {
        let path = session.environment.absolute(file.as_str().into());
        testing::junit::write(&path, &report)?;
        done(terminal, "Written", &file);
    }
    Ok(if report.success() { ExitCode::Done } else { ExitCode::Compilation })
}
