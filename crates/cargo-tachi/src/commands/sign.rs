//! `sign`: ad-hoc signatures, as `codesign -s -` makes them, and their check.

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;
use tachi::post::sign::{self, Checked, Replace, Signature};
use tachi::{ExitCode, Session};

use super::done;
use crate::cli::OutputArgs;
use crate::terminal::{self, Failure, Terminal};

/// The flags of `sign`.
#[derive(Debug, Clone, Args)]
pub(crate) struct SignArgs {
    /// The files: executables, dylibs or bundles, universal or not
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// The identifier to sign with [default: the file's name]
    #[arg(long, value_name = "ID")]
    pub(crate) identifier: Option<String>,
    /// Replace a signature that was made with a certificate or grants entitlements
    #[arg(long)]
    pub(crate) force: bool,
    /// Change nothing: check every page against the signature, and print what it says
    #[arg(long, conflicts_with_all = ["identifier", "force"])]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Signs or checks.
pub(crate) fn run(args: &SignArgs, session: &Session) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&args.output, &session.environment).map_err(Failure::Usage)?;
    if args.check {
        return check(&args.files);
    }
    let replace = if args.force { Replace::Any } else { Replace::AdHoc };
    for file in &args.files {
        let signed = sign::sign(file.as_ref(), args.identifier.as_deref(), replace)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let verb = if signed.is_changed { "Signed" } else { "Unchanged" };
        done(terminal, verb, &format!("{file} (ad-hoc, identifier {})", signed.identifier));
    }
    Ok(ExitCode::Done)
}

fn check(files: &[String]) -> Result<ExitCode, Failure> {
    let mut bad = Vec::new();
    for file in files {
        let checked =
            sign::check(file.as_ref()).map_err(|error| Failure::Usage(error.to_string()))?;
        if !checked.iter().all(Checked::is_good) {
            bad.push(file.as_str());
        }
        let text = describe(file, &checked);
        anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
    }
    if bad.is_empty() {
        return Ok(ExitCode::Done);
    }
    terminal::say(&format!(
        "\u{1b}[1;31merror\u{1b}[0m\u{1b}[1m:\u{1b}[0m no good signature: {0}\n  help: \
         cargo tachi sign {1}",
        bad.join(", "),
        bad.join(" ")
    ));
    Ok(ExitCode::Verification)
}

/// A line for the file, then what each architecture's signature says and what is wrong.
fn describe(file: &str, checked: &[Checked]) -> String {
    let mut text = format!("{file}:\n");
    for one in checked {
        let summary = one.signature.as_ref().map_or("not signed".into(), summary);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {summary}", one.cpu);
        for problem in one.signature.iter().flat_map(|signature| &signature.problems) {
            let _ = writeln!(text, "    {problem}");
        }
    }
    text
}

fn summary(signature: &Signature) -> String {
    let worth = if signature.problems.is_empty() { "good" } else { "BAD" };
    let mut text = format!("{worth} signature");
    if let Some(directory) = signature.directories.first() {
        let _ = write!(
            text,
            ", identifier {}, flags {}, {} × {}",
            directory.identifier, directory.flags, directory.pages, directory.digest
        );
        if let Some(team) = &directory.team {
            let _ = write!(text, ", team {team}");
        }
        if signature.has_certificate {
            text.push_str(", with a certificate (not checked)");
        }
        if signature.has_entitlements {
            text.push_str(", with entitlements");
        }
        let _ = write!(text, ", cdhash {}", directory.cdhash);
    }
    text
}
