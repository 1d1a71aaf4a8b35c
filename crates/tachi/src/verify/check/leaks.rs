//! Finds what must not be in a file: paths and names of the machine that built it, and secrets.

use tachi_binary::leaks::{self, Leak, LeakKind};
use tachi_schema::finding::Finding;

use super::{Expected, Subject};
use crate::rule::{self, Rule};

/// How many leaks of a kind a finding names.
const SHOWN: usize = 3;

pub(super) fn check(subject: &Subject<'_>, wanted: &Expected<'_>) -> Vec<Finding> {
    let found = leaks::scan(subject.bytes, wanted.known);
    let is_allowed =
        |leak: &Leak| wanted.policy.allow_strings.iter().any(|pattern| pattern.is_in(&leak.text));
    let found: Vec<&Leak> = found.iter().filter(|leak| !is_allowed(leak)).collect();
    let rules = [
        &rule::HOME_FOLDER,
        &rule::USER_NAME,
        &rule::BUILD_FOLDER,
        &rule::ABSOLUTE_PATH,
        &rule::SECRET,
    ];
    let of_rule = |rule: &Rule| {
        let own: Vec<&&Leak> = found.iter().filter(|leak| rule_of(leak.kind) == rule).collect();
        (!own.is_empty()).then(|| rule.finding(list(&own)))
    };
    rules.into_iter().filter_map(of_rule).collect()
}

fn rule_of(kind: LeakKind) -> &'static Rule {
    match kind {
        LeakKind::HomeFolder => &rule::HOME_FOLDER,
        LeakKind::UserName => &rule::USER_NAME,
        LeakKind::BuildFolder => &rule::BUILD_FOLDER,
        LeakKind::AbsolutePath => &rule::ABSOLUTE_PATH,
        LeakKind::Secret(_) => &rule::SECRET,
    }
}

fn list(leaks: &[&&Leak]) -> String {
    let shown = leaks.iter().take(SHOWN).map(|leak| {
        let what = match leak.kind {
            LeakKind::Secret(what) => format!("what looks like a {what}, "),
            _ => String::new(),
        };
        let section = leak.section.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        let times = if leak.count > 1 { format!(", {} times", leak.count) } else { String::new() };
        format!("{what}`{}` (at {:#x}{section}{times})", leak.text, leak.offset)
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match leaks.len().saturating_sub(SHOWN) {
        0 => format!("it holds {shown}"),
        more => format!("it holds {shown} and {more} more"),
    }
}
