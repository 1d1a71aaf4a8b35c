//! `cargo xtask fuzz`: runs the fuzz targets of tachi-binary for a given time, and makes the small
//! files that they start from.

mod corpus;

use crate::arguments::Arguments;
use crate::process;

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    if arguments.flag("--corpus") {
        arguments.finish()?;
        return corpus::make();
    }
    let seconds = arguments.value("--seconds")?.unwrap_or_else(|| "60".to_owned());
    let seed = arguments.value("--seed")?;
    let targets = arguments.words()?;
    let mut command = process::command("cargo", &["test", "--release", "--locked"]);
    // A number that wraps around is a finding, too.
    command.args(["--config", "profile.release.overflow-checks=true"]);
    command.args(["--package", "tachi-binary", "--test", "fuzz", "--", "--nocapture"]);
    command.arg("--test-threads=1").args(&targets);
    command.env("TACHI_FUZZ_SECONDS", seconds);
    if let Some(seed) = seed {
        command.env("TACHI_FUZZ_SEED", seed);
    }
    process::run(&mut command)
}
