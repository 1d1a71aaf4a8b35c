//! `stamp`: build metadata into finished files.

use tachi::binary::stamp::Stamp;
use tachi::post::stamp::{self, BuildValues, Stamped};
use tachi::vcs::VcsError;
use tachi::{Session, vcs};

use crate::cli::StampArgs;
use crate::terminal::{self, Failure, Terminal};

/// Stamps files, each by itself.
pub(crate) fn run(args: &StampArgs, session: &Session) -> Result<(), Failure> {
    let environment = &session.environment;
    let terminal = Terminal::new(&args.output, environment).map_err(Failure::Usage)?;
    let folder = vcs::manifest_folder(environment.current_dir());
    let sources =
        vcs::state(folder, environment, &session.interrupt).map_err(|error| match error {
            VcsError::Sys(error) => error.into(),
            error @ VcsError::Override(_) => usage(error),
        })?;
    if let (Some(why), None, false) = (&sources.unknown, &sources.git_hash, terminal.quiet) {
        terminal::say(&format!(
            "\u{1b}[1;33mwarning\u{1b}[0m\u{1b}[1m:\u{1b}[0m the commit is unknown: {why}\n  \
             help: give it with --set git_hash=… or TACHI_GIT_HASH"
        ));
    }
    let values = stamp::values(&sources, &BuildValues::default(), environment).map_err(usage)?;
    for file in &args.files {
        let path = environment.absolute(file.as_str().into());
        let present = stamp::read_file(&path).map_err(usage)?;
        let mut new = stamp::renewed(&present.unwrap_or_default(), values.clone());
        for (key, value) in &args.set {
            new.set(key, value).map_err(usage)?;
        }
        let stamped = stamp::stamp_file(&path, &new).map_err(usage)?;
        if stamped.slots == 0 {
            return Err(Failure::Usage(format!(
                "{file} has no slot for a stamp\n  help: a program reserves one by calling \
                 `tachi_build_info::build_info!()`"
            )));
        }
        if !terminal.quiet {
            terminal::say(&said(file, &stamped));
        }
    }
    Ok(())
}

fn said(file: &str, stamped: &Stamped) -> String {
    let verb = if stamped.changed { "Stamped" } else { "Fresh" };
    let mut line = format!("\u{1b}[1;32m{verb:>12}\u{1b}[0m {file} with {}", short(&stamped.stamp));
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

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

/// `KEY=VALUE` of `--set`.
pub(crate) fn parse_set(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it needs a `=` between key and value")?;
    Stamp::new().set(key, value).map_err(|error| error.to_string())?;
    Ok((key.to_owned(), value.to_owned()))
}
