//! The flags that several commands share, cargo's where cargo has them; each group knows
//! which part of a request it makes.

pub(crate) mod compile;
pub(crate) mod features;
pub(crate) mod manifest;
pub(crate) mod output;
pub(crate) mod packages;
pub(crate) mod targets;

use clap::Args;
use tachi::{CargoTargets, Goal, Packages, Request};

use crate::terminal::Terminal;

/// The flags of everything that compiles a selection.
#[derive(Debug, Clone, Args)]
pub(crate) struct CompileArgs {
    #[command(flatten)]
    packages: packages::PackageArgs,
    #[command(flatten)]
    cargo_targets: targets::CargoTargetArgs,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
}

impl CompileArgs {
    /// The request that these flags make.
    pub(crate) fn request(self, goal: Goal, terminal: Terminal) -> Request {
        let Self { packages, cargo_targets, build } = self;
        build.request(goal, packages.into(), cargo_targets.into(), terminal)
    }
}

/// How something is built, whatever is selected.
#[derive(Debug, Clone, Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    features: features::FeatureArgs,
    #[command(flatten)]
    pub(crate) compilation: compile::CompilationArgs,
    #[command(flatten)]
    manifest: manifest::ManifestArgs,
    #[command(flatten)]
    pub(crate) output: output::OutputArgs,
}

impl BuildArgs {
    /// The request that these flags make for what is selected.
    pub(crate) fn request(
        self,
        goal: Goal,
        packages: Packages,
        cargo_targets: CargoTargets,
        terminal: Terminal,
    ) -> Request {
        let Self { features, compilation, manifest, output } = self;
        let mut request = Request { goal, packages, cargo_targets, ..Request::default() };
        request.features = features.into();
        compilation.ask(&mut request);
        manifest.ask(&mut request);
        request.verbose = output.terminal.verbose;
        request.color = terminal.color;
        request.short_diagnostics = terminal.short;
        request
    }
}
