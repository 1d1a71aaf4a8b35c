//! Every end-to-end test states what it costs, so that the whole stays affordable.

use super::finding::Finding;
use super::rust_text;
use crate::repository::Source;

const FOLDER: &str = "crates/cargo-tachi/tests/e2e/";
const COST: &str = "Cost: ";

/// Looks for the cost in the comment of each test, else in the head of its file.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let tests = sources.iter().filter(|source| source.path.starts_with(FOLDER) && source.is_rust());
    tests.flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Finding> {
    let comments = rust_text::comments(&source.text);
    let comments: Vec<&str> = comments.lines().map(str::trim).collect();
    let heads = |line: &&&str| line.starts_with("//!");
    if comments.iter().take_while(heads).any(|line| line.contains(COST)) {
        return Vec::new();
    }
    let code = rust_text::code(&source.text);
    let tests = code.lines().enumerate().filter(|(_, line)| line.trim() == "#[test]");
    tests
        .filter(|&(at, _)| {
            let above = comments[..at].iter().rev().take_while(|line| line.starts_with("///"));
            !above.into_iter().any(|line| line.contains(COST))
        })
        .map(|(at, _)| {
            Finding::error(
                &source.path,
                at + 1,
                "the end-to-end test does not state its cost",
                "write `/// Cost: N CPU seconds.` above it: user and sys of `bash -c 'time …'`",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::*;

    #[test]
    fn a_test_without_a_cost_is_found_unless_it_is_in_a_literal() {
        let text = "//! Docs.\n\n/// Cost: 3 CPU seconds.\n#[test]\nfn one() {}\n\n/// None.\n#[test]\nfn two() {}\n\
                    const IT: &str = \"\n#[test]\n\";\n";
        let found = check(&[
            source("crates/cargo-tachi/tests/e2e/a.rs", text),
            source(
                "crates/cargo-tachi/tests/e2e/b/c.rs",
                "//! Cost: 1 CPU second each.\n#[test]\nfn a() {}",
            ),
            source("crates/cargo-tachi/tests/cli/d.rs", "#[test]\nfn a() {}"),
        ]);
        assert_eq!(places(&found), ["crates/cargo-tachi/tests/e2e/a.rs:8"]);
    }
}
