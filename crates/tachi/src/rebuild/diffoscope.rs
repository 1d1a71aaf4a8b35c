//! diffoscope's report on two files, where it is installed.

use camino::{Utf8Path, Utf8PathBuf};

use crate::session::Session;
use crate::sys::{Command, SysError, fs, run};

/// How long it may look into nested files, in seconds.
const SECONDS: &str = "120";
/// How long a report may be, in bytes.
const BYTES: &str = "1000000";

/// Writes a report beside the second file; none if diffoscope is not installed or fails.
///
/// # Errors
/// The user interrupted.
pub fn report(
    first: &Utf8Path,
    second: &Utf8Path,
    session: &Session,
) -> Result<Option<Utf8PathBuf>, SysError> {
    let Some(program) = session.environment.find_program("diffoscope") else { return Ok(None) };
    let report = Utf8PathBuf::from(format!("{second}.diffoscope.txt"));
    let command = Command::new(program.as_str())
        .args(["--no-progress", "--timeout", SECONDS, "--max-text-report-size", BYTES])
        .args(["--text", report.as_str(), first.as_str(), second.as_str()]);
    // It ends with 1 where files differ, and with something else where it fails.
    let (exit, _) = run::aloud(&command, &session.interrupt)?;
    Ok((exit.code == Some(1) && fs::is_file(&report)).then_some(report))
}
