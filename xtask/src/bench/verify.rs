//! `cargo xtask bench verify`: verifying a file of 30 MB of each format against reading it
//! with sha256sum, in turns.

use std::fs;
use std::path::Path;

use super::frame::Frame;
use super::measure;
use super::statistics::{Pairs, Row};
use super::turns::paired;
use crate::arguments::Arguments;
use crate::{linker, process};

const RUNS: usize = 15;
const SIDES: [&str; 2] = ["cargo tachi", "sha256sum"];
const SIZE: usize = 30_000_000;
const FORMATS: [&str; 4] = ["ELF", "Mach-O", "PE", "wasm"];

/// The command.
pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    let frame = Frame::begin("verify", arguments, RUNS)?;
    make_inputs(&frame.folder)?;
    let rows = measured(&frame.programs.join("cargo-tachi"), &frame.folder, frame.runs)?;
    frame.show_pairs("seconds; memory of ours beside the file's size, 10^6 bytes", &rows, SIDES);
    Ok(())
}

fn measured(program: &Path, folder: &Path, runs: usize) -> Result<Vec<Row>, String> {
    let program = program.display().to_string();
    let mut rows = Vec::new();
    for format in FORMATS {
        let in_folder = |program: &str, args: &[&str]| {
            let mut command = process::command(program, args);
            command.current_dir(folder);
            command
        };
        let ours = || in_folder(&program, &["tachi", "verify", "--quiet", format]);
        let theirs = || in_folder("sha256sum", &[format]);
        let pairs = paired(format, runs, |_| Ok(()), ours, theirs)?;
        rows.extend(Pairs::rows(&pairs));
        let size = fs::metadata(folder.join(format)).map_err(|error| error.to_string())?.len();
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        rows.push(Row::of(format, "MB", &[measure::peak(&ours())?], &[size as f64 / 1e6]));
    }
    Ok(rows)
}

/// Files with the content of real programs: the first bytes of rustc's own, as data.
fn make_inputs(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", folder.display());
    let content = content()?;
    fs::write(folder.join("all"), &content).map_err(failed)?;
    let start = ".globl main, _main\nmain:\n_main:\nret\n.data\n.incbin \"all\"\n";
    let elf = ["-pie", "-e", "main", "-z", "relro", "-z", "now"];
    linker::link(start, "x86_64-linux-gnu", &elf, folder, &folder.join("ELF"))?;
    let macho = ["-arch", "arm64", "-adhoc_codesign"];
    linker::link(start, "arm64-apple-macos11", &macho, folder, &folder.join("Mach-O"))?;
    let pe = ["/entry:main", "/subsystem:console", "/nodefaultlib"];
    linker::link(start, "x86_64-windows-msvc", &pe, folder, &folder.join("PE"))?;
    fs::write(folder.join("wasm"), module(&content)).map_err(failed)
}

fn content() -> Result<Vec<u8>, String> {
    let sysroot = process::capture(&mut process::command("rustc", &["--print", "sysroot"]))?;
    let libraries = Path::new(sysroot.trim()).join("lib");
    let unreadable = |error: std::io::Error| format!("{}: {error}", libraries.display());
    let driver = fs::read_dir(&libraries)
        .map_err(unreadable)?
        .filter_map(Result::ok)
        .find(|entry| entry.file_name().to_string_lossy().starts_with("librustc_driver-"))
        .ok_or_else(|| format!("no librustc_driver in {}", libraries.display()))?;
    let mut content = fs::read(driver.path()).map_err(unreadable)?;
    content.truncate(SIZE);
    Ok(content)
}

/// A module with `content` in a section of its own.
fn module(content: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"\x04data";
    let mut module = b"\0asm\x01\0\0\0\0".to_vec();
    let mut size = NAME.len() + content.len();
    // LEB128.
    loop {
        let [low, ..] = size.to_le_bytes();
        size >>= 7;
        module.push(if size > 0 { low | 0x80 } else { low });
        if size == 0 {
            break;
        }
    }
    module.extend_from_slice(NAME);
    module.extend_from_slice(content);
    module
}
