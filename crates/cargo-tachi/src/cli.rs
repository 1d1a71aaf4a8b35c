//! The flags: cargo's where cargo has them.

use clap::{Args, Parser, Subcommand, ValueEnum};
use tachi::request::{CargoTargets, Features, Goal, LockMode, Packages, Request, Strip, Testing};

use crate::commands::{run, setup, sign, strip, test, universal, verify};

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
    Build(Box<CompileArgs>),
    /// Build one program for one target and run it here
    #[command(visible_alias = "r")]
    Run(Box<run::RunArgs>),
    /// Compile tests for the chosen targets and run them here
    #[command(visible_alias = "t")]
    Test(Box<test::TestArgs>),
    /// Build, prove and package, into target/tachi/dist
    Dist(Box<DistArgs>),
    /// Prove files, or the release that `dist` made
    Verify(Box<verify::VerifyArgs>),
    /// Show what would happen and why; changes nothing
    Plan(Box<PlanArgs>),
    /// List targets and what this machine can do for each
    Targets(TargetsArgs),
    /// Fetch what has a licence to be accepted: Microsoft's C runtime and Windows SDK
    Setup(Box<setup::SetupArgs>),
    /// Show what files are: format, floor, libraries, hardening, stamp
    Inspect(InspectArgs),
    /// Write version, commit and build into files that use tachi-build-info
    Stamp(StampArgs),
    /// Join macOS files for several architectures into one, or take them apart
    #[command(subcommand)]
    Universal(universal::UniversalCommand),
    /// Sign files for macOS and Windows, or check a macOS file's signature
    Sign(Box<sign::SignArgs>),
    /// Take debug information and symbols out of files, or into files beside them
    Strip(strip::StripArgs),
}

/// The flags of everything that compiles.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CompileArgs {
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
    #[command(flatten)]
    pub(crate) cargo_targets: CargoTargetArgs,
    #[command(flatten)]
    pub(crate) features: FeatureArgs,
    #[command(flatten)]
    pub(crate) compilation: CompilationArgs,
    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Which packages.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Package Selection")]
pub(crate) struct PackageArgs {
    /// Package to build: a name, name@version, or a pattern
    #[arg(short, long = "package", value_name = "SPEC")]
    pub(crate) package: Vec<String>,
    /// Build all packages in the workspace
    #[arg(long, alias = "all")]
    pub(crate) workspace: bool,
    /// Build all packages but this one
    #[arg(long, value_name = "SPEC", conflicts_with = "package")]
    pub(crate) exclude: Vec<String>,
}

/// Which cargo targets.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cargo Target Selection")]
pub(crate) struct CargoTargetArgs {
    /// Build only the packages' libraries
    #[arg(long)]
    pub(crate) lib: bool,
    /// Build all binaries
    #[arg(long)]
    pub(crate) bins: bool,
    /// Build only this binary
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Vec<String>,
    /// Build all examples
    #[arg(long)]
    pub(crate) examples: bool,
    /// Build only this example
    #[arg(long, value_name = "NAME")]
    pub(crate) example: Vec<String>,
}

/// Which features.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Feature Selection")]
pub(crate) struct FeatureArgs {
    /// Features to switch on, separated by spaces or commas
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Switch on all features
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Do not switch on the `default` feature
    #[arg(long)]
    pub(crate) no_default_features: bool,
}

/// What is stripped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StripMode {
    /// Nothing
    None,
    /// Debug information
    Debuginfo,
    /// Debug information and symbols
    Symbols,
}

/// How to compile.
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Compilation Options")]
pub(crate) struct CompilationArgs {
    /// Targets: triples, or all, linux, macos, windows, tier1, host
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Vec<String>,
    /// Build with the release profile
    #[arg(short, long, conflicts_with = "profile")]
    pub(crate) release: bool,
    /// Build with this profile: dev, release, ci, profiling, release-small, or your own
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// What to strip from programs and libraries [default: what the profile says]
    #[arg(long, value_name = "WHAT")]
    pub(crate) strip: Option<StripMode>,
    /// Number of parallel jobs [default: all cores, fewer where memory is short]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// Build as much as possible after a failure
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Folder for all generated files
    #[arg(long, value_name = "DIR")]
    pub(crate) target_dir: Option<String>,
    /// Wrap the compiler in sccache; an error if it is not installed
    #[arg(long, overrides_with = "no_sccache")]
    pub(crate) sccache: bool,
    /// Do not wrap the compiler in sccache
    #[arg(long, overrides_with = "sccache")]
    pub(crate) no_sccache: bool,
}

/// Which workspace, and how strictly.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Manifest Options")]
pub(crate) struct ManifestArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<String>,
    /// Assert that Cargo.lock will remain unchanged
    #[arg(long)]
    pub(crate) locked: bool,
    /// Run without accessing the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// The same as --locked and --offline
    #[arg(long)]
    pub(crate) frozen: bool,
    /// Override a cargo configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<String>,
}

/// What is shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output Options")]
pub(crate) struct OutputArgs {
    /// Show cargo's own lines too (-vv: those of build scripts)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Show only what the compiler has to say, and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Colours [default: `CARGO_TERM_COLOR`, else auto]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<ColorWhen>,
    /// How to report: for people, one line a diagnostic, or events as JSON lines
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
}

/// The flags of `dist`.
#[derive(Debug, Clone, Args)]
pub(crate) struct DistArgs {
    #[command(flatten)]
    pub(crate) compile: CompileArgs,
    /// Let Cargo.lock change: `dist` implies --locked otherwise
    #[arg(long, conflicts_with_all = ["locked", "frozen"], help_heading = "Manifest Options")]
    pub(crate) no_locked: bool,
    /// Do not run the programs that were made
    #[arg(long)]
    pub(crate) no_smoke: bool,
    /// Write the findings to this file in SARIF, too
    #[arg(long, value_name = "FILE", help_heading = "Output Options")]
    pub(crate) sarif: Option<String>,
}

/// The flags of `plan`.
#[derive(Debug, Clone, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) compile: CompileArgs,
    /// Plan for `dist`
    #[arg(long)]
    pub(crate) dist: bool,
    /// Plan for `test`
    #[arg(long, conflicts_with = "dist")]
    pub(crate) test: bool,
    /// How to print it
    #[arg(long, value_name = "FMT", default_value = "tree")]
    pub(crate) format: PlanFormat,
}

/// The flags of `targets`.
#[derive(Debug, Clone, Args)]
pub(crate) struct TargetsArgs {
    /// Only these: triples, or all, linux, macos, windows, tier1, host
    pub(crate) target: Vec<String>,
    /// Print JSON lines
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// The flags of `inspect`.
#[derive(Debug, Clone, Args)]
pub(crate) struct InspectArgs {
    /// Executables, libraries, objects or archives of any platform
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Print JSON lines
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// The flags of `stamp`.
#[derive(Debug, Clone, Args)]
pub(crate) struct StampArgs {
    /// Files to stamp, of any platform
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Set a value over what the repository of the current directory says; empty removes it
    #[arg(long, value_name = "KEY=VALUE", value_parser = crate::commands::stamp::parse_set)]
    pub(crate) set: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// How to report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    #[default]
    Human,
    Short,
    Json,
}

/// How to print a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Tree,
    /// For programs (tachi-schema)
    Json,
    /// For Graphviz
    Dot,
}

/// What was given to `dist`, with what `dist` implies.
#[derive(Debug)]
pub(crate) struct Compile {
    /// The flags.
    pub(crate) args: CompileArgs,
    /// `--locked`, given or implied.
    pub(crate) locked: bool,
    /// `--no-smoke`.
    pub(crate) no_smoke: bool,
}

impl From<Box<CompileArgs>> for Compile {
    fn from(args: Box<CompileArgs>) -> Self {
        let locked = args.manifest.locked || args.manifest.frozen;
        Self { locked, no_smoke: false, args: *args }
    }
}

impl From<Box<DistArgs>> for Compile {
    fn from(args: Box<DistArgs>) -> Self {
        Self { locked: !args.no_locked, no_smoke: args.no_smoke, args: args.compile }
    }
}

impl Compile {
    /// The request that these flags make.
    pub(crate) fn into_request(self, goal: Goal, color: bool) -> Request {
        let CompileArgs { packages, cargo_targets, features, compilation, manifest, output } =
            self.args;
        Request {
            goal,
            manifest_path: manifest.manifest_path.map(Into::into),
            packages: Packages {
                workspace: packages.workspace,
                include: packages.package,
                exclude: packages.exclude,
            },
            cargo_targets: CargoTargets {
                lib: cargo_targets.lib,
                bins: cargo_targets.bins,
                bin: cargo_targets.bin,
                examples: cargo_targets.examples,
                example: cargo_targets.example,
                ..CargoTargets::default()
            },
            features: Features {
                list: features.features,
                all: features.all_features,
                no_default: features.no_default_features,
            },
            targets: compilation.target,
            profile: if compilation.release { Some("release".into()) } else { compilation.profile },
            strip: compilation.strip.map(|mode| match mode {
                StripMode::None => Strip::None,
                StripMode::Debuginfo => Strip::Debuginfo,
                StripMode::Symbols => Strip::Symbols,
            }),
            jobs: compilation.jobs.map(std::num::NonZero::get),
            keep_going: compilation.keep_going,
            lock: LockMode { locked: self.locked, offline: manifest.offline || manifest.frozen },
            target_dir: compilation.target_dir.map(Into::into),
            config: manifest.config,
            sccache: match (compilation.sccache, compilation.no_sccache) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            testing: Testing::default(),
            no_smoke: self.no_smoke,
            verbose: output.verbose,
            color,
            short_diagnostics: output.message_format == MessageFormat::Short,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn dist_implies_locked_unless_told_otherwise() {
        for (flags, locked) in
            [(&[][..], true), (&["--no-locked"][..], false), (&["--frozen"][..], true)]
        {
            let words = ["cargo-tachi", "dist"].iter().chain(flags);
            let Command::Dist(args) = Cli::parse_from(words).command else { panic!("not dist") };
            assert_eq!(Compile::from(args).locked, locked, "for {flags:?}");
        }
    }
}
