//! `strip`: finished files without what only debuggers need, as `llvm-strip` makes them.

use clap::ValueEnum;
use tachi::ops::strip::{self, Mode, Stripped};
use tachi::{ExitCode, Session};
use tachi_report::words;

use crate::failure::Failure;
use crate::flags::output::TerminalArgs;
use crate::terminal::Terminal;

/// The arguments of `strip`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Executables and shared libraries of any platform
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// What to take out
    #[arg(long, value_name = "WHAT", default_value = "symbols")]
    strip: What,
    /// The file to write; needs a single input, which then stays as it is
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    to: Option<String>,
    /// Keep what is taken out in FILE.debug, which debuggers find (ELF)
    #[arg(long)]
    split_debuginfo: bool,
    #[command(flatten)]
    terminal: TerminalArgs,
}

/// Cargo's words for what a profile may strip, and LLVM's option for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
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
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&args.terminal, session)?;
    if args.to.is_some() && args.files.len() > 1 {
        let message = "--output is for one file, and several are given";
        return Err(Failure::Usage(format!("{message}\n  help: without it, each is replaced")));
    }
    let to = args.to.as_deref().map(Into::into);
    for file in &args.files {
        let stripped = strip::strip(file.as_ref(), to, args.strip.into(), args.split_debuginfo)?;
        let verb = if stripped.is_changed { "Stripped" } else { "Unchanged" };
        terminal.done(verb, &describe(args.to.as_deref().unwrap_or(file), &stripped));
    }
    Ok(ExitCode::Done)
}

fn describe(file: &str, stripped: &Stripped) -> String {
    let sizes = format!("{} → {}", words::size(stripped.before), words::size(stripped.after));
    match &stripped.symbols {
        Some(symbols) => format!("{file} ({sizes}, symbols in {symbols})"),
        None => format!("{file} ({sizes})"),
    }
}
