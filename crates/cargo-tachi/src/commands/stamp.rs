//! `stamp`: build metadata into finished files.

use tachi::binary::stamp::Stamp;
use tachi::ops::stamp::{Stamped, Stamper};
use tachi::{ExitCode, Session};

use crate::failure::Failure;
use crate::flags::output::TerminalArgs;
use crate::terminal::Terminal;

/// The arguments of `stamp`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Files to stamp, of any platform
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Set a value over what the repository of the current directory says; empty removes it
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_set)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    terminal: TerminalArgs,
}

/// Stamps files, each by itself.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    let environment = &session.environment;
    let terminal = Terminal::new(&args.terminal, session)?;
    let stamper = Stamper::new(session)?;
    if let Some(why) = stamper.unknown_commit() {
        terminal.warn(&format!(
            "the commit is unknown: {why}\n  help: give it with --set git_hash=… or TACHI_GIT_HASH"
        ));
    }
    for file in &args.files {
        let result = stamper.file(&environment.absolute(file.as_str().into()), &args.set)?;
        if result.slots == 0 {
            return Err(Failure::Usage(format!(
                "{file} has no slot for a stamp\n  help: a program reserves one by calling \
                 `tachi_build_info::build_info!()`"
            )));
        }
        let verb = if result.changed { "Stamped" } else { "Fresh" };
        terminal.done(verb, &describe(file, &result));
    }
    Ok(ExitCode::Done)
}

fn describe(file: &str, stamped: &Stamped) -> String {
    let mut line = format!("{file} with {}", short(&stamped.stamp));
    if stamped.signature_broken {
        line += "\n     its signature covers the old bytes: sign it again (cargo tachi sign)";
    }
    line
}

/// The commit, and how many values there are.
fn short(stamp: &Stamp) -> String {
    let dirty = if stamp.get("git_dirty") == Some("true") { "-dirty" } else { "" };
    let count = stamp.iter().count();
    let values = if count == 1 { "value" } else { "values" };
    match stamp.get("git_hash") {
        Some(hash) => format!("{hash}{dirty} ({count} {values})"),
        None => format!("{count} {values}"),
    }
}

/// `KEY=VALUE` of `--set`.
fn parse_set(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it needs a `=` between key and value")?;
    Stamp::new().set(key, value).map_err(|error| error.to_string())?;
    Ok((key.to_owned(), value.to_owned()))
}
