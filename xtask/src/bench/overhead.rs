//! `cargo xtask bench overhead`: `cargo tachi` and bare cargo do the same work on a
//! copy of examples/tachikoma, in turns, so that both see the same machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::measure;
use super::statistics::{Pairs, Row};
use crate::arguments::Arguments;
use crate::{process, repository};

const RUNS: usize = 15;
/// The file that one scenario changes.
const CHANGED: &str = "crates/tachikoma-cli/src/main.rs";

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    let runs = super::runs(&mut arguments, RUNS)?;
    let as_json = arguments.flag("--json");
    arguments.finish()?;
    let build = ["build", "--release", "--locked", "--package", "cargo-tachi"];
    process::capture(&mut process::command("cargo", &build))?;
    let bench = Bench::new()?;
    let rows: Vec<Row> = bench.pairs(runs)?.iter().flat_map(Pairs::rows).collect();
    if as_json {
        println!("{}", to_json(&rows, runs));
    } else {
        println!("{runs} pairs; seconds; ratio: median of cargo tachi ÷ cargo within a pair");
        print!("{}", table(&rows));
    }
    Ok(())
}

/// A copy of the example, with one target folder a side: their settings may
/// differ, and a shared folder would then be rebuilt at every turn.
struct Bench {
    programs: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn new() -> Result<Self, String> {
        let programs = repository::target_directory()?.join("release");
        let folder = std::env::temp_dir().join(format!("tachi-bench-{}", std::process::id()));
        let bench = Self { programs, folder };
        // The example depends on one of our crates, which inherits from the root manifest.
        for part in ["crates", "xtask", "examples/tachikoma", "Cargo.toml"] {
            copy(&repository::root().join(part), &bench.folder.join(part)).map_err(|error| {
                format!("cannot copy {part} to {}: {error}", bench.folder.display())
            })?;
        }
        Ok(bench)
    }

    fn workspace(&self) -> PathBuf {
        self.folder.join("examples/tachikoma")
    }

    fn pairs(&self, runs: usize) -> Result<Vec<Pairs>, String> {
        eprintln!("warming up: both sides build the whole example once");
        process::capture(&mut self.ours("build"))?;
        process::capture(&mut self.theirs("build"))?;
        let no_op = paired(
            "no-op build",
            runs,
            |_| Ok(()),
            || self.ours("build"),
            || self.theirs("build"),
        )?;
        let change = |turn| self.change(turn);
        let one_file = paired(
            "one file changed",
            runs,
            change,
            || self.ours("build"),
            || self.theirs("build"),
        )?;
        let plan = paired(
            "plan ÷ metadata",
            runs,
            |_| Ok(()),
            || self.ours("plan"),
            || self.theirs("metadata"),
        )?;
        Ok(vec![no_op, one_file, plan])
    }

    fn ours(&self, subcommand: &str) -> Command {
        let mut command = self.command("ours");
        command.args(["tachi", subcommand, "--profile", "dev"]);
        if subcommand == "build" {
            // Bare cargo has no compiler cache either.
            command.arg("--no-sccache");
        }
        command
    }

    fn theirs(&self, subcommand: &str) -> Command {
        let mut command = self.command("theirs");
        match subcommand {
            "metadata" => command.args(["metadata", "--format-version", "1"]),
            _ => command.args([subcommand, "--profile", "dev", "--workspace"]),
        };
        command
    }

    /// `cargo` as a user calls it, which finds `cargo tachi` on `PATH`.
    fn command(&self, side: &str) -> Command {
        let mut command = process::command("cargo", &[]);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.programs.display()));
        for variable in ["CARGO", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(variable);
        }
        command.current_dir(self.workspace()).env("CARGO_TARGET_DIR", self.folder.join(side));
        command
    }

    /// Each turn compiles a function that was not there before.
    fn change(&self, turn: usize) -> Result<(), String> {
        let path = self.workspace().join(CHANGED);
        let told = |error| format!("cannot change {}: {error}", path.display());
        let text = fs::read_to_string(&path).map_err(told)?;
        let marker = "\n// Changed by the bench.\n";
        let original = text.split(marker).next().unwrap_or_default();
        let added = format!("{marker}#[doc(hidden)]\npub const TURN: usize = {turn};\n");
        fs::write(&path, format!("{original}{added}")).map_err(told)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder is no reason to fail.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs both sides in turns, the one that begins alternating; `prepare` comes before each run.
fn paired(
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

/// Copies the sources, not what was built from them.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_file() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, copied) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            let is_output = entry.file_name() == "target" && from.join("Cargo.toml").exists();
            if !is_output {
                copy(&source, &copied)?;
            }
        } else {
            fs::copy(&source, &copied)?;
        }
    }
    Ok(())
}

fn table(rows: &[Row]) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "{:<18} {:<4} {:>11} {:>8} {:>11} {:>8} {:>7}\n",
        "", "", "cargo tachi", "min", "cargo", "min", "ratio"
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

fn to_json(rows: &[Row], runs: usize) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            json!({
                "scenario": row.scenario,
                "what": row.what,
                "tachi": { "median": row.ours, "min": row.ours_min },
                "cargo": { "median": row.theirs, "min": row.theirs_min },
                "ratio": row.ratio,
            })
        })
        .collect();
    json!({ "runs": runs, "unit": "seconds", "rows": rows })
}
