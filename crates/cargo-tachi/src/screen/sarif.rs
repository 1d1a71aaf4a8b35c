//! Findings in [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html),
//! which code-scanning services and editors read.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tachi::Session;
use tachi::rule::{self, Rule};
use tachi::sys::fs;
use tachi_schema::event::Event;
use tachi_schema::finding::{Finding, Severity};

use crate::failure::Failure;

/// Where the pages of the rules are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main");

/// The findings of a run.
#[derive(Default)]
pub(crate) struct Findings(Mutex<Vec<(String, Finding)>>);

impl Findings {
    /// Keeps the event if it is a finding.
    pub(crate) fn note(&self, event: &Event) {
        if let Event::Finding { path, finding, .. } = event {
            let mut findings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            findings.push((path.clone(), finding.clone()));
        }
    }

    /// Writes all findings to `path`.
    pub(crate) fn write(&self, path: &str, session: &Session) -> Result<(), Failure> {
        let findings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = &session.environment;
        let log = log(&findings, environment.current_dir().as_std_path());
        let mut text = serde_json::to_string_pretty(&log).expect("strings always serialise");
        text.push('\n');
        Ok(fs::write_atomic(&environment.absolute(path.into()), text.as_bytes())?)
    }
}

fn log(findings: &[(String, Finding)], here: &Path) -> Value {
    let results: Vec<Value> =
        findings.iter().map(|(path, finding)| result(path, finding, here)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tachi",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rule::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.remedy },
        "helpUri": format!("{PAGES}/{}", rule.page()),
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(path: &str, finding: &Finding, here: &Path) -> Value {
    let file = path.split_once('!').map_or(path, |(archive, _)| archive);
    let relative = Path::new(file).strip_prefix(here).ok().and_then(Path::to_str).unwrap_or(file);
    let text = format!("{path}: {}\n{}", finding.message, finding.remedy);
    json!({
        "ruleId": finding.code,
        "ruleIndex": rule::ALL.iter().position(|rule| rule.code == finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(relative) } } }],
    })
}

/// A path as a URI reference: what is neither a letter nor a digit nor one of the marks that
/// mean themselves is written as its bytes.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/+@,=".contains(&byte);
    path.bytes().fold(String::new(), |text, byte| {
        if plain(byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_result_points_to_its_rule_and_to_a_file_from_here() {
        let findings = [
            ("/w/a b/tool".to_owned(), rule::SECRET.finding("it holds a key")),
            ("/w/x.tar.gz!x/tool".to_owned(), rule::MISSING_RELRO.finding("none")),
            ("/elsewhere/tool".to_owned(), rule::NOT_RUN.finding("no wine")),
        ];
        let log = log(&findings, Path::new("/w"));
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let read: Vec<_> = results
            .iter()
            .map(|one| {
                let index = usize::try_from(one["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(run["tool"]["driver"]["rules"][index]["id"], one["ruleId"]);
                let place = &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                (one["level"].as_str().unwrap(), place.as_str().unwrap())
            })
            .collect();
        let expected =
            [("error", "a%20b/tool"), ("warning", "x.tar.gz"), ("note", "/elsewhere/tool")];
        assert_eq!(read, expected);
    }
}
