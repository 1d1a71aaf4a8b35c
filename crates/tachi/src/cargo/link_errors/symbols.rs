//! Failures about symbols that nothing defines.

use super::words::undefined;
use super::{Explanation, Failure};

/// Functions of newer glibcs that C compiled on a newer system uses without being told: their
/// names, or how these begin, and the release.
const NEWER_FUNCTIONS: [(&str, &str); 16] = [
    ("__isoc23_", "2.38"),
    ("strlcpy", "2.38"),
    ("strlcat", "2.38"),
    ("arc4random", "2.36"),
    ("pidfd_spawnp", "2.39"),
    ("close_range", "2.34"),
    ("closefrom", "2.34"),
    ("fstat64", "2.33"),
    ("lstat64", "2.33"),
    ("stat64", "2.33"),
    ("__libc_single_threaded", "2.32"),
    ("gettid", "2.30"),
    ("fcntl64", "2.28"),
    ("statx", "2.28"),
    ("memfd_create", "2.27"),
    ("getrandom", "2.25"),
];

/// Symbols of well-known libraries: how their names begin, the library, and how its crate
/// brings it.
const LIBRARIES: [(&str, &str, &str); 12] = [
    ("sqlite3_", "sqlite3", "the feature `bundled` of rusqlite or libsqlite3-sys"),
    ("OPENSSL_", "crypto", "the feature `vendored` of openssl, or rustls"),
    ("EVP_", "crypto", "the feature `vendored` of openssl, or rustls"),
    ("SSL_", "ssl", "the feature `vendored` of openssl, or rustls"),
    ("curl_", "curl", "the feature `static-curl` of curl"),
    ("git_", "git2", "the feature `vendored-libgit2` of git2"),
    ("ZSTD_", "zstd", "the crate zstd-sys, which compiles it"),
    ("BZ2_", "bz2", "the feature `static` of bzip2"),
    ("lzma_", "lzma", "the feature `static` of liblzma or xz2"),
    ("inflate", "z", "the feature `static` of libz-sys"),
    ("deflate", "z", "the feature `static` of libz-sys"),
    ("PQ", "pq", "the feature `bundled` of pq-sys"),
];

/// Symbols of Apple's frameworks.
const FRAMEWORKS: [(&str, &str); 7] = [
    ("OBJC_CLASS_$_NS", "Foundation (or AppKit)"),
    ("CF", "CoreFoundation"),
    ("kCF", "CoreFoundation"),
    ("Sec", "Security"),
    ("kSec", "Security"),
    ("SCDynamicStore", "SystemConfiguration"),
    ("IOService", "IOKit"),
];

fn begins<'a>(symbols: &[&'a str], with: &str) -> Option<&'a str> {
    symbols.iter().find(|symbol| symbol.starts_with(with)).copied()
}

/// A function of a glibc that is newer than the floor.
pub(super) fn newer_glibc(failure: &Failure<'_>) -> Option<Explanation> {
    let symbols = undefined(failure.words, failure.is_apple());
    let versioned = || symbols.iter().find_map(|symbol| symbol.split_once("@GLIBC_"));
    let known = || {
        let found = NEWER_FUNCTIONS.iter().find_map(|(name, version)| {
            let whole = |symbol: &&str| {
                symbol.strip_prefix(name).is_some_and(|rest| rest.is_empty() || name.ends_with('_'))
            };
            Some((*symbols.iter().find(|symbol| whole(symbol))?, *version))
        });
        found.filter(|_| failure.has_glibc())
    };
    let (function, version) = versioned().or_else(known)?;
    let version = version.trim_start_matches('@');
    let remedy = format!(
        "compile what asks for it against an older glibc (from source, with the compiler that Tachi sets), link it \
         statically, or raise the floor with `glibc = \"{version}\"` in `[target.{}]` of tachi.toml: older systems will \
         not run the result",
        failure.target
    );
    Some(Explanation::new(
        format!(
            "`{function}` came with glibc {version}, which is newer than what is linked against"
        ),
        remedy,
    ))
}

/// A symbol that the program which loads the library has: Node.js or Python.
pub(super) fn of_the_loading_program(failure: &Failure<'_>) -> Option<Explanation> {
    let symbols = undefined(failure.words, failure.is_apple());
    if let Some(symbol) = begins(&symbols, "napi_") {
        let remedy = if failure.is_windows() {
            "switch on the feature `dyn-symbols` of napi or napi-sys: the module then looks them up when it is loaded"
        } else {
            "let the crate's build.rs call `napi_build::setup()` (crate napi-build), which tells the linker"
        };
        return Some(Explanation::new(
            format!("`{symbol}` is Node.js's own, and there only once it has loaded the module"),
            remedy,
        ));
    }
    let symbol = begins(&symbols, "Py").or_else(|| begins(&symbols, "_Py"))?;
    let remedy = if failure.is_windows() {
        "link python's import library: with PyO3, switch on its features `extension-module` and `generate-import-lib`, \
         or set PYO3_CROSS_LIB_DIR"
    } else {
        "switch on PyO3's feature `extension-module`, and let the crate's build.rs call \
         `pyo3_build_config::add_extension_module_link_args()`"
    };
    Some(Explanation::new(
        format!("`{symbol}` is Python's own, and there only once it has loaded the module"),
        remedy,
    ))
}

/// A symbol that nothing which is linked defines.
pub(super) fn unknown(failure: &Failure<'_>) -> Option<Explanation> {
    let symbols = undefined(failure.words, failure.is_apple());
    let first = symbols.first()?;
    let frameworks = FRAMEWORKS.iter().filter(|_| failure.is_apple());
    for (prefix, framework) in frameworks {
        if let Some(symbol) = begins(&symbols, prefix) {
            let cause = format!("`{symbol}` is in the framework {framework}, which is not linked");
            let remedy = "link it: `#[link(name = \"…\", kind = \"framework\")]`, or \
                          `cargo::rustc-link-lib=framework=…` in the build script";
            return Some(Explanation::new(cause, remedy));
        }
    }
    for (prefix, library, feature) in LIBRARIES {
        if let Some(symbol) = begins(&symbols, prefix) {
            let cause = format!("`{symbol}` is in the C library `{library}`, which is not linked");
            let remedy = format!(
                "let cargo build it: {feature}; or `cargo::rustc-link-lib={library}` in a build script"
            );
            return Some(Explanation::new(cause, remedy));
        }
    }
    let remedy = "name the library that has it (`cargo::rustc-link-lib=…` in a build script, or `#[link(name = \"…\")]`); \
                  if it is your own C, see that the build script compiles the file that defines it for this target, too";
    Some(Explanation::new(format!("nothing that is linked defines `{first}`"), remedy))
}
