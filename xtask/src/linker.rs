//! Links a page of assembly for any system with `llvm-mc` and the linker of rustup's rustc.

use std::fs;
use std::path::Path;

use crate::process;

/// What programs for macOS are linked against here.
const LIB_SYSTEM: &str = "\
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libSystem.B.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ dyld_stub_binder, _exit ]
...
";

/// Assembles `source` for an LLVM triple and links it with `flags`; `scratch` is a folder for
/// temporary files, where `.incbin` looks, too.
pub(crate) fn link(
    source: &str,
    triple: &str,
    flags: &[&str],
    scratch: &Path,
    output: &Path,
) -> Result<(), String> {
    let write = |name: &str, text: &str| {
        fs::write(scratch.join(name), text).map_err(|error| format!("cannot write {name}: {error}"))
    };
    write("it.s", source)?;
    write("libSystem.tbd", LIB_SYSTEM)?;
    let triple = format!("-triple={triple}");
    let mut assembler = process::command("llvm-mc", &[&triple, "-filetype=obj", "-o", "it.o"]);
    process::capture(assembler.arg("it.s").current_dir(scratch))?;
    let mut linker = process::command(&rust_lld()?, &[]);
    if triple.contains("apple") {
        linker.args(["-flavor", "darwin", "-platform_version", "macos", "11.0", "11.0"]);
        linker.arg("libSystem.tbd");
    } else if triple.contains("windows") {
        linker.args(["-flavor", "link"]);
    } else {
        linker.args(["-flavor", "gnu"]);
    }
    linker.args(flags).arg("it.o").current_dir(scratch);
    if triple.contains("windows") {
        linker.arg(format!("/out:{}", output.display()));
    } else {
        linker.arg("-o").arg(output);
    }
    process::capture(&mut linker).map(drop)
}

/// The linker that comes with rustup's rustc.
fn rust_lld() -> Result<String, String> {
    let rustc = |args| process::capture(&mut process::command("rustc", args));
    let (sysroot, version) = (rustc(&["--print", "sysroot"])?, rustc(&["-vV"])?);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc -vV names no host")?;
    Ok(format!("{}/lib/rustlib/{host}/bin/rust-lld", sysroot.trim()))
}
