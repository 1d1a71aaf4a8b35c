//! A file with a run's findings in SARIF.

use tachi::Session;
use tachi::rule;
use tachi::sys::fs;
use tachi_report::sarif::{Findings, Rule};

use crate::failure::Failure;

/// Writes the findings to `path`, with a description of every rule.
pub(crate) fn write(findings: &Findings, path: &str, session: &Session) -> Result<(), Failure> {
    let rules: Vec<Rule> = rule::ALL.iter().map(|rule| described(rule)).collect();
    let environment = &session.environment;
    let text = findings.to_json(&rules, environment.current_dir().as_std_path());
    Ok(fs::write_atomic(&environment.absolute(path.into()), text.as_bytes())?)
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
