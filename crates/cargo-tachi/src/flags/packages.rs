//! Which packages.

use clap::Args;
use tachi::Packages;

/// Which packages.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Package Selection")]
pub(crate) struct PackageArgs {
    /// Package to build: a name, name@version, or a pattern
    #[arg(short, long = "package", value_name = "SPEC")]
    package: Vec<String>,
    /// Build all packages in the workspace
    #[arg(long, alias = "all")]
    workspace: bool,
    /// Build all packages but this one
    #[arg(long, value_name = "SPEC", conflicts_with = "package")]
    exclude: Vec<String>,
}

impl From<PackageArgs> for Packages {
    fn from(args: PackageArgs) -> Self {
        let PackageArgs { package, workspace, exclude } = args;
        Self { workspace, include: package, exclude }
    }
}
