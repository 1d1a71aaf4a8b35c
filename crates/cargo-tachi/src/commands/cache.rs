//! `cache`: what the cache folder holds, and removing from it.

use std::io::Write;
use std::time::Duration;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;
use tachi::ops::cache::{self, Bucket, Outcome, Reason, Removal, Stats, Usage};
use tachi::{ExitCode, Session};
use tachi_report::words;

use crate::failure::Failure;
use crate::flags::output::{AnswerArgs, TerminalArgs};
use crate::terminal::Terminal;

/// The arguments of `cache`: what to do with it.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Args {
    /// Show what the cache folder holds, by bucket
    Stats {
        #[command(flatten)]
        answer: AnswerArgs,
    },
    /// Remove what nothing has used for long, older formats, and what killed runs left
    Prune {
        /// Remove what nothing has used for so long: a number with h, d or w
        #[arg(long, value_name = "AGE", default_value = "30d", value_parser = age)]
        older_than: Duration,
        /// Show what would be removed
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        terminal: TerminalArgs,
    },
    /// Remove everything, or all that is in some buckets
    Clear {
        /// Only these
        #[arg(value_name = "BUCKET", value_parser = bucket())]
        buckets: Vec<Bucket>,
        /// Show what would be removed
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        terminal: TerminalArgs,
    },
}

/// Looks into the cache, or removes from it.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    match args {
        Args::Stats { answer } => {
            Terminal::new(&answer.terminal, session)?;
            let stats = cache::stats(session)?;
            let text = if answer.is_json() { lines(&stats) } else { table(&stats) };
            write!(anstream::stdout(), "{text}").map_err(Failure::Output)?;
        }
        Args::Prune { older_than, dry_run, terminal } => {
            let terminal = Terminal::new(terminal, session)?;
            let outcome = cache::prune(*older_than, *dry_run, session)?;
            tell(terminal, &outcome, *dry_run);
            if !outcome.in_use.is_empty() {
                let names = names(&outcome);
                terminal.warn(&format!("left alone what a running Tachi may be using: {names}"));
            }
        }
        Args::Clear { buckets, dry_run, terminal } => {
            let terminal = Terminal::new(terminal, session)?;
            let outcome = cache::clear(buckets, *dry_run, session)?;
            tell(terminal, &outcome, *dry_run);
            if !outcome.in_use.is_empty() {
                return Err(Failure::Usage(format!(
                    "a running Tachi may be using {}, which is left as it is\n  help: try again when it has ended",
                    names(&outcome)
                )));
            }
        }
    }
    Ok(ExitCode::Done)
}

fn bucket() -> impl TypedValueParser<Value = Bucket> {
    PossibleValuesParser::new(Bucket::ALL.map(Bucket::name))
        .try_map(|name| Bucket::named(&name).ok_or("there is no such bucket"))
}

/// `30d`, `12h`, `2w`.
fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "it takes a number with h, d or w: 30d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 7 * 24,
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    Ok(Duration::from_hours(u64::from(number) * hours))
}

fn names(outcome: &Outcome) -> String {
    let names: Vec<_> = outcome.in_use.iter().map(|bucket| bucket.name()).collect();
    names.join(", ")
}

fn tell(terminal: Terminal, outcome: &Outcome, dry_run: bool) {
    let verb = if dry_run { "Would remove" } else { "Removed" };
    let mut sum = Removal::default();
    for ((bucket, reason), removal) in &outcome.removals {
        let why = match reason {
            Reason::OlderFormat => ", of an older format",
            Reason::Unused => ", not used for long",
            Reason::Unfinished => ", left unfinished",
            _ => "",
        };
        let (name, size) = (bucket.name(), words::size(removal.size.bytes));
        terminal.done(verb, &format!("{name}: {}{why} ({size})", entries(removal.entries)));
        sum.entries += removal.entries;
        sum.size += removal.size;
    }
    let (folder, size) = (&outcome.folder, words::size(sum.size.bytes));
    let total = match sum.size.files {
        0 => format!("nothing from {folder}"),
        1 => format!("1 file ({size}) from {folder}"),
        files => format!("{files} files ({size}) from {folder}"),
    };
    terminal.done(verb, &total);
}

fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

/// `within the hour`, `5 hours ago`, `3 days ago`.
fn ago(time: Duration) -> String {
    match time.as_secs() / 3600 {
        0 => "within the hour".to_owned(),
        1 => "1 hour ago".to_owned(),
        hours @ 2..48 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}

fn lines(stats: &Stats) -> String {
    let line = |usage: &Usage| {
        let line = json!({
            "bucket": usage.bucket.name(),
            "what": usage.bucket.what(),
            "folder": stats.folder.join(usage.bucket.name()),
            "entries": usage.entries,
            "files": usage.size.files,
            "bytes": usage.size.bytes,
            "oldest_use_seconds_ago": usage.oldest.map(|oldest| oldest.as_secs()),
        });
        format!("{line}\n")
    };
    stats.buckets.iter().map(line).collect()
}

fn table(stats: &Stats) -> String {
    let row = |cells: [&str; 5]| {
        let [bucket, entries, size, oldest, what] = cells;
        format!("{bucket:10}  {entries:>7}  {size:>8}  {oldest:15}  {what}").trim_end().to_owned()
            + "\n"
    };
    let mut text = format!("\u{1b}[1m{}\u{1b}[0m\n", stats.folder);
    text += &row(["bucket", "entries", "size", "oldest use", "what"]);
    let mut bytes = 0;
    for usage in &stats.buckets {
        let (entries, size) = (usage.entries.to_string(), words::size(usage.size.bytes));
        let oldest = usage.oldest.map(ago).unwrap_or_default();
        let bucket = usage.bucket;
        text += &row([bucket.name(), &entries, &size, &oldest, bucket.what()]);
        bytes += usage.size.bytes;
    }
    text + &row(["all", "", &words::size(bytes), "", ""])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_numbers_with_a_unit() {
        let hour = Duration::from_hours(1);
        assert_eq!(age("12h"), Ok(12 * hour));
        assert_eq!(age("30d"), Ok(720 * hour));
        assert_eq!(age("2w"), Ok(336 * hour));
        for wrong in ["", "d", "30", "30 d", "-1d", "1.5d", "30m", "3é", "99999999999d"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
