//! The table: what linkers really said (`outputs.txt`, folders shortened), and what it means.

use std::fmt::Write as _;

use super::*;

/// One link each: `== case target`, rustc's sentence, the linker's words. Made by linking small
/// programs with rust-lld (ELF, Mach-O, PE, WebAssembly), zig's linkers and GNU ld.
const OUTPUTS: &str = include_str!("outputs.txt");

#[test]
fn each_failure_is_explained() {
    let mut table = String::new();
    for output in OUTPUTS.split("== ").filter(|output| !output.is_empty()) {
        let mut parts = output.splitn(3, '\n');
        let (name, title) = (parts.next().unwrap(), parts.next().unwrap());
        let words = parts.next().unwrap_or_default();
        let (_, target) = name.split_once(' ').unwrap();
        let explained = explain(title, words, Some(target));
        let Explanation { cause, remedy } =
            explained.unwrap_or_else(|| panic!("{name} is not explained:\n{output}"));
        let _ = writeln!(table, "{name}\n  {cause}\n  → {remedy}");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_nobody_knows_is_left_to_the_linkers_own_words() {
    for words in ["", "ld: internal error: assertion failed", "undefined symbolism: x"] {
        let title = "linking with `cc` failed: exit status: 1";
        assert_eq!(explain(title, words, Some("x86_64-unknown-linux-gnu")), None, "{words}");
    }
}

#[test]
fn where_the_target_is_unknown_no_target_is_named() {
    let title = "linking with `cc` failed: exit status: 1";
    let explained =
        explain(title, "ld: cannot find -lssl: No such file or directory", None).unwrap();
    assert_eq!(explained.cause, "the library `ssl` is not there");
}
