//! `inspect`: what files are, and what they say of themselves.

use std::io::Write;

use serde_json::{Map, Value, json};
use tachi::Session;
use tachi::binary::stamp::Stamp;
use tachi::binary::{self, BinaryFacts};
use tachi::sys::fs;

use crate::cli::InspectArgs;
use crate::terminal::{Failure, Terminal};

/// Prints the facts and the stamp of files.
pub(crate) fn run(args: &InspectArgs, session: &Session) -> Result<(), Failure> {
    Terminal::new(&args.output, &session.environment).map_err(Failure::Usage)?;
    let mut out = anstream::stdout().lock();
    for (index, file) in args.files.iter().enumerate() {
        let bytes = fs::read(&session.environment.absolute(file.as_str().into()))?;
        let wrong = |error: &dyn std::fmt::Display| Failure::Usage(format!("{file}: {error}"));
        let facts = binary::facts(&bytes).map_err(|error| wrong(&error))?;
        let stamp = binary::stamp::read(&bytes);
        let written = if args.json {
            let (stamp, error) = match stamp {
                Ok(stamp) => (stamp, None),
                Err(error) => (None, Some(error.to_string())),
            };
            let line = json!({
                "file": file,
                "size": bytes.len(),
                "facts": facts,
                "stamp": stamp,
                "stamp_error": error,
            });
            writeln!(out, "{line}")
        } else {
            let gap = if index > 0 { "\n" } else { "" };
            write!(out, "{gap}{}", readable(file, bytes.len(), &facts)).and_then(|()| match stamp {
                Ok(stamp) => write!(out, "{}", stamp_lines(stamp.as_ref())),
                Err(error) => writeln!(out, "  {:24}{error}", "stamp"),
            })
        };
        written.map_err(Failure::Output)?;
    }
    Ok(())
}

fn readable(file: &str, size: usize, facts: &BinaryFacts) -> String {
    let architectures: Vec<_> =
        facts.architectures().iter().map(|one| one.as_str().to_owned()).collect();
    let kind = serde_json::to_value(facts.kind()).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default().replace('-', " ");
    let what = [facts.format().to_string(), architectures.join(" + "), kind];
    let what: Vec<_> = what.into_iter().filter(|word| !word.is_empty()).collect();
    let mut text = format!("\u{1b}[1m{file}\u{1b}[0m: {}, {size} bytes\n", what.join(" "));
    if let Ok(Value::Object(fields)) = serde_json::to_value(facts) {
        lines(&mut text, "  ", &fields);
    }
    text
}

/// Every field on a line; those of the heading, and those without a value, are left out.
fn lines(text: &mut String, indent: &str, fields: &Map<String, Value>) {
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
                lines(text, &format!("{indent}  "), inner);
            }
            // The slices of a universal file: each with fields of its own.
            Value::Array(items) if items.iter().any(|item| item["facts"].is_object()) => {
                for (index, item) in items.iter().filter_map(Value::as_object).enumerate() {
                    let cpu = item.get("architecture").map(inline).unwrap_or_default();
                    line(text, &format!("{indent}slice {}, {cpu}", index + 1), "");
                    lines(text, &format!("{indent}  "), item);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let name = if index == 0 { name.as_str() } else { "" };
                    line(text, &format!("{indent}{name:24}"), &inline(item));
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

fn stamp_lines(stamp: Option<&Stamp>) -> String {
    match stamp {
        None => format!("  {:24}no slot: the program does not use tachi-build-info\n", "stamp"),
        Some(stamp) if stamp.is_empty() => format!("  {:24}none yet\n", "stamp"),
        Some(stamp) => stamp.iter().fold("  stamp\n".to_owned(), |text, (key, value)| {
            text + &format!("    {:22}{value}\n", key.replace('_', " "))
        }),
    }
}
