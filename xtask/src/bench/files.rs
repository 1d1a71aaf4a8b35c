//! `cargo xtask bench files`: the file tools against LLVM's and rcodesign, in turns, on
//! files of 32 MB and on small ones.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::frame::Frame;
use super::statistics::{Pairs, Row};
use super::turns::paired;
use super::{measure, rcodesign};
use crate::arguments::Arguments;
use crate::{linker, process};

const RUNS: usize = 21;
/// Memory hardly varies.
const MEMORY_RUNS: usize = 3;
const SIDES: [&str; 2] = ["cargo tachi", "the other"];
const LARGE: usize = 32_000_000;
const SMALL: usize = 64_000;

/// The command.
pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    let frame = Frame::begin("files", arguments, RUNS)?;
    let rows = measured(&frame.programs.join("cargo-tachi"), &frame.folder, frame.runs)?;
    let units = "seconds, 10^6 bytes; ratio: median of ours ÷ theirs within a pair";
    frame.show_pairs(units, &rows, SIDES);
    Ok(())
}

/// A comparison: one command of ours with one of theirs, on files in a folder.
struct Scenario {
    name: &'static str,
    ours: &'static [&'static str],
    /// The other program; `llvm-…` may have a version in its name.
    program: &'static str,
    theirs: &'static [&'static str],
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "universal",
        ours: &["universal", "create", "-o", "both.ours", "arm64", "x86_64"],
        program: "llvm-lipo",
        theirs: &["-create", "arm64", "x86_64", "-output", "both.theirs"],
    },
    Scenario {
        name: "strip ELF",
        ours: &["strip", "-o", "elf.ours", "elf"],
        program: "llvm-strip",
        theirs: &["-o", "elf.theirs", "elf"],
    },
    Scenario {
        name: "strip Mach-O",
        ours: &["strip", "-o", "arm64.ours", "arm64"],
        program: "llvm-strip",
        theirs: &["-o", "arm64.theirs", "arm64"],
    },
    Scenario {
        name: "sign",
        ours: &["sign", "--identifier", "a.bench", "signed.ours"],
        program: "rcodesign",
        theirs: &["sign", "--binary-identifier", "a.bench", "signed.theirs"],
    },
];

fn measured(program: &Path, folder: &Path, runs: usize) -> Result<Vec<Row>, String> {
    let others: Vec<_> = SCENARIOS.iter().map(|scenario| other(scenario.program)).collect();
    let mut rows = Vec::new();
    for (size, is_large) in [(LARGE, true), (SMALL, false)] {
        let folder = folder.join(if is_large { "large" } else { "small" });
        make_inputs(&folder, size)?;
        for (scenario, other) in SCENARIOS.iter().zip(&others) {
            let other = match other {
                Ok(other) => other,
                Err(why) => {
                    eprintln!("{}: not compared: {why}", scenario.name);
                    continue;
                }
            };
            let command = |program: &Path, args: &[&str]| {
                let mut command = process::command(&program.display().to_string(), args);
                command.current_dir(&folder);
                command
            };
            let ours = || command(program, &[&["tachi"][..], scenario.ours].concat());
            let theirs = || command(other, scenario.theirs);
            let label = label(scenario.name, is_large);
            let pairs = paired(label, runs, |_| fresh(&folder), ours, theirs)?;
            rows.extend(Pairs::rows(&pairs));
            rows.push(memory(label, &folder, &ours, &theirs)?);
        }
    }
    Ok(rows)
}

fn label(name: &'static str, is_large: bool) -> &'static str {
    match (name, is_large) {
        ("universal", true) => "universal 2×32 MB",
        ("strip ELF", true) => "strip ELF 32 MB",
        ("strip Mach-O", true) => "strip Mach-O 32 MB",
        ("sign", true) => "sign 32 MB",
        ("universal", _) => "universal, small",
        ("strip ELF", _) => "strip ELF, small",
        ("strip Mach-O", _) => "strip Mach-O, small",
        (other, _) => other,
    }
}

fn memory(
    label: &'static str,
    folder: &Path,
    ours: &dyn Fn() -> Command,
    theirs: &dyn Fn() -> Command,
) -> Result<Row, String> {
    let (mut our_peaks, mut their_peaks) = (Vec::new(), Vec::new());
    for _ in 0..MEMORY_RUNS {
        fresh(folder)?;
        our_peaks.push(measure::peak(&ours())?);
        their_peaks.push(measure::peak(&theirs())?);
    }
    Ok(Row::of(label, "MB", &our_peaks, &their_peaks))
}

/// Copies of the linked file, to sign in place.
fn fresh(folder: &Path) -> Result<(), String> {
    for name in ["signed.ours", "signed.theirs"] {
        fs::copy(folder.join("arm64"), folder.join(name))
            .map_err(|error| format!("cannot copy the file to sign: {error}"))?;
    }
    Ok(())
}

/// Programs with `size` bytes of noise, half of it debug information in the ELF file, and
/// with symbols in proportion.
fn make_inputs(folder: &Path, size: usize) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(folder.join("all"), noise(size)).map_err(failed)?;
    fs::write(folder.join("half"), noise(size / 2)).map_err(failed)?;
    let functions = (0..size / 1000).fold(String::new(), |mut text, number| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "a_function_with_a_long_name_{number}:\n.byte 0xc3, 0, 0, 0");
        text
    });
    let start = ".globl main, _main\nmain:\n_main:\n";
    let macho = format!("{start}{functions}.incbin \"all\"\n");
    for arch in ["arm64", "x86_64"] {
        let triple = format!("{arch}-apple-macos11");
        linker::link(&macho, &triple, &["-arch", arch], folder, &folder.join(arch))?;
    }
    let elf = format!(
        "{start}{functions}.incbin \"half\"\n.section .debug_other,\"\"\n.incbin \"half\"\n"
    );
    linker::link(&elf, "x86_64-linux-gnu", &["-e", "main"], folder, &folder.join("elf"))
}

/// Bytes that no file system compresses (`SplitMix64`).
fn noise(size: usize) -> Vec<u8> {
    let words = (0..=size as u64 / 8).flat_map(|number| {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb).to_le_bytes()
    });
    words.take(size).collect()
}

/// A program to compare with, from `PATH`; LLVM's may have a version after the name, and the newest
/// one is taken.
fn other(name: &str) -> Result<PathBuf, String> {
    if name == "rcodesign" {
        return rcodesign::provide();
    }
    let versions = (10..40).rev().map(|version| format!("{name}-{version}"));
    let mut names = std::iter::once(name.to_owned()).chain(versions);
    names.find_map(|name| process::on_path(&name)).ok_or(format!("{name} is not on PATH"))
}
