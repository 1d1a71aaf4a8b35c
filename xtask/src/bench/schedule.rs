//! `cargo xtask bench schedule`: the cost of a step beside its work, from 100 steps to 10,000. The
//! cost of a run grows linearly as long as the cost of one step does not grow.
//!
//! It measures tests of the crate `tachi`, since only they reach its inside. Each does the same
//! number of steps at every size, in as many rounds as needed, so that starting the program counts
//! the same at every size.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::frame::Options;
use super::measure::{self, Cost};
use super::statistics::median;
use crate::arguments::Arguments;
use crate::process;

const RUNS: usize = 7;
/// How many steps there are at once.
const SIZES: [u32; 5] = [100, 300, 1000, 3000, 10_000];
/// How many steps each program does in total.
const STEPS: u32 = 60_000;
/// The scenarios, each with its test.
const SCENARIOS: [(&str, &str); 2] = [
    ("plan and prove", "plan::planner::tests::rounds_of_plans_with_their_proof"),
    ("schedule and run", "engine::schedule::bench::rounds_of_steps_that_do_nothing"),
];

/// The costs of one scenario: for each size, those of all runs.
struct Measured {
    scenario: &'static str,
    costs: Vec<Vec<Cost>>,
}

/// One size of one scenario: medians.
struct Row {
    scenario: &'static str,
    steps: u32,
    /// Seconds for one run of so many steps.
    wall: f64,
    /// CPU seconds for one run of so many steps.
    cpu: f64,
    /// CPU time of one step, compared with that of one step of the smallest size.
    growth: f64,
}

/// The command. It measures tests in their usual build, which is there already; `--release`
/// compiles them with optimisation.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    let is_release = arguments.flag("--release");
    let options = Options::read(arguments, RUNS)?;
    let tests = tests(is_release)?;
    let mut rows = Vec::new();
    for (scenario, test) in SCENARIOS {
        rows.extend(Measured::new(scenario, test, &tests, options.runs)?.rows());
    }
    let build = if is_release { "release" } else { "dev" };
    let head = format!(
        "{} runs in turns, {build} build; medians; growth: CPU time of one step ÷ that at {} steps",
        options.runs, SIZES[0]
    );
    options.show(&head, &to_json(&rows, options.runs, build), &table(&rows));
    Ok(())
}

/// The executable with the unit tests of the crate `tachi`.
fn tests(is_release: bool) -> Result<PathBuf, String> {
    let args = ["test", "--quiet", "--package", "tachi", "--lib", "--no-run"];
    let mut command = process::command("cargo", &args);
    command.args(["--message-format", "json"]).args(is_release.then_some("--release"));
    let said = process::capture(&mut command)?;
    let messages = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables =
        messages.filter_map(|message| Some(message["executable"].as_str()?.into()));
    executables.next().ok_or_else(|| "cargo built no tests".to_owned())
}

impl Measured {
    /// Each turn measures all sizes, so that all see the same machine.
    fn new(
        scenario: &'static str,
        test: &str,
        tests: &PathBuf,
        runs: usize,
    ) -> Result<Self, String> {
        let mut costs = vec![Vec::new(); SIZES.len()];
        for turn in 0..runs {
            eprint!("\r{scenario}: {}/{runs} ", turn + 1);
            for (size, costs) in SIZES.iter().zip(&mut costs) {
                let mut command = Command::new(tests);
                command.args(["--exact", "--ignored", test]);
                command.env("TACHI_BENCH_STEPS", size.to_string());
                command.env("TACHI_BENCH_ROUNDS", (STEPS / size).to_string());
                costs.push(measure::cost(&mut command)?);
            }
        }
        eprintln!();
        Ok(Self { scenario, costs })
    }

    fn rows(&self) -> Vec<Row> {
        let of = |costs: &[Cost], pick: fn(&Cost) -> f64| {
            median(&costs.iter().map(pick).collect::<Vec<f64>>())
        };
        let smallest = of(&self.costs[0], |cost| cost.cpu);
        let row = |(costs, &steps): (&Vec<Cost>, &u32)| {
            let rounds = f64::from(STEPS / steps);
            let (wall, cpu) = (of(costs, |cost| cost.wall), of(costs, |cost| cost.cpu));
            let growth = cpu / smallest;
            Row { scenario: self.scenario, steps, wall: wall / rounds, cpu: cpu / rounds, growth }
        };
        self.costs.iter().zip(&SIZES).map(row).collect()
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<18} {:>6} {:>9} {:>9} {:>9} {:>7}\n",
        "", "steps", "wall ms", "cpu ms", "µs/step", "growth"
    );
    for Row { scenario, steps, wall, cpu, growth } in rows {
        let each = cpu * 1e6 / f64::from(*steps);
        let _ = writeln!(
            text,
            "{scenario:<18} {steps:>6} {:>9.2} {:>9.2} {each:>9.2} {growth:>6.2}×",
            wall * 1e3,
            cpu * 1e3,
        );
    }
    text
}

fn to_json(rows: &[Row], runs: usize, build: &str) -> Value {
    let row = |row: &Row| {
        json!({
            "scenario": row.scenario,
            "steps": row.steps,
            "wall": row.wall,
            "cpu": row.cpu,
            "growth": row.growth,
        })
    };
    let rows: Vec<Value> = rows.iter().map(row).collect();
    json!({ "runs": runs, "build": build, "units": { "wall": "s", "cpu": "s" }, "rows": rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_compares_one_step_with_one_step() {
        // Programs do the same number of steps at each size.
        let cost = |cpu| vec![Cost { wall: 2.0 * cpu, cpu }; 3];
        let costs = vec![cost(0.6), cost(0.6), cost(0.6), cost(0.6), cost(1.2)];
        let rows = Measured { scenario: "x", costs }.rows();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(rows[0].cpu, 0.001) && close(rows[0].wall, 0.002));
        assert!(close(rows[3].growth, 1.0) && close(rows[4].growth, 2.0));
    }

    #[test]
    fn every_size_does_the_same_number_of_steps() {
        assert!(SIZES.iter().all(|size| STEPS.is_multiple_of(*size)));
    }
}
