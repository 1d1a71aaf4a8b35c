//! Binaries for the tests, made on the spot by rustc and its own linker.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests read real files and run real compilers; the crate itself does neither"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The bytes of a file that must be there.
pub(crate) fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A program's standard output. If the program fails, the test fails with its errors.
pub(crate) fn run(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> String {
    let mut command = Command::new(program);
    let output = command.args(args).env("LC_ALL", "C").output();
    let output = output.unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Compiles `source` with rustc and returns the result's bytes.
pub(crate) fn rustc(source: &str, flags: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("it.rs"), folder.path().join("it"));
    std::fs::write(&input, source).unwrap();
    let mut args = vec![input.to_str().unwrap(), "-o", output.to_str().unwrap()];
    args.extend(flags);
    run("rustc", &args);
    bytes(output)
}

/// The linker that comes with rustup's rustc.
pub(crate) fn rust_lld() -> PathBuf {
    rustup_tool("rust-lld")
}

/// Runs LLVM's objcopy, which comes with rustup's rustc. It needs help to find its library.
pub(crate) fn rust_objcopy(args: &[&str]) {
    let sysroot = run("rustc", &["--print", "sysroot"]);
    let mut command = Command::new(rustup_tool("rust-objcopy"));
    command.args(args).env("LD_LIBRARY_PATH", Path::new(sysroot.trim()).join("lib"));
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

fn rustup_tool(name: &str) -> PathBuf {
    let sysroot = run("rustc", &["--print", "sysroot"]);
    let version = run("rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin").join(name)
}

/// One of LLVM's programs, whose Debian packages have a version in their names.
pub(crate) fn llvm(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let is_version = |rest: &str| rest.is_empty() || rest.starts_with('-');
    let mut found: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
        .filter(|file| {
            let name = file.file_name().unwrap().to_string_lossy();
            name.strip_prefix(program).is_some_and(is_version)
        })
        .collect();
    found.sort();
    found
        .pop()
        .unwrap_or_else(|| panic!("{program} is not on PATH; Debian's package `llvm` has it"))
}
