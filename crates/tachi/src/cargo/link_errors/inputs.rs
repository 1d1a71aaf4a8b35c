//! Failures about the files that are linked: not there, for another machine, there twice.

use super::words::{behind, between, library_name, line_with, word_behind};
use super::{Explanation, Failure};

/// An object that works in programs only, in a library.
pub(super) fn position_dependent(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    let line = line_with(words, "recompile with -fPIC")?;
    let file = behind(words, ">>> defined in ").or_else(|| between(line, ": ", ": relocation "))?;
    let remedy = "compile it with `-fPIC` (with the crate cc: `.pic(true)`), or have its static library built with \
                  `--with-pic` or `CMAKE_POSITION_INDEPENDENT_CODE=ON`";
    Some(Explanation::new(format!("{file} is not compiled for shared libraries"), remedy))
}

/// An object or library for another system or processor.
pub(super) fn foreign(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    let file_before = |mark: &str| {
        let line = line_with(words, mark)?;
        let before = line.split_once(mark)?.0.trim_end_matches([':', ' ']);
        before.rsplit(": ").next()
    };
    let file = file_before(" has architecture ")
        .or_else(|| file_before(" is incompatible with "))
        .or_else(|| file_before(": machine type "))
        .or_else(|| file_before(": error adding symbols: file in wrong format"))
        .or_else(|| between(words, "skipping incompatible ", " when searching"))
        .or_else(|| behind(words, "error: unknown file type: "))
        .or_else(|| file_before(": unhandled file type"))
        .or_else(|| file_before(": unknown file type"))
        .or_else(|| library_without_underscores(failure))?;
    let remedy = "it was compiled for another system or processor, most often for this machine. Let its build script \
                  use the compiler that Tachi sets (CC_<target>, AR_<target>), run `cargo clean -p` for its crate, or \
                  point the library's search path at one for the target";
    Some(Explanation::new(format!("{file} is not{}", failure.for_target()), remedy))
}

/// LLVM's linker passes over the members of an archive that are no Mach-O, and then has a
/// suggestion: on macOS each symbol of C has an underscore, elsewhere none has.
fn library_without_underscores<'a>(failure: &Failure<'a>) -> Option<&'a str> {
    let words = failure.words;
    let missing = behind(words, "undefined symbol: _")?;
    let suggested = behind(words, ">>> did you mean: ")?;
    (failure.is_apple() && missing == suggested).then(|| behind(words, ">>> defined in: "))?
}

/// C++ that was compiled against Microsoft's library.
pub(super) fn runtime_of_microsoft(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    let library = ["msvcprt.lib", "libcpmt.lib", "msvcprtd.lib", "libcpmtd.lib"]
        .into_iter()
        .find(|library| words.contains(library));
    let mangled = || {
        let line = line_with(words, "undefined symbol: ")?;
        (line.contains("@std@@") || line.contains("__cdecl std::")).then_some(())
    };
    if !failure.is_msvc() || (library.is_none() && mangled().is_none()) {
        return None;
    }
    let gnullvm = failure.target.replace("-msvc", "-gnullvm");
    let cause = match library {
        Some(library) => format!("{library}, Microsoft's C++ library, is not on this machine"),
        None => "a library of C++ was compiled against Microsoft's C++ library, which is not on this machine".into(),
    };
    let remedy = format!(
        "compile the C++ from source, build for {gnullvm}, or bring the SDK: `xwin splat` once, and XWIN_CACHE_DIR \
         naming its folder"
    );
    Some(Explanation::new(cause, remedy))
}

/// A library or framework that is not there.
pub(super) fn missing_library(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    if let Some(framework) = word_behind(words, "framework not found ") {
        return Some(Explanation::new(
            format!("the framework {framework} is not in the SDK that is linked against"),
            "set SDKROOT to a full SDK of macOS that has it, or correct its name",
        ));
    }
    let name = word_behind(words, "unable to find library -l")
        .or_else(|| word_behind(words, "library not found for -l"))
        .or_else(|| word_behind(words, "cannot find -l"))
        .or_else(|| between(words, "static system library \"", "\""))
        .or_else(|| between(words, "dynamic system library \"", "\""))
        .or_else(|| between(words, "could not open '", ".lib'"))?;
    let name = library_name(name);
    let remedy = format!(
        "if its crate can build it from source, switch that on (a feature called `bundled`, `vendored` or `static`); \
         else put {} for the target somewhere and name the folder with `-Lnative=…` in `[target.{}] rustflags`",
        if failure.is_windows() {
            format!("`{name}.lib` or `lib{name}.a`")
        } else {
            format!("`lib{name}`")
        },
        if failure.target.is_empty() { "<triple>" } else { failure.target },
    );
    Some(Explanation::new(
        format!("the library `{name}` is not there{}", failure.for_target()),
        remedy,
    ))
}

/// One symbol, twice.
pub(super) fn duplicate(failure: &Failure<'_>) -> Option<Explanation> {
    let words = failure.words;
    let symbol = behind(words, "duplicate symbol: ")
        .or_else(|| between(words, "multiple definition of `", "'"))?;
    let symbol =
        if failure.is_apple() { symbol.strip_prefix('_').unwrap_or(symbol) } else { symbol };
    let remedy = "two files define it, named above: most often one C library in two versions (`cargo tree -d` finds two \
                  `-sys` crates), or one compiled by a build script and linked from the system, too";
    Some(Explanation::new(format!("`{symbol}` is defined twice"), remedy))
}
