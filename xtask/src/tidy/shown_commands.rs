//! Every command that README.md, CONTRIBUTING.md and docs show is one that a test runs, or says why
//! not.

use std::path::Path;

use super::console_blocks;
use super::finding::Finding;
use crate::repository::Source;

const README: &str = "README.md";
/// Runs the README's commands, which need the example.
const README_TEST: &str = "crates/cargo-tachi/tests/e2e/example/readme.rs";
/// Runs the commands of all other documents.
const OTHERS_TEST: &str = "crates/cargo-tachi/tests/cli/shown_commands.rs";

/// Reads the documents with the parser that the tests include.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    if !sources.iter().any(|source| source.path == README) {
        return vec![Finding::error(README, 1, "there is no README", "write it")];
    }
    sources.iter().flat_map(|document| of_document(document, sources)).collect()
}

fn of_document(document: &Source, sources: &[Source]) -> Vec<Finding> {
    let path = document.path.as_str();
    let is_docs = path.starts_with("docs/")
        && Path::new(path).extension().is_some_and(|extension| extension == "md");
    let test = match path {
        README => README_TEST,
        _ if is_docs || path == "CONTRIBUTING.md" => OTHERS_TEST,
        _ => return Vec::new(),
    };
    let blocks = match console_blocks::read(&document.text) {
        Ok(blocks) => blocks,
        Err(faults) => {
            let finding = |(line, fault)| {
                let remedy =
                    "mark it ```console and begin each command with `$ `, so that a test runs it";
                Finding::error(path, line, fault, remedy)
            };
            return faults.into_iter().map(finding).collect();
        }
    };
    let source = sources.iter().find(|source| source.path == test).map(|test| test.text.as_str());
    let shares_the_parser = source.is_some_and(|text| text.contains("console_blocks.rs"));
    let first_run = blocks.iter().find(|block| block.not_run.is_none());
    let missing = first_run.filter(|_| !shares_the_parser).map(|block| {
        Finding::error(
            path,
            block.line,
            format!("nothing runs these commands: {test} is missing or reads them in its own way"),
            "include xtask/src/tidy/console_blocks.rs there with #[path] and run the blocks it returns",
        )
    });
    missing.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::console_blocks::{Block, read};
    use super::super::finding::made_up::{places, source};
    use super::*;

    const RUNS: &str = "#[path = \"../console_blocks.rs\"] mod console_blocks;";

    #[track_caller]
    fn check(readme: &str, test: &str, expected: &[&str]) {
        let sources = [source(README, readme), source(README_TEST, test)];
        assert_eq!(places(&super::check(&sources)), expected);
    }

    #[test]
    fn commands_that_no_test_would_run_are_found() {
        check("x\n```sh\ncargo tachi build\n```", RUNS, &["README.md:2"]);
        check("```\n$ cargo tachi build\n```", RUNS, &["README.md:1"]);
        check("```console\ncargo tachi build\n```", RUNS, &["README.md:1"]);
        check("```console\nonly output\n```", RUNS, &["README.md:1"]);
        check("```console\n$ cargo tachi build\n```", RUNS, &[]);
        check("```console\n$ cargo tachi build\n```", "", &["README.md:1"]);
        check("<!-- not run: takes an hour -->\n```console\n$ x\n```", "", &[]);
        check("```toml\nx = 1\n```\ntext", "", &[]);
        assert_eq!(places(&super::check(&[])), ["README.md:1"]);
    }

    #[test]
    fn documents_are_checked_like_the_readme() {
        let page = "```console\n$ cargo tachi build\n```";
        for path in ["docs/running.md", "CONTRIBUTING.md"] {
            let found = |test: &str| {
                let sources = [source(README, ""), source(path, page), source(OTHERS_TEST, test)];
                places(&super::check(&sources))
            };
            assert_eq!(found(RUNS), [""; 0]);
            assert_eq!(found(""), [format!("{path}:1")]);
        }
    }

    #[test]
    fn blocks_carry_their_commands_and_the_reason_not_to_run_them() {
        let text = "a\n```console\n$ one \\\n> two\noutput\n$ three\n```\n\n<!-- not run: why -->\n\n```console\n$ x\n```\n```console\n$ y\n```\n";
        let block = |line, commands: &[&str], not_run: Option<&str>| Block {
            line,
            commands: commands.iter().map(|&command| command.to_owned()).collect(),
            not_run: not_run.map(str::to_owned),
        };
        let expected = vec![
            block(2, &["one two", "three"], None),
            block(11, &["x"], Some("why")),
            block(14, &["y"], None),
        ];
        assert_eq!(read(text), Ok(expected));
    }
}
