//! A panic is a bug of Tachi's: it ends with exit code 1 and a text to report it with.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;

use tachi::Command;

use crate::terminal;

/// How much of the command line is shown: a linker is called with thousands of files.
const COMMAND_LIMIT: usize = 1000;

/// Runs the program. A panic in it says what to report, and ends with the exit code for bugs;
/// what the program holds is released before.
pub(crate) fn contain(arguments: &[String], program: impl FnOnce() -> ExitCode) -> ExitCode {
    let arguments = arguments.to_vec();
    std::panic::set_hook(Box::new(move |panic| {
        terminal::say_error(&report(panic, &arguments));
    }));
    // Nothing that the program has touched is looked at afterwards.
    let ended = catch_unwind(AssertUnwindSafe(program));
    ended.unwrap_or_else(|_| ExitCode::from(tachi::ExitCode::Bug as u8))
}

/// What is said of a panic.
fn report(panic: &PanicHookInfo<'_>, arguments: &[String]) -> String {
    let place = panic.location().map_or_else(String::new, |place| format!(" ({place})"));
    let backtrace = Backtrace::capture();
    let trace = match backtrace.status() {
        BacktraceStatus::Captured => format!("\n{backtrace}"),
        _ => String::new(),
    };
    text(&format!("{}{place}", message(panic.payload())), arguments) + &trace
}

/// `panic!` carries a text of one type or the other; anything else has none.
fn message(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

fn text(what: &str, arguments: &[String]) -> String {
    let mut command = match arguments {
        [program, arguments @ ..] => Command::new(program).args(arguments).to_string(),
        [] => env!("CARGO_PKG_NAME").to_owned(),
    };
    if let Some((end, _)) = command.char_indices().nth(COMMAND_LIMIT) {
        command.truncate(end);
        command.push('…');
    }
    format!(
        "this is a bug in cargo-tachi {}: {what}\n  command: {command}\n  help: please report it at {}/issues with \
         this text; with RUST_BACKTRACE=1 it says more",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_the_version_the_command_and_where_to_send_it() {
        let arguments = ["cargo-tachi", "tachi", "inspect", "my file"].map(str::to_owned);
        let said = text("index out of bounds (src/x.rs:3:1)", &arguments);
        let expected = format!(
            "this is a bug in cargo-tachi {}: index out of bounds (src/x.rs:3:1)\n  command: cargo-tachi tachi inspect \
             'my file'\n  help: please report it at ",
            env!("CARGO_PKG_VERSION")
        );
        assert!(said.starts_with(&expected), "{said}");
    }

    #[test]
    fn a_command_of_any_length_leaves_the_report_readable() {
        let arguments = vec!["ö".repeat(200); 100_000];
        let said = text("x", &arguments);
        assert!(said.contains("…\n  help: "), "{said}");
        assert!(said.chars().count() < COMMAND_LIMIT + 400);
    }
}
