//! Which modules of its own crate a Rust file names, in `use` items and in paths.

use super::rust_text;

/// One path into the crate, resolved to where it starts from the crate's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// The segments below the crate's root.
    pub(crate) path: Vec<String>,
    /// The module that it is in, which may be one inside of the file.
    pub(crate) within: Vec<String>,
    /// For a `use` item: the module it is in and the name it gives.
    pub(crate) binds: Option<Vec<String>>,
}

/// Reads one file, which is the module `module`; `is_module` knows the crate's modules.
pub(crate) fn of(
    source: &str,
    module: &[String],
    is_module: &dyn Fn(&[String]) -> bool,
) -> Vec<Import> {
    let mut reader = Reader {
        tokens: tokens(&rust_text::code(source)),
        at: 0,
        module: module.to_vec(),
        is_module,
        found: Vec::new(),
    };
    reader.file();
    reader.found
}

struct Reader<'a> {
    tokens: Vec<(usize, String)>,
    at: usize,
    module: Vec<String>,
    is_module: &'a dyn Fn(&[String]) -> bool,
    found: Vec<Import>,
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", |(_, text)| text)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(line, _)| *line)
    }

    fn take(&mut self, text: &str) -> bool {
        let there = self.peek() == text;
        self.at += usize::from(there);
        there
    }

    fn word(&mut self) -> Option<String> {
        let word = self.peek().to_owned();
        let is_word = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        self.at += usize::from(is_word);
        is_word.then_some(word)
    }

    fn file(&mut self) {
        // How deep in braces each `mod name { … }` around this place was opened.
        let mut opened = Vec::new();
        let mut depth = 0_u32;
        while self.at < self.tokens.len() {
            if self.take("{") {
                depth += 1;
            } else if self.take("}") {
                depth = depth.saturating_sub(1);
                if opened.last() == Some(&depth) {
                    opened.pop();
                    self.module.pop();
                }
            } else if self.take("mod") {
                if let Some(name) = self.word()
                    && self.take("{")
                {
                    opened.push(depth);
                    depth += 1;
                    self.module.push(name);
                }
            } else if self.take("use") {
                self.tree(&[]);
            } else if ["crate", "self", "super"].contains(&self.peek()) {
                self.path();
            } else {
                self.at += 1;
            }
        }
    }

    /// A path outside `use`: it counts only if it goes on after `crate`, `self` or `super`.
    fn path(&mut self) {
        let line = self.line();
        let mut segments = Vec::new();
        while let Some(word) = self.word() {
            segments.push(word);
            if !self.take("::") {
                break;
            }
        }
        if segments.len() > 1 {
            self.push(line, &segments, None);
        }
    }

    /// A `use` tree below `prefix`.
    fn tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let line = self.line();
        // `::name` is another crate.
        let foreign = prefix.is_empty() && self.take("::");
        loop {
            if self.take("{") {
                while self.at < self.tokens.len() && !self.take("}") {
                    self.tree(&segments);
                    self.take(",");
                }
                return;
            }
            if self.take("*") {
                break;
            }
            match self.word() {
                Some(word) => segments.push(word),
                // Not a tree; go on after it.
                None => self.at += 1,
            }
            if !self.take("::") {
                break;
            }
        }
        if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
            segments.pop();
        }
        let name = if self.take("as") { self.word() } else { segments.last().cloned() };
        if !foreign {
            self.push(line, &segments, name);
        }
    }

    fn push(&mut self, line: usize, segments: &[String], name: Option<String>) {
        let Some(path) = self.resolved(segments) else { return };
        let binds = name.map(|name| [self.module.as_slice(), &[name]].concat());
        self.found.push(Import { line, path, within: self.module.clone(), binds });
    }

    fn resolved(&self, segments: &[String]) -> Option<Vec<String>> {
        let (first, mut rest) = segments.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            // A bare name is a module beside this line, or another crate.
            _ => {
                let path = [self.module.as_slice(), segments].concat();
                return (self.is_module)(&path[..=self.module.len()]).then_some(path);
            }
        };
        if first == "super" {
            base.pop();
        }
        while let Some((next, after)) = rest.split_first()
            && next == "super"
        {
            base.pop();
            rest = after;
        }
        base.extend_from_slice(rest);
        Some(base)
    }
}

/// Words, `::` and single characters, each with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let mut token = String::from(c);
            if c.is_alphanumeric() || c == '_' {
                while let Some(next) = chars.next_if(|&c| c.is_alphanumeric() || c == '_') {
                    token.push(next);
                }
            } else if c == ':' && chars.next_if_eq(&':').is_some() {
                token.push(':');
            } else if c.is_whitespace() {
                continue;
            }
            found.push((index + 1, token));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let module = ["plan".to_owned(), "graph".to_owned()];
        let is_module = |path: &[String]| path.join("::") == "plan::graph::child";
        let found: Vec<String> = of(source, &module, &is_module)
            .into_iter()
            .map(|import| format!("{}:{}", import.line, import.path.join("::")))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn use_trees_are_followed() {
        check(
            "use std::fs;\nuse crate::{sys::{Command, env as e}, plan};\nuse super::step::*;",
            &["2:sys::Command", "2:sys::env", "2:plan", "3:plan::step"],
        );
        check(
            "use child::Thing;\nuse serde::Thing;\nuse ::crate_x::Y;",
            &["1:plan::graph::child::Thing"],
        );
        check("use crate::sys::{self, Command};", &["1:sys", "1:sys::Command"]);
    }

    #[test]
    fn paths_in_code_are_found_and_words_in_strings_are_not() {
        check(
            "fn f(x: &crate::sys::Command) { \"crate::engine\"; }\n// crate::engine\npub(crate) fn g() { super::super::engine::run(self.x) }",
            &["1:sys::Command", "3:engine::run"],
        );
    }

    #[test]
    fn a_module_inside_the_file_counts_for_super() {
        check(
            "mod tests { use super::*; fn f() { super::super::step::x() } }\nuse super::step;",
            &["1:plan::graph", "1:plan::step::x", "2:plan::step"],
        );
    }
}
