//! `cargo xtask bench stamp`: a build after a commit without changes, and one with nothing to
//! do, of one program that knows its commit through Tachi or through other crates.

mod report;
mod variant;

use std::fs;
use std::path::{Path, PathBuf};

use self::variant::{Program, VARIANTS};
use super::frame::Frame;
use super::measure::{self, Cost};
use super::statistics;
use crate::arguments::Arguments;
use crate::{process, system};

const RUNS: usize = 11;

/// A script between cargo and rustc that notes each compilation. Cargo's questions about the
/// compiler's version and settings do not count.
const COUNTER: &str = "#!/bin/sh
case \"$*\" in
*'--crate-name ___'*) ;;
*--crate-name*) echo x >> \"$TACHI_BENCH_COMPILED\" ;;
esac
exec \"$@\"
";

/// The command.
pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    let frame = Frame::begin("stamp", arguments, RUNS)?;
    let turns = Bench::new(&frame.folder, &frame.programs)?.turns(frame.runs)?;
    let head = "turns of all; medians, in seconds; ratio: Tachi ÷ it within a turn";
    let json = report::to_json(&turns, frame.runs);
    frame.show(&format!("{} {head}", frame.runs), &json, &report::table(&turns));
    Ok(())
}

/// One variant's builds, in the order in which they ran.
#[derive(Default)]
struct Turns {
    /// After a commit without changes.
    commit: Builds,
    /// With nothing to do.
    no_op: Builds,
    /// How often the program said the new commit.
    known: usize,
}

#[derive(Default)]
struct Builds {
    costs: Vec<Cost>,
    /// Compilations.
    compiled: Vec<usize>,
}

/// A folder with the programs.
struct Bench<'a> {
    folder: &'a Path,
    /// The folder of `cargo-tachi`.
    programs: &'a Path,
    host: String,
}

impl<'a> Bench<'a> {
    fn new(folder: &'a Path, programs: &'a Path) -> Result<Self, String> {
        let bench = Self { folder, programs, host: host()? };
        let written = fs::write(bench.counter(), COUNTER)
            .and_then(|()| system::make_executable(&bench.counter()));
        written.map_err(|error| format!("{}: {error}", bench.folder.display()))?;
        Ok(bench)
    }

    fn counter(&self) -> PathBuf {
        self.folder.join("rustc")
    }

    /// Each turn builds all variants, beginning with another one each time.
    fn turns(&self, runs: usize) -> Result<Vec<Turns>, String> {
        let target = self.folder.join("target");
        let mut programs = Vec::new();
        for variant in VARIANTS {
            eprintln!("warming up: {}", variant.name);
            let program = Program::new(variant, self.folder, &target)?;
            // Twice: files of the first build may make the second one compile, too.
            self.build(&program)?;
            self.build(&program)?;
            programs.push(program);
        }
        let mut turns: Vec<Turns> = VARIANTS.iter().map(|_| Turns::default()).collect();
        for turn in 0..runs {
            eprint!("\rturn {}/{runs} ", turn + 1);
            for place in 0..programs.len() {
                let which = (turn + place) % programs.len();
                let (program, turns) = (&programs[which], &mut turns[which]);
                program.commit()?;
                turns.commit.add(self.build(program)?);
                turns.known += usize::from(program.knows(&self.host)?);
                turns.no_op.add(self.build(program)?);
            }
        }
        eprintln!();
        Ok(turns)
    }

    /// The cost of a build, and how often it ran the compiler.
    fn build(&self, program: &Program) -> Result<(Cost, usize), String> {
        let notes = self.folder.join("compiled");
        let told = |error| format!("{}: {error}", notes.display());
        fs::write(&notes, "").map_err(told)?;
        let mut command = program.build();
        command.env("RUSTC_WRAPPER", self.counter()).env("TACHI_BENCH_COMPILED", &notes);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.programs.display()));
        let cost = measure::cost(&mut command)?;
        Ok((cost, fs::read_to_string(&notes).map_err(told)?.lines().count()))
    }
}

impl Builds {
    fn add(&mut self, (cost, compiled): (Cost, usize)) {
        self.costs.push(cost);
        self.compiled.push(compiled);
    }

    fn most_compiled(&self) -> usize {
        self.compiled.iter().copied().max().unwrap_or_default()
    }
}

impl Turns {
    /// The cost of the commit: wall seconds over a build with nothing to do, within a turn.
    fn over_no_op(&self) -> f64 {
        let pairs = self.commit.costs.iter().zip(&self.no_op.costs);
        statistics::median(
            &pairs.map(|(commit, no_op)| commit.wall - no_op.wall).collect::<Vec<_>>(),
        )
    }
}

/// The triple of this machine, as rustc has it.
fn host() -> Result<String, String> {
    let said = process::capture(&mut process::command("rustc", &["--version", "--verbose"]))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("rustc names no host:\n{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_counts_compilations_and_not_cargos_questions() {
        let folder = std::env::temp_dir().join(format!("tachi-counter-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let bench = Bench::new(&folder, Path::new("")).unwrap();
        let notes = bench.folder.join("notes");
        fs::write(&notes, "").unwrap();
        let call = |args: &[&str]| {
            let counter = bench.counter().display().to_string();
            let mut command = process::command(&counter, &["true"]);
            process::capture(command.args(args).env("TACHI_BENCH_COMPILED", &notes)).unwrap();
        };
        call(&["rustc", "-vV"]);
        call(&["rustc", "-", "--crate-name", "___", "--print=file-names"]);
        call(&["rustc", "--crate-name", "build_script_build", "build.rs"]);
        call(&["rustc", "--crate-name", "it", "src/main.rs"]);
        assert_eq!(fs::read_to_string(&notes).unwrap().lines().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }
}
