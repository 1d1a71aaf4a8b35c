//! Runs programs: none waits for input, and a failure names the whole command.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{repository, system};

/// A command in the repository's root, without standard input.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(repository::root()).stdin(Stdio::null());
    command
}

/// The command as one line for people.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Shows the command, then runs it with its output going to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", shown(command));
    // Our own output so far must come before the program's.
    let _ = std::io::stdout().flush();
    let status =
        command.status().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// Runs the command silently; its standard output, or an error with its output.
pub(crate) fn capture(command: &mut Command) -> Result<String, String> {
    let output =
        command.output().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "`{}` failed ({})\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        ))
    }
}

/// How a watched command ended, and all it printed.
pub(crate) struct Watched {
    /// Whether it succeeded.
    pub(crate) success: bool,
    /// Both of its streams, line by line as they came.
    pub(crate) output: String,
}

/// Shows the command, runs it, passes its output on and keeps a copy.
pub(crate) fn watch(command: &mut Command) -> Result<Watched, String> {
    println!("$ {}", shown(command));
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let failed = |error: std::io::Error, line: &str| format!("cannot run `{line}`: {error}");
    let line = shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error, &line))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let output = std::thread::scope(|scope| {
        let out = scope.spawn(|| copied(out, std::io::stdout()));
        let err = scope.spawn(|| copied(err, std::io::stderr()));
        [out, err].map(|thread| thread.join().unwrap_or_default()).concat()
    });
    let status = child.wait().map_err(|error| failed(error, &line))?;
    Ok(Watched { success: status.success(), output })
}

fn copied(from: Option<impl Read>, mut to: impl Write) -> String {
    let mut kept = String::new();
    let Some(from) = from else { return kept };
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        // A closed terminal must not stop the tests.
        let _ = writeln!(to, "{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

/// Where a program is, if `PATH` has it.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| system::is_executable(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_command_reports_both_streams_and_its_failure() {
        let watched = watch(&mut command("sh", &["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(!watched.success);
        assert!(watched.output.contains("out\n") && watched.output.contains("err\n"));
    }

    #[test]
    fn a_failed_command_is_named_with_its_output() {
        let error = capture(&mut command("sh", &["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(error.contains("sh -c") && error.contains("why"), "{error}");
    }

    #[test]
    fn a_program_is_found_on_the_path_or_not() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
