//! The table: real output of linkers (`outputs.txt`, folders shortened), and its meaning.

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
fn an_unknown_failure_is_not_explained() {
    for words in ["", "ld: internal error: assertion failed", "undefined symbolism: x"] {
        let title = "linking with `cc` failed: exit status: 1";
        assert_eq!(explain(title, words, Some("x86_64-unknown-linux-gnu")), None, "{words}");
    }
}

#[test]
fn no_target_is_named_if_it_is_unknown() {
    let title = "linking with `cc` failed: exit status: 1";
    let explained =
        explain(title, "ld: cannot find -lssl: No such file or directory", None).unwrap();
    assert_eq!(explained.cause, "the library `ssl` is not there");
}
