//! The first line of a file says what it is for.

use super::finding::Finding;
use super::{is_generated, is_in_tests, own_code};
use crate::repository::Source;

/// Looks at the first line of each module.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    own_code(sources)
        .filter(|source| !is_in_tests(&source.path) && !is_generated(source))
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| {
            Finding::error(
                &source.path,
                1,
                "the file does not begin with a line of module docs",
                "write `//! ` and the one idea of this file",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::*;

    #[test]
    fn a_module_without_a_first_line_of_docs_is_found() {
        let found = check(&[
            source("crates/a/src/bad.rs", "use std::fs;\n//! late"),
            source("crates/a/src/good.rs", "//! Why.\n"),
            source("crates/a/src/table.rs", "// @generated\n"),
            source("crates/a/tests/x.rs", "use std::fs;"),
            source("examples/a/src/x.rs", "use std::fs;"),
        ]);
        assert_eq!(places(&found), ["crates/a/src/bad.rs:1"]);
    }
}
