//! Every command that the README shows is run as it stands there.

#[path = "../../../../../xtask/src/tidy/readme_blocks.rs"]
mod readme_blocks;

use std::process::Command;

use super::Example;
use crate::support::{clean, repository, run};

/// Cost: 300 CPU seconds, for Tachi with optimisation, and what releasing the example costs, where
/// no other test has done so.
#[test]
fn the_readmes_commands_work_as_they_stand_there() {
    let _example = Example::hold();
    let root = repository();
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut commands = 0;
    let blocks = readme_blocks::read(&text).expect("tidy checks the README's blocks");
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
