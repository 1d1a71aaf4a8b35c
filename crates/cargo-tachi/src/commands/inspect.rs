//! `inspect`: what files are, and what they say of themselves.

mod symbols;

use std::io::Write;

use serde_json::{Map, Value, json};
use tachi::binary::dependencies::DependencyList;
use tachi::binary::stamp::Stamp;
use tachi::binary::{BinaryError, BinaryFacts};
use tachi::ops::inspect::{self, Inspected};
use tachi::{ExitCode, Session};

use crate::failure::Failure;
use crate::flags::output::AnswerArgs;
use crate::terminal::Terminal;

/// The arguments of `inspect`.
#[derive(Debug, Clone, clap::Args)]
#[command(mut_arg("verbose", |arg| arg.help("Show symbols and packages one by one")))]
pub(crate) struct Args {
    /// Executables, libraries, objects or archives of any platform
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    #[command(flatten)]
    answer: AnswerArgs,
}

/// Prints the facts, the stamp and the embedded dependencies of files.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    Terminal::new(&args.answer.terminal, session)?;
    let mut out = anstream::stdout().lock();
    for (index, file) in args.files.iter().enumerate() {
        let Inspected { size, facts, stamp, dependencies } =
            inspect::inspect(file.as_str().into(), session)?;
        let facts = facts.map_err(|error| Failure::Usage(format!("{file}: {error}")))?;
        let written = if args.answer.is_json() {
            let (stamp, error) = parted(stamp);
            let (dependencies, dependencies_error) = parted(dependencies);
            let line = json!({
                "file": file,
                "size": size,
                "facts": facts,
                "stamp": stamp,
                "stamp_error": error,
                "dependencies": dependencies,
                "dependencies_error": dependencies_error,
            });
            writeln!(out, "{line}")
        } else {
            let gap = if index > 0 { "\n" } else { "" };
            let all = args.answer.terminal.verbose > 0;
            let text = readable(file, size, &facts, all);
            let stamp = match stamp {
                Ok(stamp) => stamp_lines(stamp.as_ref()),
                Err(error) => format!("  {:24}{error}\n", "stamp"),
            };
            write!(out, "{gap}{text}{}{stamp}", dependency_lines(dependencies, all))
        };
        written.map_err(Failure::Output)?;
    }
    Ok(ExitCode::Done)
}

/// What was read, or why it could not be.
fn parted<T, E: ToString>(read: Result<Option<T>, E>) -> (Option<T>, Option<String>) {
    match read {
        Ok(value) => (value, None),
        Err(error) => (None, Some(error.to_string())),
    }
}

/// Lists of symbols are shown in full if `all`, else how many there are.
fn readable(file: &str, size: usize, facts: &BinaryFacts, all: bool) -> String {
    let architectures: Vec<_> =
        facts.architectures().iter().map(|one| one.as_str().to_owned()).collect();
    let kind = serde_json::to_value(facts.kind()).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default().replace('-', " ");
    let what = [facts.format().to_string(), architectures.join(" + "), kind];
    let what: Vec<_> = what.into_iter().filter(|word| !word.is_empty()).collect();
    let mut text = format!("\u{1b}[1m{file}\u{1b}[0m: {}, {size} bytes\n", what.join(" "));
    if let Ok(Value::Object(fields)) = serde_json::to_value(facts) {
        lines(&mut text, "  ", &fields, all);
    }
    text
}

/// Every field on a line; those of the heading, and those without a value, are left out.
fn lines(text: &mut String, indent: &str, fields: &Map<String, Value>, all: bool) {
    for (name, value) in fields {
        let name = name.replace('_', " ");
        match value {
            _ if ["format", "architecture", "kind", "bits", "endianness"]
                .contains(&name.as_str()) => {}
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Object(inner) if inner.values().all(Value::is_null) => {}
            Value::Object(inner) => {
                line(text, &format!("{indent}{name}"), "");
                lines(text, &format!("{indent}  "), inner, all);
            }
            // The slices of a universal file: each with fields of its own.
            Value::Array(items) if items.iter().any(|item| item["facts"].is_object()) => {
                for (index, item) in items.iter().filter_map(Value::as_object).enumerate() {
                    let cpu = item.get("architecture").map(inline).unwrap_or_default();
                    line(text, &format!("{indent}slice {}, {cpu}", index + 1), "");
                    lines(text, &format!("{indent}  "), item, all);
                }
            }
            Value::Array(items) => {
                let shown = symbols::lines(&name, items, all)
                    .unwrap_or_else(|| items.iter().map(inline).collect());
                for (index, item) in shown.iter().enumerate() {
                    let name = if index == 0 { name.as_str() } else { "" };
                    line(text, &format!("{indent}{name:24}"), item);
                }
            }
            plain => line(text, &format!("{indent}{name:24}"), &inline(plain)),
        }
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    text.extend([name, value, "\n"]);
}

/// A value on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Object(inner) => {
            let part = |(name, value): (&String, &Value)| match value {
                Value::Null | Value::Bool(false) => None,
                Value::Bool(true) => Some(name.replace('_', " ")),
                Value::String(text) if ["name", "library", "path"].contains(&name.as_str()) => {
                    Some(text.clone())
                }
                _ => Some(format!("{} {}", name.replace('_', " "), inline(value))),
            };
            inner.iter().filter_map(part).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(inline).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// How many packages the embedded list has, or which; nothing if there is no list.
fn dependency_lines(read: Result<Option<DependencyList>, BinaryError>, all: bool) -> String {
    let list = match read {
        Ok(None) => return String::new(),
        Ok(Some(list)) => list.packages,
        Err(error) => return format!("  {:24}{error}\n", "dependencies"),
    };
    let mut text = String::new();
    line(&mut text, &format!("  {:24}", "dependencies"), &symbols::counted(list.len(), "package"));
    for package in list.iter().filter(|_| all) {
        let from = format!("{} {}", package.version, package.source);
        line(&mut text, &format!("    {:22}", package.name), &from);
    }
    text
}

fn stamp_lines(stamp: Option<&Stamp>) -> String {
    match stamp {
        None => format!("  {:24}no slot: the program does not use tachi-build-info\n", "stamp"),
        Some(stamp) if stamp.is_empty() => format!("  {:24}none yet\n", "stamp"),
        Some(stamp) => stamp.iter().fold("  stamp\n".to_owned(), |text, (key, value)| {
            text + &format!("    {:22}{value}\n", key.replace('_', " "))
        }),
    }
}
