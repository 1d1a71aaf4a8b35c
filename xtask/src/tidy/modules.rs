//! Module directions inside the crate `tachi`, as ARCHITECTURE.md draws them.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::imports::{self, Import};
use crate::repository::Source;

const ROOT: &str = "crates/tachi/src/";

/// Modules that compute from facts and touch nothing.
const PURE: &[&str] = &[
    "target",
    "config",
    "workspace::graph",
    "toolchain::decide",
    "toolchain::link_args",
    "toolchain::runner::decide",
    "toolchain::runner::emulators",
    "cargo::link_errors",
    "testing::libtest",
    "plan",
    "cache::recipe",
    "verify::policy",
    "verify::check",
    "package::layout",
];

/// What pure modules keep away from.
const EFFECTS: &[&str] = &["sys", "engine"];

/// Reads every module of the crate and compares what it names with the rules.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let files: Vec<(&Source, Vec<String>)> =
        sources.iter().filter_map(|source| Some((source, module_of(&source.path)?))).collect();
    let modules: BTreeSet<&[String]> = files.iter().map(|(_, module)| module.as_slice()).collect();
    let is_module = |path: &[String]| modules.contains(path);
    let read: Vec<(&Source, &[String], Vec<Import>)> = files
        .iter()
        .map(|(source, module)| {
            (*source, module.as_slice(), imports::of(&source.text, module, &is_module))
        })
        .collect();
    let aliases: BTreeMap<&[String], &[String]> = read
        .iter()
        .flat_map(|(_, _, found)| found)
        .filter_map(|import| Some((import.binds.as_deref()?, import.path.as_slice())))
        .collect();
    let mut findings = Vec::new();
    for (source, module, found) in &read {
        for import in found {
            let target = followed(&import.path, &aliases);
            if let Some((message, remedy)) = breach(module, &target) {
                findings.push(Finding::error(&source.path, import.line, message, remedy));
            }
        }
    }
    findings.dedup();
    findings
}

fn breach(module: &[String], target: &[String]) -> Option<(String, String)> {
    let name = module.join("::");
    let to = target.join("::");
    if let Some(pure) = PURE.iter().find(|pure| is_within(&name, pure)) {
        let effect = EFFECTS.iter().find(|effect| is_within(&to, effect))?;
        return Some((
            format!("`{name}` names `{to}`, but `{pure}` is pure: it computes from facts"),
            format!("take what it needs as an argument, and let the caller use `{effect}`"),
        ));
    }
    for (closed, remedy) in [
        ("sys", "move the code that knows both to the caller"),
        ("report", "put what it needs into an event of tachi-schema"),
    ] {
        // Hashing is no effect, and files are hashed.
        if is_within(&name, closed) && !is_within(&to, closed) && !is_within(&to, "digest") {
            return Some((
                format!(
                    "`{name}` names `{to}`, but `{closed}` knows no other module of this crate"
                ),
                remedy.to_owned(),
            ));
        }
    }
    None
}

/// The path behind re-exports: `crate::Command` may be `crate::sys::Command`.
fn followed(path: &[String], aliases: &BTreeMap<&[String], &[String]>) -> Vec<String> {
    let mut path = path.to_vec();
    // Re-exports of re-exports end; a bound keeps a circle from running for ever.
    for _ in 0..8 {
        let step = (1..=path.len()).rev().find_map(|length| {
            let target = aliases.get(&path[..length])?;
            (**target != path[..length]).then(|| [target, &path[length..]].concat())
        });
        match step {
            Some(next) => path = next,
            None => break,
        }
    }
    path
}

fn is_within(module: &str, above: &str) -> bool {
    module.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// `crates/tachi/src/plan/graph.rs` is `plan::graph`; `lib.rs` is the root.
fn module_of(path: &str) -> Option<Vec<String>> {
    let inside = path.strip_prefix(ROOT)?.strip_suffix(".rs")?;
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || inside == "lib") {
        module.pop();
    }
    Some(module)
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let mut sources: Vec<Source> =
            files.iter().map(|(path, text)| source(&format!("{ROOT}{path}"), text)).collect();
        sources.push(source("crates/tachi/src/sys.rs", ""));
        sources.push(source("crates/tachi-binary/src/plan.rs", "use crate::sys::x;"));
        let places = places(&super::check(&sources));
        let expected: Vec<String> = expected.iter().map(|place| format!("{ROOT}{place}")).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn pure_modules_keep_away_from_effects() {
        check(&[("plan/build.rs", "//! x\nuse crate::sys::Command;")], &["plan/build.rs:2"]);
        check(&[("plan.rs", "use super::engine;")], &["plan.rs:1"]);
        check(
            &[("workspace/graph.rs", "fn f() { crate::sys::fs::read() }")],
            &["workspace/graph.rs:1"],
        );
        check(&[("target/mod.rs", "use crate::{plan, sys as s};")], &["target/mod.rs:1"]);
        check(&[("workspace/load.rs", "use crate::sys::Command;")], &[]);
        check(
            &[("planner.rs", "use crate::sys::Command;"), ("plan.rs", "use crate::system::x;")],
            &[],
        );
    }

    #[test]
    fn a_re_export_hides_nothing() {
        check(
            &[("lib.rs", "pub use sys::Command as C;"), ("plan.rs", "use crate::C;")],
            &["plan.rs:1"],
        );
        check(
            &[("toolchain.rs", "use crate::sys;"), ("toolchain/decide.rs", "use super::sys::env;")],
            &["toolchain/decide.rs:1"],
        );
    }

    #[test]
    fn sys_and_report_know_no_other_module() {
        check(
            &[("sys/run.rs", "use super::command::Command;\nuse crate::config::File;")],
            &["sys/run.rs:2"],
        );
        check(
            &[("report/size.rs", "use crate::engine::Step;\nuse tachi_schema::Event;")],
            &["report/size.rs:1"],
        );
        check(&[("report.rs", "use crate::report::size;")], &[]);
    }
}
