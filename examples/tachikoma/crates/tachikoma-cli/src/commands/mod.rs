//! One module for each command. A command returns what it has to say; `main` prints it.

mod features;
mod fetch;
mod rows;
mod run;
mod selfcheck;
mod spec;

use crate::args::Command;

/// Runs `command` and returns its output.
pub async fn run(command: Command) -> anyhow::Result<String> {
    match command {
        Command::Fetch { url, db } => fetch::run(&url, &db).await,
        Command::Rows { db } => rows::run(&db).await,
        Command::Spec { file } => spec::run(&file),
        Command::Run { spec, db } => run::run(&spec, &db).await,
        Command::Selfcheck => selfcheck::run().await,
        Command::Features => Ok(features::run()),
    }
}
