//! Names that say nothing about what is inside.

use super::finding::Finding;
use crate::repository::Source;

const EMPTY: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

/// Looks at every file and folder of the project's own code.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let is_ours = |path: &str| path.starts_with("crates/") || path.starts_with("xtask/");
    sources
        .iter()
        .filter(|source| is_ours(&source.path))
        .filter_map(|source| {
            let mut words = source.path.split(['/', '.', '-', '_']);
            let word = words.find(|word| EMPTY.contains(word))?;
            Some(Finding::error(
                &source.path,
                1,
                format!("`{word}` names no idea"),
                "name the file after what it knows or does",
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::*;

    #[test]
    fn empty_names_are_found_in_files_and_folders_of_ours() {
        let paths = [
            "crates/a/src/path_utils.rs",
            "crates/a/tests/common/mod.rs",
            "crates/a/src/commonality.rs",
            "examples/x-common/src/lib.rs",
        ];
        let sources: Vec<Source> = paths.iter().map(|path| source(path, "")).collect();
        assert_eq!(
            places(&check(&sources)),
            ["crates/a/src/path_utils.rs:1", "crates/a/tests/common/mod.rs:1"]
        );
    }
}
