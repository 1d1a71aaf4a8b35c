//! What must not be in a Rust file: silenced lints, unfinished code, dead code in comments.

use super::finding::Finding;
use super::{own_code, rust_text};
use crate::repository::Source;

/// Looks at the project's own code.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    own_code(sources).flat_map(file).collect()
}

fn file(source: &Source) -> Vec<Finding> {
    let code = rust_text::code(&source.text);
    let comments = rust_text::comments(&source.text);
    let mut found = attributes(&source.path, &code);
    for (index, line) in code.lines().enumerate() {
        for name in ["todo", "unimplemented"] {
            if calls(line, name) {
                found.push(Finding::error(
                    &source.path,
                    index + 1,
                    format!("`{name}!` is left in the code"),
                    "write it, or return an error that says what is not supported",
                ));
            }
        }
    }
    for (index, line) in comments.lines().enumerate() {
        if is_code(line.trim()) {
            found.push(Finding::error(
                &source.path,
                index + 1,
                "code in a comment",
                "delete it: git remembers; or say in words why it is not done",
            ));
        }
    }
    found
}

fn calls(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        line[at + name.len()..].starts_with('!')
            && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// `allow` in any attribute, and `expect` without its reason.
fn attributes(path: &str, code: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for start in ["#[", "#!["] {
        for (at, _) in code.match_indices(start) {
            let attribute = bracketed(&code[at + start.len()..]);
            let line = code[..at].matches('\n').count() + 1;
            let words: Vec<&str> =
                attribute.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            let silences = |word: &str| {
                attribute
                    .match_indices(word)
                    .any(|(at, _)| attribute[at + word.len()..].trim_start().starts_with('('))
                    && words.contains(&word)
            };
            if silences("allow") {
                found.push(Finding::error(
                    path,
                    line,
                    "`allow` outlives what it was for",
                    "use `#[expect(…, reason = \"…\")]`: it says when it is no longer needed",
                ));
            }
            if silences("expect") && !words.contains(&"reason") {
                found.push(Finding::error(
                    path,
                    line,
                    "`expect` without a reason",
                    "add `reason = \"…\"`",
                ));
            }
        }
    }
    found
}

/// Up to the bracket that closes the one just opened.
fn bracketed(rest: &str) -> &str {
    let mut depth = 1_u32;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &rest[..at];
        }
    }
    rest
}

/// A plain comment that reads as a statement or an item. Docs may show code.
fn is_code(comment: &str) -> bool {
    let Some(text) = comment.strip_prefix("//").map(str::trim) else { return false };
    if comment.starts_with("///") || comment.starts_with("//!") {
        return false;
    }
    let has_any = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let item = ["fn ", "pub ", "use ", "mod ", "struct ", "impl "]
        .iter()
        .any(|word| text.starts_with(word));
    (text.starts_with("let ") && has_any(&["=", ";"]))
        || (item && has_any(&["(", "::", "{"]) && has_any(&[";", "{", "->"]))
        || (text.ends_with(';') && has_any(&["=", "(", "::", "return", "break", "continue"]))
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};

    #[track_caller]
    fn check(text: &str, lines: &[usize]) {
        let found = places(&super::check(&[source("crates/a/src/x.rs", text)]));
        let expected: Vec<String> =
            lines.iter().map(|line| format!("crates/a/src/x.rs:{line}")).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn silenced_lints_are_found() {
        check("fn a() {}\n#[allow(dead_code)]\nfn b() {}", &[2]);
        check("#![allow(x)]", &[1]);
        check("#[cfg_attr(test, allow(x))]", &[1]);
        check("#[expect(\n  x,\n)]", &[1]);
        check("#[expect(x, reason = \"y\")]\n#[derive(A)]\nfn allow() {}", &[]);
        check("#[doc = \"allow(x)\"] // #[allow(x)]", &[]);
        check("let x = y.expect(\"#[allow(z)]\");", &[]);
    }

    #[test]
    fn unfinished_code_is_found() {
        check("fn f() {\n  todo!()\n}", &[2]);
        check("fn f() { unimplemented!(\"x\") }", &[1]);
        check("fn f() { my_todo!(); \"todo!\"; todo() }", &[]);
    }

    #[test]
    fn code_in_comments_is_found_and_prose_is_not() {
        check("// let x = 1;", &[1]);
        check("x(); // fn f(a: u8) {", &[1]);
        check("// call(x);", &[1]);
        check("// use std::fs;", &[1]);
        check("// let the caller decide\n// use the first one that answers;", &[]);
        check("/// let x = 1;\n//! fn f();\n// fn is a keyword", &[]);
    }
}
