//! The policy: which rules a file is checked against, how severe each is, and what is allowed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tachi_schema::finding::{Finding, Severity};

use crate::config::verify::VerifyTable;
use crate::rule::RuleName;

/// The policy for one target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What the user set, by code; none for rules that are not looked at.
    severities: BTreeMap<String, Option<Severity>>,
    /// Libraries that may be loaded beyond those every system has.
    pub allow_imports: Vec<Pattern>,
    /// Texts that may be in the file.
    pub allow_strings: Vec<Pattern>,
    /// The largest size, in bytes.
    pub max_size: Option<u64>,
}

impl Policy {
    /// The policy that `table` makes.
    pub fn new(table: &VerifyTable) -> Self {
        let lists = [
            (&table.deny, Some(Severity::Error)),
            (&table.warn, Some(Severity::Warning)),
            (&table.note, Some(Severity::Note)),
            (&table.allow, None),
        ];
        let of_list = |(rules, severity): (&Vec<RuleName>, Option<Severity>)| {
            rules.iter().map(move |name| (name.0.code.to_owned(), severity)).collect::<Vec<_>>()
        };
        let patterns = |texts: &[String]| texts.iter().cloned().map(Pattern).collect();
        Self {
            severities: lists.into_iter().flat_map(of_list).collect(),
            allow_imports: patterns(&table.allow_imports),
            allow_strings: patterns(&table.allow_strings),
            max_size: table.max_size.map(|size| size.0),
        }
    }

    /// Gives findings the severity that the user set, and drops those that the user allows.
    pub fn apply(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let judged = findings.into_iter().filter_map(|mut finding| {
            if let Some(set) = self.severities.get(&finding.code) {
                finding.severity = (*set)?;
            }
            Some(finding)
        });
        judged.collect()
    }

    /// Whether a rule is looked at.
    #[cfg(test)]
    pub fn holds(&self, rule: &crate::rule::Rule) -> bool {
        self.severities.get(rule.code) != Some(&None)
    }
}

/// A text in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it matches all of `text`.
    pub fn matches(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let mut parts: Vec<&str> = parts.collect();
        // Without a star, nothing may follow.
        let Some(last) = parts.pop() else { return rest.is_empty() };
        for part in parts {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }

    /// Whether it matches a part of a line of `text`.
    pub fn is_in(&self, text: &str) -> bool {
        let anywhere = Self(format!("*{}*", self.0));
        text.lines().any(|line| anywhere.matches(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn a_star_matches_anything() {
        for (pattern, text, matches) in [
            ("libssl.so.3", "libssl.so.3", true),
            ("libssl.so.3", "libssl.so.3.1", false),
            ("libssl.so.*", "libssl.so.3", true),
            ("*.dll", "a.dll", true),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} {text}");
        }
        assert!(Pattern::new("tool 1.*").is_in("hello\nthis is tool 1.2, really\n"));
        assert!(!Pattern::new("tool*really").is_in("tool\nreally\n"));
    }

    #[test]
    fn findings_get_the_severity_that_the_user_set_and_others_keep_theirs() {
        let table = toml::from_str("deny = ['TV016']\nnote = ['TV012']\nallow = ['TV026']");
        let policy = Policy::new(&table.unwrap());
        let findings =
            [&rule::MISSING_RELRO, &rule::KERNEL_TOO_NEW, &rule::ABSOLUTE_PATH, &rule::MISSING_PIE];
        let judged = policy.apply(findings.map(|rule| rule.finding("")).to_vec());
        let judged: Vec<_> = judged.iter().map(|one| (one.code.as_str(), one.severity)).collect();
        let expected =
            [("TV016", Severity::Error), ("TV012", Severity::Note), ("TV015", Severity::Error)];
        assert_eq!(judged, expected);
        assert!(!policy.holds(&rule::ABSOLUTE_PATH) && policy.holds(&rule::MISSING_PIE));
    }
}
