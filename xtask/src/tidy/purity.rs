//! Modules of the crate `tachi` that compute from facts and touch nothing: those in the list, and
//! every file whose docs say of it that it is pure.

use super::finding::Finding;
use super::modules::{Module, is_within};

/// Modules that compute from facts and touch nothing.
const PURE: &[&str] = &[
    "digest",
    "exit_code",
    "rule",
    "target",
    "config",
    "request",
    "workspace::graph",
    "toolchain::decide",
    "toolchain::link_args",
    "toolchain::runner::decide",
    "toolchain::runner::emulators",
    "cargo::link_errors",
    "testing::libtest",
    "plan",
    "verify::policy",
    "verify::check",
];

/// Modules that pure ones must not name.
const EFFECTS: &[&str] = &["sys", "engine", "ops"];

/// Values that effects hand out. Reading them is no effect.
const VALUES: &[&str] = &["sys::env::Environment", "sys::run::Exit"];

/// Looks for effects in the paths that pure modules name.
pub(super) fn check(modules: &[Module<'_>]) -> Vec<Finding> {
    check_list(PURE, modules)
}

fn check_list(pure: &[&str], modules: &[Module<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in pure {
        if !modules.iter().any(|module| is_within(&module.name, name)) {
            findings.push(Finding::error(
                file!(),
                0,
                format!("the list of pure modules has `{name}`, which does not exist"),
                "delete it from the list, or correct its name".to_owned(),
            ));
        }
    }
    for module in modules.iter().filter(|module| !module.name.is_empty()) {
        let listed = pure.iter().find(|pure| is_within(&module.name, pure));
        let why = match listed {
            Some(pure) => format!("`{pure}` is pure: it computes from facts"),
            None if says_pure(&module.source.text) => "its docs say that it is pure".to_owned(),
            None => continue,
        };
        for named in module.names.iter().filter(|named| !named.in_tests) {
            let Some(effect) = effect_of(&named.path) else { continue };
            findings.push(Finding::error(
                &module.source.path,
                named.line,
                format!("`{}` names `{}`, but {why}", module.name, named.path),
                format!("take what it needs as an argument, and let the caller use `{effect}`"),
            ));
        }
    }
    findings.dedup();
    findings
}

/// The module of effects that a path leads to, if it leads to one.
fn effect_of(path: &str) -> Option<&'static str> {
    let is_value = VALUES.contains(&path);
    EFFECTS.iter().copied().find(|effect| !is_value && is_within(path, effect))
}

/// Whether a sentence of the file's docs begins with "Pure".
fn says_pure(text: &str) -> bool {
    let docs = text.lines().take_while(|line| line.starts_with("//!"));
    docs.flat_map(|line| line.split(' ')).any(|word| matches!(word, "Pure." | "Pure:"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::places;
    use super::super::modules::{ROOT, made_up, read};
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let mut files = files.to_vec();
        files.extend([("sys.rs", ""), ("plan/kept.rs", ""), ("workspace/graph/kept.rs", "")]);
        let sources = made_up::sources(&files);
        let places = places(&check_list(&["plan", "workspace::graph"], &read(&sources)));
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
        check(&[("plan/mod.rs", "use crate::{target, sys as s};")], &["plan/mod.rs:1"]);
        check(&[("workspace/load.rs", "use crate::sys::Command;")], &[]);
        check(
            &[("planner.rs", "use crate::sys::Command;"), ("plan.rs", "use crate::system::x;")],
            &[],
        );
    }

    #[test]
    fn values_that_effects_hand_out_and_tests_with_effects_are_fine() {
        check(&[("plan.rs", "use crate::sys::env::Environment;")], &[]);
        check(&[("plan.rs", "use crate::sys::env;")], &["plan.rs:1"]);
        check(&[("plan.rs", "mod tests {\n    use crate::sys::run;\n}")], &[]);
        check(&[("plan/tests.rs", "use crate::sys::run;")], &[]);
        check(&[("plan.rs", "mod tests {}\nuse crate::sys::run;")], &["plan.rs:2"]);
    }

    #[test]
    fn a_file_that_calls_itself_pure_is_checked() {
        let sentence = "//! Names. Pure.\nuse crate::sys::fs;";
        check(&[("toolchain/names.rs", sentence)], &["toolchain/names.rs:2"]);
        check(&[("toolchain/names.rs", "//! Purely names.\nuse crate::sys::fs;")], &[]);
        check(&[("toolchain/names.rs", "//! Names.\n\n/// Pure.\nuse crate::sys::fs;")], &[]);
    }

    #[test]
    fn a_name_in_the_list_that_does_not_exist_is_a_finding() {
        let sources = made_up::sources(&[("sys.rs", "")]);
        let findings = check_list(&["cache::recipe"], &read(&sources));
        assert!(findings[0].message.contains("`cache::recipe`, which does not exist"));
    }
}
