//! The command line: every command with its arguments.

use clap::{Parser, Subcommand};

use crate::commands::{
    build, cache, dist, inspect, plan, run, setup, sign, stamp, strip, targets, test, universal,
    verify,
};

/// Finished releases of a Cargo workspace for every platform, from this one machine.
#[derive(Debug, Parser)]
#[command(name = "cargo-tachi", bin_name = "cargo tachi", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile for the chosen targets and place the finished files
    #[command(visible_alias = "b")]
    Build(Box<build::Args>),
    /// Build one program for one target and run it here
    #[command(visible_alias = "r")]
    Run(Box<run::Args>),
    /// Compile tests for the chosen targets and run them here
    #[command(visible_alias = "t")]
    Test(Box<test::Args>),
    /// Build, verify and package, into target/tachi/dist
    Dist(Box<dist::Args>),
    /// Check files, or the release that `dist` made, against the rules
    Verify(Box<verify::Args>),
    /// Show what would happen and why, and change nothing
    Plan(Box<plan::Args>),
    /// List targets and what this machine can do for each
    Targets(targets::Args),
    /// Fetch Microsoft's C runtime and Windows SDK, once you accept their licence
    Setup(Box<setup::Args>),
    /// Show what the cache folder holds, or remove what nobody needs
    #[command(subcommand)]
    Cache(cache::Args),
    /// Show what files are: format, floor, libraries, hardening, stamp
    Inspect(inspect::Args),
    /// Write version, commit and build into files that use tachi-build-info
    Stamp(stamp::Args),
    /// Join macOS files for several architectures into one, or take them apart
    #[command(subcommand)]
    Universal(universal::Args),
    /// Sign files for macOS and Windows, or check a macOS file's signature
    Sign(Box<sign::Args>),
    /// Take debug information and symbols out of files, or move them into files of their own
    Strip(strip::Args),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
