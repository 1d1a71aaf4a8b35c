//! One run of a command: wall-clock seconds, and CPU seconds of it and its children.

use std::process::Command;
use std::time::Instant;

use crate::{process, system};

/// The cost of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// User and system seconds of the command and of all that it waited for.
    pub(crate) cpu: f64,
}

/// Runs the command, which must succeed. No other thread of this process may run children at the
/// same time.
pub(crate) fn cost(command: &mut Command) -> Result<Cost, String> {
    let before = system::children()?.seconds;
    let start = Instant::now();
    process::capture(command)?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = system::children()?.seconds - before;
    Ok(Cost { wall, cpu })
}

/// The largest memory that a run of the command takes, in 10^6 bytes, measured by a process whose
/// only child it is. That process's own small memory is the smallest result.
pub(crate) fn peak(command: &Command) -> Result<f64, String> {
    let this = std::env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let mut watcher = Command::new(this);
    watcher.args(["bench", "peak"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        watcher.current_dir(folder);
    }
    let text = process::capture(&mut watcher)?;
    text.trim().parse().map_err(|_| format!("no number: {text}"))
}

/// Runs a command and prints what [`peak`] reads.
pub(crate) fn print_peak(words: &[String]) -> Result<(), String> {
    let [program, arguments @ ..] = words else { return Err("which program?".to_owned()) };
    process::capture(Command::new(program).args(arguments))?;
    println!("{}", f64::from(system::children()?.peak) * 1024.0 / 1e6);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_of_grandchildren_counts_as_cpu_time() {
        let work = "(i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done); true";
        let cost = cost(&mut process::command("sh", &["-c", work])).unwrap();
        assert!(cost.cpu > 0.01 && cost.wall > 0.01, "{cost:?}");
    }

    #[test]
    fn a_failed_run_is_no_measurement() {
        assert!(cost(&mut process::command("false", &[])).is_err());
    }
}
