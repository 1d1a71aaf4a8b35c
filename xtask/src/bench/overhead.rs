//! `cargo xtask bench overhead`: `cargo tachi` and bare cargo do the same work on a
//! copy of examples/tachikoma, in turns, so that both see the same machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::frame::Frame;
use super::statistics::{Pairs, Row};
use super::turns::paired;
use crate::arguments::Arguments;
use crate::{process, repository};

const RUNS: usize = 15;
const SIDES: [&str; 2] = ["cargo tachi", "cargo"];
/// The file that one scenario changes.
const CHANGED: &str = "crates/tachikoma-cli/src/main.rs";

/// The command.
pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    let frame = Frame::begin("overhead", arguments, RUNS)?;
    let bench = Bench::new(&frame)?;
    let rows: Vec<Row> = bench.pairs(frame.runs)?.iter().flat_map(Pairs::rows).collect();
    let units = "seconds; ratio: median of cargo tachi ÷ cargo within a pair";
    frame.show_pairs(units, &rows, SIDES);
    Ok(())
}

/// A copy of the example, with a target folder for each side: if their settings differ, a shared
/// folder would be rebuilt at every turn.
struct Bench<'a> {
    programs: &'a Path,
    folder: &'a Path,
}

impl<'a> Bench<'a> {
    fn new(frame: &'a Frame) -> Result<Self, String> {
        let bench = Self { programs: &frame.programs, folder: &frame.folder };
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

/// Copies the sources, without build output.
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
