//! What a user probably meant by a target that does not exist.
//!
//! Two kinds of mistakes are told apart: another project's name for a known target
//! (`linux-x64`, `aarch64-darwin`, `x86_64-linux-gnu`), found by comparing words, and a
//! slip of the finger, found by counting edits.

use std::cmp::Reverse;

use super::catalogue;
use super::facts::TargetFacts;
use super::set::{GROUPS, UNIVERSAL_DARWIN};

/// The name nearest to `written`: a triple, a group or the universal pseudo target.
pub fn suggest(written: &str) -> Option<&'static str> {
    let written = written.trim().to_lowercase();
    by_words(&written).or_else(|| by_edits(&written))
}

/// The likeliest target whose name has every word of `written`.
fn by_words(written: &str) -> Option<&'static str> {
    let asked = words(written);
    if asked.len() < 2 {
        return None;
    }
    if asked.contains(&"universal") && asked.contains(&"darwin") {
        return Some(UNIVERSAL_DARWIN);
    }
    catalogue::all()
        .iter()
        .filter_map(|facts| {
            let has = words(facts.triple);
            let surplus = has.iter().filter(|word| !asked.contains(word)).count();
            asked.iter().all(|word| has.contains(word)).then_some((
                rank(facts),
                surplus,
                facts.triple,
            ))
        })
        .min()
        .map(|(_, _, triple)| triple)
}

/// The likeliest name within about one edit for every six letters.
fn by_edits(written: &str) -> Option<&'static str> {
    let limit = (written.len() / 6).max(1);
    let triples = catalogue::all().iter().map(|facts| (rank(facts), facts.triple));
    GROUPS
        .into_iter()
        .chain([UNIVERSAL_DARWIN])
        .map(|name| ((Reverse(true), 0), name))
        .chain(triples)
        .filter_map(|(rank, name)| {
            let edits = strsim::damerau_levenshtein(written, name).min(
                strsim::damerau_levenshtein(&words(written).join("-"), &words(name).join("-")),
            );
            (edits <= limit).then_some((edits, rank, name))
        })
        .min()
        .map(|(_, _, name)| name)
}

/// Sorts the specification's targets first, then rustc's tiers.
fn rank(facts: &TargetFacts) -> (Reverse<bool>, u8) {
    let default = catalogue::default_set().any(|one| one.triple == facts.triple);
    (Reverse(default), facts.tier.into())
}

/// The words of a target's name, one spelling for each architecture and system, without
/// those that carry no meaning.
fn words(name: &str) -> Vec<&str> {
    const TWO_PART: [&str; 2] = ["x86_64", "x86-64"];
    let mut words = Vec::new();
    let rest = match TWO_PART.iter().find_map(|two| name.split_once(two)) {
        Some((before, after)) if after.is_empty() || after.starts_with(['-', '_', '.']) => {
            words.push("x64");
            [before, after]
        }
        _ => [name, ""],
    };
    for word in rest.iter().flat_map(|part| part.split(['-', '_', '.', ' ', '/'])) {
        words.push(match word {
            "" | "unknown" | "pc" | "apple" => continue,
            "amd64" | "x64" => "x64",
            "arm64" | "aarch64" => "arm64",
            "x86" | "i386" | "i686" | "ia32" => "ia32",
            "macos" | "osx" | "mac" | "darwin" => "darwin",
            "win32" | "win64" | "win" | "windows" => "windows",
            "universal" | "universal2" => "universal",
            // `wasm32-wasi` is what rustc called `wasm32-wasip1` before 1.84.
            "wasi" | "wasip1" => "wasip1",
            other => other,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_tools_and_slips_of_the_finger_are_understood() {
        assert_eq!(suggest("linux-x64"), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(suggest("x86_64-unkown-linux-gnu"), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(suggest("commodore"), None);
    }

    #[test]
    fn the_likeliest_name_is_suggested() {
        for (written, expected) in [
            ("x86_64-unkown-linux-gnu", Some("x86_64-unknown-linux-gnu")),
            ("x86_64-unknown-linux-gun", Some("x86_64-unknown-linux-gnu")),
            ("X86_64-Unknown-Linux-GNU", Some("x86_64-unknown-linux-gnu")),
            ("x86_64-linux-gnu", Some("x86_64-unknown-linux-gnu")),
            ("x86_64-linux", Some("x86_64-unknown-linux-gnu")),
            ("linux-x64", Some("x86_64-unknown-linux-gnu")),
            ("linux/amd64", Some("x86_64-unknown-linux-gnu")),
            ("linux/arm64", Some("aarch64-unknown-linux-gnu")),
            ("linux-x64-musl", Some("x86_64-unknown-linux-musl")),
            ("aarch64-linux-musl", Some("aarch64-unknown-linux-musl")),
            ("aarch64-darwin", Some("aarch64-apple-darwin")),
            ("arm64-apple-macos", Some("aarch64-apple-darwin")),
            ("darwin-arm64", Some("aarch64-apple-darwin")),
            ("aarch64-aple-darwin", Some("aarch64-apple-darwin")),
            ("win32-x64", Some("x86_64-pc-windows-msvc")),
            ("x86_64-windows", Some("x86_64-pc-windows-msvc")),
            ("x86_64-windows-gnu", Some("x86_64-pc-windows-gnu")),
            ("win32-ia32-msvc", Some("i686-pc-windows-msvc")),
            ("aarch64-windows-mscv", Some("aarch64-pc-windows-msvc")),
            ("armv7-linux-gnueabihf", Some("armv7-unknown-linux-gnueabihf")),
            ("wasm32-wasi", Some("wasm32-wasip1")),
            ("darwin-universal", Some("universal-apple-darwin")),
            ("universal2-apple-darwin", Some("universal-apple-darwin")),
            ("universal-aple-darwin", Some("universal-apple-darwin")),
            ("windws", Some("windows")),
            ("maco", Some("macos")),
            ("teir1", Some("tier1")),
            ("commodore", None),
            ("vax-dec-vms", None),
            ("", None),
        ] {
            assert_eq!(suggest(written), expected, "{written}");
        }
    }

    #[test]
    fn every_known_name_suggests_itself_or_its_like() {
        for facts in catalogue::all() {
            assert!(suggest(facts.triple).is_some(), "{}", facts.triple);
        }
    }
}
