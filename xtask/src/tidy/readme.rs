//! Every command in the README is one that its end-to-end test runs, or says why not.

use super::finding::Finding;
use super::readme_blocks;
use crate::repository::Source;

const README: &str = "README.md";
const TEST: &str = "crates/cargo-tachi/tests/e2e/example/readme.rs";

/// Reads the README with the parser that the test includes.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let Some(readme) = sources.iter().find(|source| source.path == README) else {
        return vec![Finding::error(README, 1, "there is no README", "write it")];
    };
    let blocks = match readme_blocks::read(&readme.text) {
        Ok(blocks) => blocks,
        Err(faults) => {
            let finding = |(line, fault)| {
                let remedy = "mark it ```console and begin each command with `$ `, so that the README's test runs it";
                Finding::error(README, line, fault, remedy)
            };
            return faults.into_iter().map(finding).collect();
        }
    };
    let test = sources.iter().find(|source| source.path == TEST);
    let shares_the_parser = test.is_some_and(|test| test.text.contains("readme_blocks.rs"));
    let first_run = blocks.iter().find(|block| block.not_run.is_none());
    first_run
        .filter(|_| !shares_the_parser)
        .map(|block| {
            Finding::error(
                README,
                block.line,
                format!("nothing runs these commands: {TEST} is missing or reads the README in its own way"),
                "include xtask/src/tidy/readme_blocks.rs there with #[path] and run the blocks it returns",
            )
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::super::readme_blocks::{Block, read};
    use super::*;

    const RUNS: &str = "#[path = \"../readme_blocks.rs\"] mod readme_blocks;";

    #[track_caller]
    fn check(readme: &str, test: &str, expected: &[&str]) {
        let sources = [source(README, readme), source(TEST, test)];
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
