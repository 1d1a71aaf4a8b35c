//! `setup`: brings what no other command fetches, since its licence has to be accepted.

use tachi::request::{LockMode, Request};
use tachi::toolchain::provision::microsoft::{self, Consent};
use tachi::toolchain::provision::{Notice, Provision};
use tachi::{ExitCode, Session, facts};

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
    let facts = facts::gather(&request, session)?;
    let mut notice = |notice| match notice {
        Notice::Doing(what) if !terminal.quiet => terminal::say(&format!("     {what}")),
        Notice::Said(line) if terminal.verbose => terminal::say(&line),
        _ => {}
    };
    let mut provision = Provision {
        environment: &session.environment,
        cache: &facts.cache,
        offline: args.offline,
        interrupt: &session.interrupt,
        notice: &mut notice,
    };
    let consent =
        Consent { given: args.accept_microsoft_license, recorded: facts.pins.microsoft() };
    let provided = microsoft::provide(&mut provision, &facts.toolchain, &facts.pins, consent)?;
    let root = facts.workspace.root();
    let verb = if provided.is_fresh { "Unchanged" } else { "Fetched" };
    let accepted = &provided.accepted;
    let text = format!("SDK {}, CRT {} in {}", accepted.sdk, accepted.crt, provided.folder);
    terminal.done(verb, &text);
    let pins = facts.pins.clone().with_microsoft(accepted.clone(), provided.xwin);
    if pins != facts.pins {
        pins.write(root)?;
        let file = root.join(tachi::toolchain::lockfile::FILE_NAME);
        terminal.done("Recorded", &format!("in {file}"));
    }
    Ok(ExitCode::Done)
}
