//! C that does not compile because a header is missing: a build script's failure, not the
//! linker's, but with the same causes.

use super::Explanation;
use super::words::between;
use crate::target::{TargetFacts, catalogue};

/// Explains the output of a build script's C compiler that did not find a header. `targets` are
/// those of the cargo call.
pub fn explain_missing_header(words: &str, targets: &[String]) -> Option<Explanation> {
    let header = between(words, "fatal error: '", "' file not found").or_else(|| {
        let (before, _) = words.split_once(": No such file or directory")?;
        before.rsplit_once("fatal error: ").map(|(_, header)| header)
    })?;
    let rows = || targets.iter().filter_map(|target| catalogue::find(target));
    // Headers of frameworks are <Framework/Header.h>, and begin with a capital letter.
    let is_framework =
        header.contains('/') && header.starts_with(|first: char| first.is_ascii_uppercase());
    if is_framework && rows().any(TargetFacts::is_apple) {
        return Some(Explanation::new(
            format!("the C header `{header}` is Apple's, and not on this machine"),
            "Rust needs no headers, but this crate's C or Objective-C does: set SDKROOT to an SDK of macOS \
             (`MacOSX.sdk`, from Xcode's command line tools)",
        ));
    }
    Some(Explanation::new(
        format!("the C header `{header}` is not there for {}", targets.join(", ")),
        "a header of this machine would be the wrong one where another is compiled for. Switch on the crate's feature \
         that brings its own source (`bundled`, `vendored`), or name a folder of headers: `CFLAGS_<target>=-I…`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What zig's clang said through a build script, and what gcc says.
    const CLANG: &str = "  --- stderr
  h.c:1:10: fatal error: 'CoreFoundation/CoreFoundation.h' file not found
      1 | #include <CoreFoundation/CoreFoundation.h>
        |          ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  1 error generated.";
    const GCC: &str = "  --- stderr
  h.c:1:10: fatal error: openssl/ssl.h: No such file or directory
      1 | #include <openssl/ssl.h>
        |          ^~~~~~~~~~~~~~~
  compilation terminated.";

    #[test]
    fn a_missing_header_belongs_to_apples_sdk_or_to_a_library() {
        for (words, target, expected) in [
            (
                CLANG,
                "aarch64-apple-darwin",
                Some(
                    "the C header `CoreFoundation/CoreFoundation.h` is Apple's, and not on this machine",
                ),
            ),
            (
                CLANG,
                "x86_64-unknown-linux-gnu",
                Some(
                    "the C header `CoreFoundation/CoreFoundation.h` is not there for x86_64-unknown-linux-gnu",
                ),
            ),
            (
                GCC,
                "aarch64-apple-darwin",
                Some("the C header `openssl/ssl.h` is not there for aarch64-apple-darwin"),
            ),
            ("error: something else", "aarch64-apple-darwin", None),
        ] {
            let explained = explain_missing_header(words, &[target.to_owned()]);
            assert_eq!(explained.map(|explained| explained.cause).as_deref(), expected, "{target}");
        }
    }
}
