//! How to compile: for which targets, with which profile, on how many cores, into which folder.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use tachi::{Request, Strip};

/// What is stripped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StripMode {
    /// Nothing
    None,
    /// Debug information
    Debuginfo,
    /// Debug information and symbols
    Symbols,
}

impl From<StripMode> for Strip {
    fn from(mode: StripMode) -> Self {
        match mode {
            StripMode::None => Self::None,
            StripMode::Debuginfo => Self::Debuginfo,
            StripMode::Symbols => Self::Symbols,
        }
    }
}

/// How to compile.
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Compilation Options")]
pub(crate) struct CompilationArgs {
    /// Targets: triples, or all, linux, macos, windows, tier1, host
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Vec<String>,
    /// Build with the release profile
    #[arg(short, long, conflicts_with = "profile")]
    release: bool,
    /// Build with this profile: dev, release, ci, profiling, release-small, or your own
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// What to strip from programs and libraries [default: what the profile says]
    #[arg(long, value_name = "WHAT")]
    strip: Option<StripMode>,
    /// Number of parallel jobs [default: all cores, fewer where memory is short]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Build as much as possible after a failure
    #[arg(long)]
    keep_going: bool,
    /// Folder for all generated files
    #[arg(long, value_name = "DIR")]
    target_dir: Option<String>,
    /// Wrap the compiler in sccache; an error if it is not installed
    #[arg(long, overrides_with = "no_sccache")]
    sccache: bool,
    /// Do not wrap the compiler in sccache
    #[arg(long, overrides_with = "sccache")]
    no_sccache: bool,
}

impl CompilationArgs {
    /// Puts what these flags say into a request.
    pub(super) fn ask(self, request: &mut Request) {
        let Self { target, release, profile, strip, jobs, .. } = self;
        request.targets = target;
        request.profile = if release { Some("release".into()) } else { profile };
        request.strip = strip.map(Strip::from);
        request.jobs = jobs.map(NonZeroUsize::get);
        let Self { keep_going, target_dir, sccache, no_sccache, .. } = self;
        request.keep_going = keep_going;
        request.target_dir = target_dir.map(Into::into);
        request.sccache = either(sccache, no_sccache);
    }
}

/// What a flag and its opposite say, of which clap lets the last win; none if neither is given.
pub(crate) fn either(yes: bool, no: bool) -> Option<bool> {
    (yes || no).then_some(yes)
}
