//! The result of the turns: medians, and ratios within turns.

use serde_json::json;

use super::variant::VARIANTS;
use super::{Builds, Turns};
use crate::bench::statistics::Pairs;

/// Which builds of a variant are meant.
type Pick = fn(&Turns) -> &Builds;

/// One line of the result.
struct Line {
    variant: &'static str,
    scenario: &'static str,
    compiled: usize,
    wall: f64,
    cpu: f64,
    wall_ratio: f64,
    cpu_ratio: f64,
}

fn lines(turns: &[Turns]) -> Vec<Line> {
    let scenarios: [(&str, Pick); 2] =
        [("commit", |turns| &turns.commit), ("no-op", |turns| &turns.no_op)];
    let mut lines = Vec::new();
    for (scenario, pick) in scenarios {
        for (variant, builds) in VARIANTS.iter().zip(turns.iter().map(pick)) {
            let ours = pick(&turns[0]).costs.clone();
            let [wall, cpu] = Pairs { scenario, ours, theirs: builds.costs.clone() }.rows();
            lines.push(Line {
                variant: variant.name,
                scenario,
                compiled: builds.most_compiled(),
                wall: wall.theirs,
                cpu: cpu.theirs,
                wall_ratio: wall.ratio,
                cpu_ratio: cpu.ratio,
            });
        }
    }
    lines
}

/// The result for people.
pub(super) fn table(turns: &[Turns]) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "{:<8} {:<20} {:>6} {:>8} {:>7} {:>8} {:>7}\n",
        "build", "", "rustc", "wall", "ratio", "cpu", "ratio"
    );
    for line in lines(turns) {
        let _ = writeln!(
            text,
            "{:<8} {:<20} {:>6} {:>8.3} {:>6.2}× {:>8.3} {:>6.2}×",
            line.scenario,
            line.variant,
            line.compiled,
            line.wall,
            line.wall_ratio,
            line.cpu,
            line.cpu_ratio
        );
    }
    for (variant, turns) in VARIANTS.iter().zip(turns) {
        let _ = writeln!(
            text,
            "{:<20} a commit costs {:>5.0} ms over a no-op; said the new commit {} of {} times",
            variant.name,
            turns.over_no_op() * 1000.0,
            turns.known,
            turns.commit.costs.len()
        );
    }
    text
}

/// The result for programs.
pub(super) fn to_json(turns: &[Turns], runs: usize) -> serde_json::Value {
    let rows: Vec<_> = lines(turns)
        .iter()
        .map(|line| {
            json!({
                "variant": line.variant,
                "scenario": line.scenario,
                "rustc": line.compiled,
                "wall": { "median": line.wall, "ratio": line.wall_ratio },
                "cpu": { "median": line.cpu, "ratio": line.cpu_ratio },
            })
        })
        .collect();
    let commits: Vec<_> = VARIANTS
        .iter()
        .zip(turns)
        .map(|(variant, turns)| {
            json!({ "variant": variant.name, "over_no_op": turns.over_no_op(), "known": turns.known })
        })
        .collect();
    json!({ "runs": runs, "unit": "seconds", "rows": rows, "commits": commits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measure::Cost;

    #[test]
    fn ratios_compare_tachi_with_each_variant_and_its_own_is_one() {
        let builds = |wall: f64, compiled| Builds {
            costs: vec![Cost { wall, cpu: wall }; 3],
            compiled: vec![0, compiled, 0],
        };
        let turns: Vec<Turns> = [1.0, 2.0, 4.0, 8.0]
            .map(|wall| Turns { commit: builds(wall, 3), no_op: builds(wall / 2.0, 0), known: 0 })
            .into();
        let lines = lines(&turns);
        assert_eq!(lines.len(), 8);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(lines[0].wall_ratio, 1.0) && close(lines[3].wall_ratio, 0.125));
        assert_eq!((lines[3].compiled, lines[7].compiled), (3, 0));
        assert!(close(turns[3].over_no_op(), 4.0));
    }
}
