//! `cargo tachi`: flags in, events out to the screen, an exit code. No logic.

mod cli;
mod commands;
mod failure;
mod flags;
mod interrupt;
mod panic;
mod screen;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use tachi::Session;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match Session::arguments() {
        Ok(arguments) => panic::contain(&arguments, || run(&arguments)),
        Err(error) => terminal::fail(&error.into()),
    }
}

fn run(arguments: &[String]) -> ExitCode {
    // The linker and the compilers that Tachi gives to cargo are this program too.
    match tachi::ops::driver::answer(&arguments[1..]) {
        Some(Ok(ended)) => return terminal::pass_on(&ended),
        Some(Err(error)) => return terminal::fail(&error.into()),
        None => {}
    }
    let cli = Cli::parse_from(without_subcommand_name(arguments.to_vec()));
    let session = match Session::of_this_process() {
        Ok(session) => session,
        Err(error) => return terminal::fail(&error.into()),
    };
    interrupt::listen(&session.interrupt);

    let result = match cli.command {
        Command::Build(args) => commands::build::run(*args, &session),
        Command::Run(args) => commands::run::run(*args, &session),
        Command::Test(args) => commands::test::run(*args, &session),
        Command::Dist(args) => commands::dist::run(*args, &session),
        Command::Verify(args) => commands::verify::run(*args, &session),
        Command::Plan(args) => commands::plan::run(*args, &session),
        Command::Targets(args) => commands::targets::run(&args, &session),
        Command::Setup(args) => commands::setup::run(&args, &session),
        Command::Cache(args) => commands::cache::run(&args, &session),
        Command::Inspect(args) => commands::inspect::run(&args, &session),
        Command::Stamp(args) => commands::stamp::run(&args, &session),
        Command::Universal(args) => commands::universal::run(&args, &session),
        Command::Sign(args) => commands::sign::run(&args, &session),
        Command::Strip(args) => commands::strip::run(&args, &session),
    };
    match result {
        Ok(code) => ExitCode::from(code as u8),
        Err(error) => terminal::fail(&error),
    }
}

/// `cargo tachi build` runs `cargo-tachi tachi build`; `cargo-tachi build` is as good.
fn without_subcommand_name(mut arguments: Vec<String>) -> Vec<String> {
    if arguments.get(1).is_some_and(|first| first == "tachi") {
        arguments.remove(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_subcommand_is_dropped_once() {
        let dropped = |words: &[&str]| {
            without_subcommand_name(words.iter().map(|&word| word.to_owned()).collect())
        };
        assert_eq!(dropped(&["cargo-tachi", "tachi", "build"]), ["cargo-tachi", "build"]);
        assert_eq!(dropped(&["cargo-tachi", "build"]), ["cargo-tachi", "build"]);
        assert_eq!(dropped(&["cargo-tachi"]), ["cargo-tachi"]);
    }
}
