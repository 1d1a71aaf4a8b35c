//! Explains a failed link: turns the linker's output into a cause and a remedy.
//!
//! Linkers name symbols and files, but the cause is a library, a setting or a disk. Pure: text in,
//! an explanation out, tested with real output of linkers.

use crate::target::{TargetFacts, catalogue};

mod headers;
mod inputs;
mod machine;
mod symbols;
mod words;

pub use headers::explain_missing_header;

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong, in one clause.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
}

impl Explanation {
    fn new(cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { cause: cause.into(), remedy: remedy.into() }
    }
}

/// A link that failed.
struct Failure<'a> {
    /// rustc's own sentence: "linking with `cc` failed: exit status: 1".
    title: &'a str,
    /// What the linker said.
    words: &'a str,
    /// The triple.
    target: &'a str,
    /// Its row in the catalogue; none for what is linked for the host in passing.
    row: Option<&'static TargetFacts>,
}

impl Failure<'_> {
    fn is_apple(&self) -> bool {
        self.row.is_some_and(TargetFacts::is_apple)
    }

    fn is_windows(&self) -> bool {
        self.row.is_some_and(TargetFacts::is_windows)
    }

    fn is_msvc(&self) -> bool {
        self.row.is_some_and(|row| row.env == "msvc")
    }

    fn has_glibc(&self) -> bool {
        self.row.is_some_and(|row| row.os == "linux" && row.env == "gnu")
    }

    /// ` for x86_64-pc-windows-msvc`; nothing for the host's own programs.
    fn for_target(&self) -> String {
        if self.target.is_empty() { String::new() } else { format!(" for {}", self.target) }
    }
}

/// The rules, each before more general ones that would match, too.
const RULES: [fn(&Failure<'_>) -> Option<Explanation>; 12] = [
    machine::no_linker,
    machine::no_memory,
    machine::no_space,
    machine::unknown_argument,
    inputs::position_dependent,
    inputs::foreign,
    inputs::runtime_of_microsoft,
    inputs::missing_library,
    inputs::duplicate,
    symbols::newer_glibc,
    symbols::of_the_loading_program,
    symbols::unknown,
];

/// Explains why a link failed: `title` is the first sentence of rustc's message, `words` what
/// the linker said, and `target` what was linked for, if that is known.
pub fn explain(title: &str, words: &str, target: Option<&str>) -> Option<Explanation> {
    let target = target.unwrap_or_default();
    let failure = Failure { title, words, target, row: catalogue::find(target) };
    RULES.iter().find_map(|rule| rule(&failure))
}

#[cfg(test)]
mod tests;
