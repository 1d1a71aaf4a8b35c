//! The result of a bench, for people and for programs.

use std::fmt::Write as _;

use serde_json::json;

use super::statistics::Row;

/// A line for each row: medians, minima and the ratio; `sides` names ours and theirs.
pub(super) fn table(rows: &[Row], sides: [&str; 2]) -> String {
    let [ours, theirs] = sides;
    let mut text = format!(
        "{:<18} {:<4} {ours:>11} {:>8} {theirs:>11} {:>8} {:>7}\n",
        "", "", "min", "min", "ratio"
    );
    for row in rows {
        let _ = writeln!(
            text,
            "{:<18} {:<4} {:>11.3} {:>8.3} {:>11.3} {:>8.3} {:>6.2}×",
            row.scenario, row.what, row.ours, row.ours_min, row.theirs, row.theirs_min, row.ratio
        );
    }
    text
}

/// The same as JSON.
pub(super) fn json(rows: &[Row], sides: [&str; 2], runs: usize) -> serde_json::Value {
    let [ours, theirs] = sides;
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            json!({
                "scenario": row.scenario,
                "what": row.what,
                ours: { "median": row.ours, "min": row.ours_min },
                theirs: { "median": row.theirs, "min": row.theirs_min },
                "ratio": row.ratio,
            })
        })
        .collect();
    json!({ "runs": runs, "units": { "wall": "s", "cpu": "s", "MB": "10^6 bytes" }, "rows": rows })
}
