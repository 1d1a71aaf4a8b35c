//! Directions between crates: the leaves do not know each other, and chores know no product crate.

use toml::{Table, Value};

use super::finding::Finding;
use crate::repository::Source;

const CRATES: &[&str] =
    &["cargo-tachi", "tachi", "tachi-binary", "tachi-build-info", "tachi-report", "tachi-schema"];

/// What a manifest may name among our own crates. Those absent here may name none.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("cargo-tachi", &["tachi", "tachi-binary", "tachi-report", "tachi-schema", "tachi-build-info"]),
    ("tachi", &["tachi-binary", "tachi-report", "tachi-schema", "tachi-build-info"]),
    // A report is a fold of events, and those are the schema's.
    ("tachi-report", &["tachi-schema"]),
];

/// Reads the manifests under `crates/` and of `xtask`.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let is_ours = |path: &str| path.starts_with("crates/") || path.starts_with("xtask/");
    sources
        .iter()
        .filter(|source| is_ours(&source.path) && source.path.ends_with("/Cargo.toml"))
        .flat_map(manifest)
        .collect()
}

fn manifest(source: &Source) -> Vec<Finding> {
    // Cargo itself reports a manifest that it cannot read.
    let Ok(manifest) = source.text.parse::<Table>() else { return Vec::new() };
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name")?.as_str())
        .unwrap_or_default();
    let allowed =
        MAY_NAME.iter().find(|(of, _)| *of == name).map_or(&[] as &[&str], |(_, may)| may);
    let mut found = Vec::new();
    dependencies(&manifest, &mut found);
    found
        .into_iter()
        .filter(|dependency| CRATES.contains(&dependency.as_str()) && !allowed.contains(&dependency.as_str()))
        .map(|dependency| {
            let line = source.text.lines().position(|line| line.trim_start().starts_with(&dependency));
            Finding::error(
                &source.path,
                line.unwrap_or(0) + 1,
                format!("{name} depends on {dependency}"),
                "dependencies point one way: cargo-tachi, then tachi, then the leaf crates; join the two in a crate above",
            )
        })
        .collect()
}

/// Every dependency table, those for some targets or for tests included.
fn dependencies(table: &Table, found: &mut Vec<String>) {
    for (key, value) in table {
        let Value::Table(inner) = value else { continue };
        match key.as_str() {
            "dependencies" | "dev-dependencies" | "build-dependencies" => {
                found.extend(inner.iter().map(|(name, value)| {
                    let renamed = value.get("package").and_then(Value::as_str);
                    renamed.unwrap_or(name).to_owned()
                }));
            }
            "target" => inner
                .values()
                .filter_map(Value::as_table)
                .for_each(|table| dependencies(table, found)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(places(&super::check(&[source(path, text)])), expected);
    }

    #[test]
    fn leaves_and_chores_name_no_crate_of_ours() {
        let leaf = "crates/tachi-binary/Cargo.toml";
        check(
            leaf,
            "[package]\nname = 'tachi-binary'\n[dev-dependencies]\ntachi-schema.workspace = true",
            &["crates/tachi-binary/Cargo.toml:4"],
        );
        check(
            leaf,
            "[package]\nname = 'tachi-binary'\n[target.'cfg(unix)'.dependencies]\nx = { package = 'tachi' }",
            &["crates/tachi-binary/Cargo.toml:1"],
        );
        check(
            "xtask/Cargo.toml",
            "[package]\nname = 'xtask'\n[dependencies]\ntachi = '1'",
            &["xtask/Cargo.toml:4"],
        );
    }

    #[test]
    fn crates_above_may_name_those_below_only() {
        let text = |name, other| {
            format!("[package]\nname = '{name}'\n[dependencies]\n{other} = '1'\nserde = '1'")
        };
        check("crates/tachi/Cargo.toml", &text("tachi", "tachi-schema"), &[]);
        check(
            "crates/tachi/Cargo.toml",
            &text("tachi", "cargo-tachi"),
            &["crates/tachi/Cargo.toml:4"],
        );
        check("examples/x/Cargo.toml", &text("x", "tachi"), &[]);
    }
}
