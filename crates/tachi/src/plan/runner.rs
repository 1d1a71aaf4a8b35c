//! What runs the programs of a target here.

use crate::config::ConfigError;
use crate::facts::Facts;
use crate::target::TargetFacts;
use crate::toolchain::runner::{self, Choice, NoRunner};

/// The runner of a target: what the user set, by cargo's order of precedence, with
/// `tachi.toml` before cargo's files; else what this machine has.
///
/// # Errors
/// A setting cannot be used.
pub(crate) fn choose(
    row: &'static TargetFacts,
    facts: &Facts,
) -> Result<Result<Choice, NoRunner>, ConfigError> {
    let cargo = &facts.cargo_config;
    let own = facts.file.settings_for(row.triple, &facts.file_path)?;
    let configured = cargo
        .stronger_runner(row.triple)
        .or_else(|| Some(own.runner?.resolved(facts.workspace.root())))
        .or_else(|| cargo.file_runner(row.triple));
    let toolchain = &facts.toolchain;
    Ok(runner::decide(row, configured, &toolchain.rustc.host, &toolchain.runners))
}
