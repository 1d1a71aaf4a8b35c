//! Files with the outcome of a run, for other programs.

use camino::Utf8Path;
use tachi_report::junit;
use tachi_report::outcome::Report;
use tachi_report::sarif::{Findings, Rule};

use super::Error;
use crate::rule;
use crate::session::Session;
use crate::sys::fs;

/// Writes findings as SARIF, with a description of every rule. `path` is relative to the current
/// directory of `session`.
///
/// # Errors
/// The file cannot be written.
pub fn write_sarif(findings: &Findings, path: &Utf8Path, session: &Session) -> Result<(), Error> {
    let rules: Vec<Rule> = rule::ALL.iter().map(|rule| described(rule)).collect();
    let here = session.environment.current_dir().as_std_path();
    write(path, &findings.to_json(&rules, here), session)
}

/// Writes the outcome of tests as a `JUnit` file in XML. `path` is relative to the current directory of
/// `session`.
///
/// # Errors
/// The file cannot be written.
pub fn write_junit(report: &Report, path: &Utf8Path, session: &Session) -> Result<(), Error> {
    write(path, &junit::to_xml(report), session)
}

fn write(path: &Utf8Path, text: &str, session: &Session) -> Result<(), Error> {
    Ok(fs::write_atomic(&session.environment.absolute(path), text.as_bytes())?)
}

fn described(rule: &rule::Rule) -> Rule {
    Rule {
        code: rule.code.into(),
        name: rule.name.into(),
        summary: rule.summary.into(),
        remedy: rule.remedy.into(),
        page: rule.page(),
        severity: rule.severity,
    }
}
