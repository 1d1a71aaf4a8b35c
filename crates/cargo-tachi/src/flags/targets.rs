//! Which cargo targets: libraries, programs, examples, tests.

use clap::Args;
use tachi::CargoTargets;

/// Which cargo targets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cargo Target Selection")]
pub(crate) struct CargoTargetArgs {
    /// Build only the packages' libraries
    #[arg(long)]
    lib: bool,
    /// Build all binaries
    #[arg(long)]
    bins: bool,
    /// Build only this binary
    #[arg(long, value_name = "NAME")]
    bin: Vec<String>,
    /// Build all examples
    #[arg(long)]
    examples: bool,
    /// Build only this example
    #[arg(long, value_name = "NAME")]
    example: Vec<String>,
}

impl From<CargoTargetArgs> for CargoTargets {
    fn from(args: CargoTargetArgs) -> Self {
        let CargoTargetArgs { lib, bins, bin, examples, example } = args;
        Self { lib, bins, bin, examples, example, ..Self::default() }
    }
}

/// Which tests, beside [`CargoTargetArgs`].
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cargo Target Selection")]
pub(crate) struct TestTargetArgs {
    /// Test all targets that have `test = true`
    #[arg(long)]
    tests: bool,
    /// Test only this integration test
    #[arg(long, value_name = "NAME")]
    test: Vec<String>,
    /// Test all targets that have `bench = true`
    #[arg(long)]
    benches: bool,
    /// Test only this benchmark
    #[arg(long, value_name = "NAME")]
    bench: Vec<String>,
    /// Test all targets: the same as --lib --bins --tests --benches --examples
    #[arg(long)]
    all_targets: bool,
}

impl TestTargetArgs {
    /// Adds what these flags select.
    pub(crate) fn select(self, selection: &mut CargoTargets) {
        let Self { tests, test, benches, bench, all_targets } = self;
        selection.tests = tests || all_targets;
        selection.benches = benches || all_targets;
        selection.lib |= all_targets;
        selection.bins |= all_targets;
        selection.examples |= all_targets;
        selection.test = test;
        selection.bench = bench;
    }
}
