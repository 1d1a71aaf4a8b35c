//! `setup`: brings what no other command fetches, since its licence has to be accepted.

use tachi::ops::setup::{self, Notice};
use tachi::{ExitCode, LockMode, Request, Session};

use crate::failure::Failure;
use crate::flags::output::TerminalArgs;
use crate::terminal::{self, Terminal};

/// The arguments of `setup`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Accept Microsoft's licence, and fetch its C runtime and Windows SDK with `xwin`
    #[arg(long)]
    accept_microsoft_license: bool,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<String>,
    /// Run without accessing the network
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    terminal: TerminalArgs,
}

/// Fetches, and records what was accepted.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&args.terminal, session)?;
    let request = Request {
        manifest_path: args.manifest_path.as_ref().map(Into::into),
        lock: LockMode { offline: args.offline, ..LockMode::default() },
        ..Request::default()
    };
    let mut notice = |notice| match notice {
        Notice::Doing(what) if !terminal.quiet => terminal::say(&format!("     {what}")),
        Notice::Said(line) if terminal.verbose => terminal::say(&line),
        _ => {}
    };
    let setup = setup::microsoft(&request, args.accept_microsoft_license, session, &mut notice)?;
    let verb = if setup.is_fresh { "Unchanged" } else { "Fetched" };
    terminal.done(verb, &format!("SDK {}, CRT {} in {}", setup.sdk, setup.crt, setup.folder));
    if let Some(file) = setup.recorded {
        terminal.done("Recorded", &format!("in {file}"));
    }
    Ok(ExitCode::Done)
}
