//! Findings in [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html),
//! which code-scanning services and editors read.

use std::path::Path;

use serde_json::{Value, json};
use tachi_schema::event::Event;
use tachi_schema::finding::{Finding, Severity};

/// Where the pages of the rules are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main");

/// A rule that findings come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code: `TV001`.
    pub code: String,
    /// Its name: `wrong-platform`.
    pub name: String,
    /// What it looks for, in one sentence.
    pub summary: String,
    /// What to do about a finding.
    pub remedy: String,
    /// Its page, from the root of Tachi's repository.
    pub page: String,
    /// How bad a finding is unless the user says otherwise.
    pub severity: Severity,
}

/// Collects the findings of a run.
#[derive(Debug, Clone, Default)]
pub struct Findings(Vec<(String, Finding)>);

impl Findings {
    /// Keeps the event if it is a finding.
    pub fn see(&mut self, event: &Event) {
        match event {
            Event::Finding { path, finding, .. } => self.0.push((path.clone(), finding.clone())),
            // The new plan does all of it again.
            Event::PlanChanged { .. } => self.0.clear(),
            _ => {}
        }
    }

    /// The text of a SARIF file. `rules` are all that were checked; paths below the folder
    /// `here` are written relative to it.
    pub fn to_json(&self, rules: &[Rule], here: &Path) -> String {
        let log = log(&self.0, rules, here);
        serde_json::to_string_pretty(&log).expect("strings always serialise") + "\n"
    }
}

fn log(findings: &[(String, Finding)], rules: &[Rule], here: &Path) -> Value {
    let results: Vec<Value> =
        findings.iter().map(|(path, finding)| result(path, finding, rules, here)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tachi",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(descriptor).collect::<Vec<_>>(),
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
        "helpUri": format!("{PAGES}/{}", rule.page),
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(path: &str, finding: &Finding, rules: &[Rule], here: &Path) -> Value {
    let file = path.split_once('!').map_or(path, |(archive, _)| archive);
    let relative = Path::new(file).strip_prefix(here).ok().and_then(Path::to_str).unwrap_or(file);
    let text = format!("{path}: {}\n{}", finding.message, finding.remedy);
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(relative) } } }],
    });
    if let Some(index) = rules.iter().position(|rule| rule.code == finding.code) {
        result["ruleIndex"] = index.into();
    }
    result
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
        Severity::Error => "error",
        _ => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_result_points_to_its_rule_and_to_a_file_from_here() {
        let rule = |code: &str, severity| Rule {
            code: code.into(),
            name: format!("name-of-{code}"),
            summary: "It looks.".into(),
            remedy: "Look.".into(),
            page: format!("docs/{code}.md"),
            severity,
        };
        let rules = [
            rule("TV001", Severity::Error),
            rule("TV002", Severity::Warning),
            rule("TV003", Severity::Note),
        ];
        let mut findings = Findings::default();
        for (path, rule) in
            ["/w/a b/tool", "/w/x.tar.gz!x/tool", "/elsewhere/tool"].iter().zip(&rules)
        {
            findings.see(&Event::Finding {
                path: (*path).into(),
                target: None,
                finding: Finding {
                    code: rule.code.clone(),
                    rule: rule.name.clone(),
                    severity: rule.severity,
                    message: "found".into(),
                    remedy: rule.remedy.clone(),
                },
            });
        }
        let log: Value = serde_json::from_str(&findings.to_json(&rules, Path::new("/w"))).unwrap();
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
