//! Runs every command of the README as it is written there.

#[path = "../../../../../xtask/src/tidy/console_blocks.rs"]
mod console_blocks;

use std::process::Command;

use super::Example;
use crate::support::{clean, repository, run};

/// Cost: 200 CPU seconds, for Tachi with optimisation, and what releasing the example costs, where
/// no other test has done so.
#[test]
fn the_readmes_commands_work_as_written() {
    let _example = Example::hold();
    let root = repository();
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut commands = 0;
    let blocks = console_blocks::read(&text).expect("tidy checks the README's blocks");
    for block in blocks.iter().filter(|block| block.not_run.is_none()) {
        for command in &block.commands {
            let mut shell = Command::new("sh");
            shell.args(["-c", command]).current_dir(&root);
            clean(&mut shell);
            run(&mut shell).expect_success();
            commands += 1;
        }
    }
    assert!(commands > 0, "the README has no command that can be run");
}
