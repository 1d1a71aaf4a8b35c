//! The modules of the crate `tachi`, and what each names of the others.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{self, Import};
use crate::repository::Source;

/// Where the crate's modules are.
pub(super) const ROOT: &str = "crates/tachi/src/";

/// A module and what it names.
pub(super) struct Module<'a> {
    /// Its file.
    pub(super) source: &'a Source,
    /// Its path below the crate's root: `plan::build`. The root itself has none.
    pub(super) name: String,
    /// What it names.
    pub(super) names: Vec<Named>,
}

/// A path that a module names.
pub(super) struct Named {
    /// The line, from 1.
    pub(super) line: usize,
    /// The path, behind re-exports.
    pub(super) path: String,
    /// Whether tests name it.
    pub(super) in_tests: bool,
}

/// Reads every module of the crate.
pub(super) fn read(sources: &[Source]) -> Vec<Module<'_>> {
    let files: Vec<(&Source, Vec<String>)> =
        sources.iter().filter_map(|source| Some((source, path_of(&source.path)?))).collect();
    let paths: BTreeSet<&[String]> = files.iter().map(|(_, path)| path.as_slice()).collect();
    let is_module = |path: &[String]| paths.contains(path);
    let read: Vec<(&Source, &[String], Vec<Import>)> = files
        .iter()
        .map(|(source, path)| {
            (*source, path.as_slice(), imports::of(&source.text, path, &is_module))
        })
        .collect();
    let aliases: BTreeMap<&[String], &[String]> = read
        .iter()
        .flat_map(|(_, _, found)| found)
        .filter_map(|import| Some((import.binds.as_deref()?, import.path.as_slice())))
        .collect();
    let behind = |import: &Import| Named {
        line: import.line,
        path: followed(&import.path, &aliases).join("::"),
        in_tests: import.within.iter().any(|module| module == "tests"),
    };
    read.iter()
        .map(|(source, path, found)| Module {
            source,
            name: path.join("::"),
            names: found.iter().map(behind).collect(),
        })
        .collect()
}

/// Whether `module` is `above`, or a module in it.
pub(super) fn is_within(module: &str, above: &str) -> bool {
    module.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The path behind re-exports: `crate::Command` may be `crate::sys::Command`.
fn followed(path: &[String], aliases: &BTreeMap<&[String], &[String]>) -> Vec<String> {
    let mut path = path.to_vec();
    // Re-exports of re-exports end; a bound keeps a circle from running for ever.
    for _ in 0..8 {
        let step = (1..=path.len()).rev().find_map(|length| {
            let target = aliases.get(&path[..length])?;
            // A function of a module's own name is no way further.
            (!target.starts_with(&path[..length])).then(|| [target, &path[length..]].concat())
        });
        match step {
            Some(next) => path = next,
            None => break,
        }
    }
    path
}

/// `crates/tachi/src/plan/graph.rs` is `plan::graph`; `lib.rs` is the root.
fn path_of(path: &str) -> Option<Vec<String>> {
    let inside = path.strip_prefix(ROOT)?.strip_suffix(".rs")?;
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || inside == "lib") {
        module.pop();
    }
    Some(module)
}

#[cfg(test)]
pub(super) mod made_up {
    //! Crates for the tests of the rules.

    use super::super::finding::made_up::source;
    use super::{ROOT, Source};

    /// The files of a crate `tachi`, and one of another crate.
    pub(in super::super) fn sources(files: &[(&str, &str)]) -> Vec<Source> {
        let mut sources: Vec<Source> =
            files.iter().map(|(path, text)| source(&format!("{ROOT}{path}"), text)).collect();
        sources.push(source("crates/tachi-binary/src/plan.rs", "use crate::sys::x;"));
        sources
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], module: &str, expected: &[&str]) {
        let sources = made_up::sources(files);
        let modules = read(&sources);
        let found = modules.iter().find(|one| one.name == module).unwrap();
        let names: Vec<&str> = found.names.iter().map(|named| named.path.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_module_has_its_place_in_the_crate_and_the_paths_that_it_names() {
        let sys = ("sys.rs", "");
        check(
            &[sys, ("plan/build.rs", "use super::x;\nuse crate::sys::y;")],
            "plan::build",
            &["plan::x", "sys::y"],
        );
        check(
            &[sys, ("plan/mod.rs", "fn f() { crate::sys::fs::read() }")],
            "plan",
            &["sys::fs::read"],
        );
        check(&[sys, ("plan.rs", "use crate::{a, sys as s};")], "plan", &["a", "sys"]);
        check(&[sys, ("lib.rs", "pub use sys::Command;")], "", &["sys::Command"]);
        check(&[sys, ("plan.rs", "/// [`x`](crate::sys::x)\nfn f() {}")], "plan", &[]);
    }

    #[test]
    fn a_re_export_hides_nothing() {
        let sys = ("sys.rs", "");
        let lib = ("lib.rs", "pub use sys::Command as C;");
        check(&[sys, lib, ("plan.rs", "use crate::C;")], "plan", &["sys::Command"]);
        let above = ("toolchain.rs", "use crate::sys;");
        check(
            &[sys, above, ("toolchain/decide.rs", "use super::sys::env;")],
            "toolchain::decide",
            &["sys::env"],
        );
    }
}
