//! Failures that are not about what is linked: the linker, its arguments, memory, disk.

use super::words::{behind, between};
use super::{Explanation, Failure};

/// rustc could not start the linker.
pub(super) fn no_linker(failure: &Failure<'_>) -> Option<Explanation> {
    let linker = between(failure.title, "linker `", "` not found")?;
    if linker == "rust-lld" {
        let cause =
            format!("this compiler comes without `rust-lld`, which links{}", failure.for_target());
        let remedy = "use a toolchain of rustup's, which has it, or put LLVM's `lld` on PATH under that name";
        return Some(Explanation::new(cause, remedy));
    }
    let remedy = format!(
        "correct or remove it: `-Clinker=` in RUSTFLAGS, or `target.{}.linker` in .cargo/config.toml; without one, \
         Tachi brings its own",
        if failure.target.is_empty() { "<triple>" } else { failure.target }
    );
    Some(Explanation::new(format!("`{linker}`, set as the linker, is not there"), remedy))
}

/// The system ended it, or gave it no more memory.
pub(super) fn no_memory(failure: &Failure<'_>) -> Option<Explanation> {
    let killed =
        failure.title.contains("(SIGKILL)") || failure.words.contains("terminated with signal 9");
    let said = ["Cannot allocate memory", "out of memory", "memory exhausted", "std::bad_alloc"];
    if !killed && !said.iter().any(|said| failure.words.contains(said)) {
        return None;
    }
    let cause = if killed {
        "the linker was killed, as Linux does when memory runs out"
    } else {
        "the linker ran out of memory"
    };
    let remedy = "link fewer programs at once (`--jobs 1`), use `lto = \"thin\"` or less debug information \
                  (`debug = \"line-tables-only\"`), or give the machine or container more memory";
    Some(Explanation::new(cause, remedy))
}

/// The disk is full. LLVM's linkers write through memory maps, and a full disk ends those by
/// a signal: they crash without a word about it.
pub(super) fn no_space(failure: &Failure<'_>) -> Option<Explanation> {
    let remedy = "make room: `df -h` shows the disk of the target folder, `cargo clean` empties that folder, \
                  `--target-dir` moves it";
    if failure.words.contains("No space left on device") {
        return Some(Explanation::new("the disk is full", remedy));
    }
    let bus =
        failure.title.contains("(SIGBUS)") || failure.words.contains("terminated with signal 7");
    let abort = failure.title.contains("(SIGABRT)");
    let crash = failure.words.contains("PLEASE submit a bug report");
    (bus || abort || crash).then(|| {
        let cause = "the linker crashed, as LLVM's does when the disk that it writes to is full";
        Explanation::new(cause, remedy)
    })
}

/// An argument that this linker does not know.
pub(super) fn unknown_argument(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    let argument = between(words, "unknown argument '", "'")
        .or_else(|| behind(words, "unsupported linker arg: "))
        .or_else(|| between(words, "unrecognized option '", "'"))
        .or_else(|| between(words, "unrecognized command-line option '", "'"))
        .or_else(|| {
            // LLVM's linker for MSVC treats an unknown option as a file.
            let name = between(words, "could not open '", "'")?;
            let option = name.strip_prefix('/')?;
            (failure.is_msvc() && !option.contains(['/', '.'])).then_some(name)
        })?;
    let remedy = format!(
        "it comes from `-Clink-arg` in RUSTFLAGS or the configuration, or from a build script's \
         `cargo::rustc-link-arg`; give it only to the targets whose linker knows it, under `[target.'cfg(…)']`{}",
        if failure.is_msvc() { "; MSVC's options look like `/STACK:8388608`" } else { "" }
    );
    let cause =
        format!("the linker{} does not know the argument `{argument}`", failure.for_target());
    Some(Explanation::new(cause, remedy))
}
