//! `strip`: finished files without what only debuggers need, as `llvm-strip` makes them.

use clap::{Args, ValueEnum};
use tachi::Session;
use tachi::post::strip::{self, Mode, Stripped};

use super::done;
use crate::cli::OutputArgs;
use crate::screen::words;
use crate::terminal::{Failure, Terminal};

/// The flags of `strip`.
#[derive(Debug, Clone, Args)]
pub(crate) struct StripArgs {
    /// Executables and shared libraries of any platform
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// What to take out
    #[arg(long, value_name = "WHAT", default_value = "symbols")]
    pub(crate) strip: What,
    /// The file to write; needs a single input, which then stays as it is
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    pub(crate) to: Option<String>,
    /// Keep what is taken out in FILE.debug, which debuggers find (ELF)
    #[arg(long)]
    pub(crate) split_debuginfo: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Cargo's words for what a profile may strip, and LLVM's option for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Nothing
    None,
    /// What debuggers read
    Debuginfo,
    /// That and the symbols that nothing needs to run or to link
    #[value(alias = "all")]
    Symbols,
}

impl From<What> for Mode {
    fn from(what: What) -> Self {
        match what {
            What::None => Self::None,
            What::Debuginfo => Self::DebugInfo,
            What::Symbols => Self::Symbols,
        }
    }
}

/// Strips files, each by itself.
pub(crate) fn run(args: &StripArgs, session: &Session) -> Result<(), Failure> {
    let terminal = Terminal::new(&args.output, &session.environment).map_err(Failure::Usage)?;
    if args.to.is_some() && args.files.len() > 1 {
        let message = "--output is for one file, and several are given";
        return Err(Failure::Usage(format!("{message}\n  help: without it, each is replaced")));
    }
    let to = args.to.as_deref().map(Into::into);
    for file in &args.files {
        let stripped = strip::strip(file.as_ref(), to, args.strip.into(), args.split_debuginfo)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let verb = if stripped.is_changed { "Stripped" } else { "Unchanged" };
        done(terminal, verb, &said(args.to.as_deref().unwrap_or(file), &stripped));
    }
    Ok(())
}

fn said(file: &str, stripped: &Stripped) -> String {
    let sizes = format!("{} → {}", words::size(stripped.before), words::size(stripped.after));
    match &stripped.symbols {
        Some(symbols) => format!("{file} ({sizes}, symbols in {symbols})"),
        None => format!("{file} ({sizes})"),
    }
}
