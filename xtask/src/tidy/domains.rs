//! Which domain of the crate `tachi` may name which other: the directions of ARCHITECTURE.md, as a
//! table. The table's order keeps domains from naming each other in a circle.

use super::finding::Finding;
use super::modules::{Module, ROOT, is_within};

/// A domain, and those that it names.
type Row = (&'static str, &'static [&'static str]);

/// The file of this table, for findings about the table itself.
const HERE: &str = "xtask/src/tidy/domains.rs";

/// The domains from the ground up. Each may name the domains in its row, and a row may have only
/// domains of the rows before it. Tests may name all of those.
const DOMAINS: &[Row] = &[
    // Ground.
    ("digest", &[]),
    ("exit_code", &[]),
    ("suggest", &[]),
    ("mistake", &["suggest"]),
    ("rule", &["suggest"]),
    ("target", &[]),
    ("sys", &["digest"]),
    ("session", &["sys"]),
    ("stream", &["sys"]),
    ("cache", &["sys"]),
    // What was asked for.
    ("config", &["mistake", "rule", "suggest", "target"]),
    ("request", &["config"]),
    ("json_schema", &["config"]),
    // What there is, and what can be done with it.
    ("vcs", &["sys"]),
    ("package", &["digest", "sys"]),
    ("workspace", &["cache", "config", "digest", "mistake", "request", "suggest", "sys"]),
    ("cargo", &["sys", "target"]),
    (
        "toolchain",
        &["cache", "config", "digest", "exit_code", "mistake", "suggest", "sys", "target"],
    ),
    ("post", &["config", "exit_code", "session", "sys", "target", "vcs"]),
    ("verify", &["config", "digest", "rule", "sys", "target", "toolchain", "vcs"]),
    ("testing", &["cargo", "exit_code", "sys", "workspace"]),
    (
        "rebuild",
        &[
            "cache",
            "exit_code",
            "package",
            "request",
            "session",
            "stream",
            "sys",
            "vcs",
            "workspace",
        ],
    ),
    // From the facts to the finished files.
    (
        "facts",
        &[
            "cache",
            "config",
            "exit_code",
            "package",
            "post",
            "request",
            "session",
            "suggest",
            "sys",
            "toolchain",
            "vcs",
            "verify",
            "workspace",
        ],
    ),
    (
        "plan",
        &[
            "config",
            "exit_code",
            "facts",
            "package",
            "post",
            "request",
            "suggest",
            "target",
            "toolchain",
            "verify",
            "workspace",
        ],
    ),
    (
        "engine",
        &[
            "cache",
            "cargo",
            "digest",
            "exit_code",
            "facts",
            "package",
            "plan",
            "post",
            "request",
            "rule",
            "session",
            "stream",
            "sys",
            "testing",
            "toolchain",
            "verify",
            "workspace",
        ],
    ),
    // What people ask for.
    (
        "ops",
        &[
            "cache",
            "config",
            "digest",
            "engine",
            "exit_code",
            "facts",
            "package",
            "plan",
            "post",
            "rebuild",
            "request",
            "rule",
            "session",
            "stream",
            "sys",
            "target",
            "toolchain",
            "vcs",
            "verify",
            "workspace",
        ],
    ),
    ("builder", &["config", "ops", "plan", "request", "session", "sys", "target", "testing"]),
];

/// Compares the table with what the modules name.
pub(super) fn check(modules: &[Module<'_>]) -> Vec<Finding> {
    check_table(DOMAINS, modules)
}

fn check_table(table: &[Row], modules: &[Module<'_>]) -> Vec<Finding> {
    let mut findings = of_rows(table, modules);
    for module in modules.iter().filter(|module| !module.name.is_empty()) {
        let domain = domain_of(&module.name);
        let Some(at) = table.iter().position(|(name, _)| *name == domain) else {
            findings.push(Finding::error(
                &module.source.path,
                1,
                format!("the domain `{domain}` has no row in the table of directions"),
                format!("add its row to {HERE}, above the domains that may name it"),
            ));
            continue;
        };
        for named in &module.names {
            let other = domain_of(&named.path);
            let Some(place) = table.iter().position(|(known, _)| *known == other) else { continue };
            // Tests may use every domain below.
            let is_allowed = table[at].1.contains(&other) || named.in_tests && place < at;
            if other == domain || is_allowed {
                continue;
            }
            findings.push(Finding::error(
                &module.source.path,
                named.line,
                format!(
                    "`{}` names `{}`, but `{domain}` may not name `{other}`",
                    module.name, named.path
                ),
                format!(
                    "move what knows both to `ops` or to the caller; where the direction is right, \
                     add `{other}` to the row of `{domain}` in {HERE}"
                ),
            ));
        }
    }
    findings.dedup();
    findings
}

/// What is wrong with the table itself: a rule that cannot fail is useless.
fn of_rows(table: &[Row], modules: &[Module<'_>]) -> Vec<Finding> {
    let is_there = |domain: &str| modules.iter().any(|module| is_within(&module.name, domain));
    let names = |domain: &str, other: &str| {
        let within = modules.iter().filter(|module| is_within(&module.name, domain));
        let mut named = within.flat_map(|module| &module.names).filter(|named| !named.in_tests);
        named.any(|named| is_within(&named.path, other))
    };
    let mut findings = Vec::new();
    let mut complain = |message: String, remedy: &str| {
        findings.push(Finding::error(HERE, 0, message, remedy.to_owned()));
    };
    for (at, (domain, allowed)) in table.iter().enumerate() {
        if !is_there(domain) {
            complain(
                format!("the table of directions has `{domain}`, and {ROOT} has no such module"),
                "delete its row",
            );
            continue;
        }
        for other in *allowed {
            if !table[..at].iter().any(|(known, _)| known == other) {
                complain(
                    format!(
                        "`{domain}` may name `{other}`, whose row does not stand before its own"
                    ),
                    "order the rows from the ground up; domains that name each other are one domain",
                );
            } else if !names(domain, other) {
                complain(
                    format!("`{domain}` may name `{other}`, and does not"),
                    "delete the entry, so that the table shows the house as it is",
                );
            }
        }
    }
    findings
}

/// The first segment of a path.
fn domain_of(path: &str) -> &str {
    path.split("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::super::modules::{made_up, read};
    use super::*;

    #[track_caller]
    fn check(table: &[Row], files: &[(&str, &str)], expected: &[&str]) {
        let sources = made_up::sources(files);
        let findings = check_table(table, &read(&sources));
        let found: Vec<String> = findings.iter().map(|one| one.message.clone()).collect();
        assert_eq!(found, expected);
    }

    const GROUND: (&str, &str) = ("sys.rs", "");
    const TABLE: &[Row] = &[("sys", &[]), ("plan", &["sys"])];

    #[test]
    fn a_domain_names_only_the_domains_in_its_row() {
        check(TABLE, &[GROUND, ("plan.rs", "use crate::sys::x;\nuse crate::other::y;")], &[]);
        let sources = [("sys/run.rs", "use crate::plan::Plan;"), ("plan.rs", "use crate::sys;")];
        check(TABLE, &sources, &["`sys::run` names `plan::Plan`, but `sys` may not name `plan`"]);
        let hidden = [
            ("lib.rs", "pub use plan::Plan;"),
            ("sys.rs", "use crate::Plan;"),
            ("plan.rs", "use crate::sys;"),
        ];
        check(TABLE, &hidden, &["`sys` names `plan::Plan`, but `sys` may not name `plan`"]);
    }

    #[test]
    fn tests_may_name_domains_below_and_count_for_no_row() {
        let table: &[Row] = &[("sys", &[]), ("plan", &[]), ("engine", &["plan"])];
        let in_tests = |name| format!("mod tests {{\n    use crate::{name};\n}}");
        let (sys, plan, engine) = (in_tests("plan"), in_tests("sys"), in_tests("plan"));
        check(
            table,
            &[("sys.rs", &sys), ("plan.rs", &plan), ("engine.rs", &engine)],
            &[
                "`engine` may name `plan`, and does not",
                "`sys` names `plan`, but `sys` may not name `plan`",
            ],
        );
    }

    #[test]
    fn every_domain_has_a_row() {
        check(
            TABLE,
            &[GROUND, ("plan.rs", "use crate::sys;"), ("attic/box.rs", "")],
            &["the domain `attic` has no row in the table of directions"],
        );
    }

    #[test]
    fn a_row_without_a_module_is_a_finding() {
        check(
            TABLE,
            &[GROUND],
            &["the table of directions has `plan`, and crates/tachi/src/ has no such module"],
        );
    }

    #[test]
    fn an_unused_direction_is_a_finding() {
        check(TABLE, &[GROUND, ("plan.rs", "")], &["`plan` may name `sys`, and does not"]);
    }

    #[test]
    fn the_order_of_the_rows_keeps_domains_out_of_circles() {
        let circle: &[Row] = &[("sys", &["plan"]), ("plan", &["sys"])];
        let files = [("sys.rs", "use crate::plan;"), ("plan.rs", "use crate::sys;")];
        check(circle, &files, &["`sys` may name `plan`, whose row does not stand before its own"]);
    }
}
