//! Runs two sides in turns, so that both see the same machine.

use std::process::Command;

use super::measure;
use super::statistics::Pairs;

/// Runs both sides in turns, the one that begins alternating; `prepare` comes before each run.
pub(super) fn paired(
    scenario: &'static str,
    runs: usize,
    prepare: impl Fn(usize) -> Result<(), String>,
    ours: impl Fn() -> Command,
    theirs: impl Fn() -> Command,
) -> Result<Pairs, String> {
    let mut pairs = Pairs { scenario, ours: Vec::new(), theirs: Vec::new() };
    for turn in 0..runs {
        eprint!("\r{scenario}: {}/{runs} ", turn + 1);
        prepare(turn)?;
        for side in 0..2 {
            if (turn + side) % 2 == 0 {
                pairs.ours.push(measure::cost(&mut ours())?);
            } else {
                pairs.theirs.push(measure::cost(&mut theirs())?);
            }
        }
    }
    eprintln!();
    Ok(pairs)
}
