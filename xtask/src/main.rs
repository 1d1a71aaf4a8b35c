//! Repository chores: set the machine up, test, check the tree's rules, measure.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a chore runs programs, reads files and prints by nature; the bans guard the product"
)]

mod arguments;
mod bench;
mod catalogue;
mod compiler;
mod demo;
mod frameworks;
mod fuzz;
mod linker;
mod process;
mod repository;
mod schemas;
mod setup;
mod system;
mod test;
mod tidy;

use std::process::ExitCode;

use arguments::Arguments;

const USAGE: &str = "\
usage: cargo xtask <command>

  setup [--check]                     install what the tests need
  demo                                build and package examples/tachikoma for all targets
  test [--quick|--full] [filter…]     every check and test; --quick leaves the end-to-end tests out,
                                      --full adds those marked #[ignore]
  generate [--check]                  write the table of targets from rustc's and rustup's lists
  generate --schemas                  write docs/schema from the types of what Tachi writes and reads
  generate --frameworks               write the table of macOS's frameworks from crates' bindings
  tidy                                check the rules of the tree that no compiler checks
  bench overhead [--runs N] [--json]  cargo tachi and cargo alone, in paired runs
  bench stamp [--runs N] [--json]     the cost of a commit without changes, here and with other crates
  bench files [--runs N] [--json]     the file tools, LLVM's and rcodesign, in paired runs
  bench schedule [--release] [--runs N] [--json]
                                      the cost of a step of the schedule, from 100 steps to 10,000
  fuzz [target…] [--seconds N] [--seed N]
                                      give damaged files to tachi-binary, N seconds for each target
  fuzz --corpus                       make the files that fuzzing starts from
";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_environment();
    let done = match arguments.command().as_deref() {
        Some("setup") => setup::main(arguments),
        Some("demo") => demo::main(arguments),
        Some("test") => return test::main(arguments),
        Some("generate") => generate(arguments),
        Some("tidy") => tidy::main(arguments),
        Some("bench") => bench::main(arguments),
        Some("fuzz") => fuzz::main(arguments),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("no command {other:?}\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn generate(mut arguments: Arguments) -> Result<(), String> {
    let (check, frameworks) = (arguments.flag("--check"), arguments.flag("--frameworks"));
    let schemas = arguments.flag("--schemas");
    arguments.finish()?;
    if check && (frameworks || schemas) {
        return Err("--check compares the tables alone; a test compares the schemas".to_owned());
    }
    if frameworks {
        return frameworks::generate();
    }
    if schemas {
        return schemas::generate();
    }
    catalogue::generate(check)
}
