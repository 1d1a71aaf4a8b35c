//! The frame of all benches: Tachi as users have it, a temporary folder, and the output of the
//! result.

use std::fs;
use std::path::PathBuf;

use super::report;
use super::statistics::Row;
use crate::arguments::Arguments;
use crate::{process, repository};

/// The options of each bench.
pub(super) struct Options {
    /// How often each side is measured.
    pub(super) runs: usize,
    as_json: bool,
}

/// One run of a bench.
pub(super) struct Frame {
    /// How often each side is measured.
    pub(super) runs: usize,
    /// The folder of `cargo-tachi`.
    pub(super) programs: PathBuf,
    /// The folder for the bench's files.
    pub(super) folder: PathBuf,
    options: Options,
}

impl Options {
    /// Reads `--runs N` and `--json`; other arguments are an error.
    pub(super) fn read(mut arguments: Arguments, default_runs: usize) -> Result<Self, String> {
        let how_many = |text: &str| text.parse().ok().filter(|&runs| runs > 0);
        let runs = match arguments.value("--runs")? {
            Some(text) => how_many(&text).ok_or(format!("--runs {text}: how many?"))?,
            None => default_runs,
        };
        let as_json = arguments.flag("--json");
        arguments.finish()?;
        Ok(Self { runs, as_json })
    }

    /// Shows a result, as the user asked.
    pub(super) fn show(&self, head: &str, json: &serde_json::Value, table: &str) {
        if self.as_json {
            println!("{json}");
        } else {
            println!("{head}");
            print!("{table}");
        }
    }
}

impl Frame {
    /// Reads the options, and builds Tachi.
    pub(super) fn begin(
        name: &str,
        arguments: Arguments,
        default_runs: usize,
    ) -> Result<Self, String> {
        let options = Options::read(arguments, default_runs)?;
        process::capture(&mut process::command("cargo", repository::BUILD_TACHI))?;
        let programs = repository::programs()?;
        let folder = std::env::temp_dir().join(format!("tachi-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { runs: options.runs, programs, folder, options })
    }

    /// Shows pairs of two sides.
    pub(super) fn show_pairs(&self, units: &str, rows: &[Row], sides: [&str; 2]) {
        let head = format!("{} pairs; {units}", self.runs);
        let json = report::json(rows, sides, self.runs);
        self.show(&head, &json, &report::table(rows, sides));
    }

    /// Shows a result, as the user asked.
    pub(super) fn show(&self, head: &str, json: &serde_json::Value, table: &str) {
        self.options.show(head, json, table);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder is no reason to fail.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
