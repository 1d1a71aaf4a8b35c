//! Command-line arguments, taken one by one, so that an argument that is left is an error.

use std::collections::VecDeque;

/// What was typed after `cargo xtask` and has not been taken yet.
pub(crate) struct Arguments(VecDeque<String>);

impl Arguments {
    /// The arguments of this process.
    pub(crate) fn from_environment() -> Self {
        std::env::args().skip(1).collect::<Vec<_>>().into()
    }

    /// Takes the first word.
    pub(crate) fn command(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    /// Takes `--name`; says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let place = self.0.iter().position(|word| word == name);
        place.is_some_and(|index| self.0.remove(index).is_some())
    }

    /// Takes `--name VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(index) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.0.remove(index);
        match self.0.remove(index) {
            Some(value) => Ok(Some(value)),
            None => Err(format!("{name} needs a value")),
        }
    }

    /// Takes the remaining words; an option among them is an error.
    pub(crate) fn words(self) -> Result<Vec<String>, String> {
        match self.0.iter().find(|word| word.starts_with('-')) {
            Some(option) => Err(format!("no option {option:?} here; see `cargo xtask help`")),
            None => Ok(self.0.into()),
        }
    }

    /// Takes all remaining arguments.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0.into()
    }

    /// Fails if an argument is left.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.words()?.first() {
            Some(word) => Err(format!("unexpected argument {word:?}; see `cargo xtask help`")),
            None => Ok(()),
        }
    }
}

impl From<Vec<String>> for Arguments {
    fn from(words: Vec<String>) -> Self {
        Self(words.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Arguments {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        words.into()
    }

    #[test]
    fn flags_values_and_words_are_taken_in_any_order() {
        let mut arguments = typed("one --runs 3 --json two");
        assert!(arguments.flag("--json"));
        assert!(!arguments.flag("--json"));
        assert_eq!(arguments.value("--runs"), Ok(Some("3".to_owned())));
        assert_eq!(arguments.words(), Ok(vec!["one".into(), "two".into()]));
    }

    #[test]
    fn an_argument_that_is_left_is_an_error() {
        assert!(typed("--qick").finish().is_err());
        assert!(typed("word").finish().is_err());
        assert!(typed("--qick filter").words().is_err());
        assert!(typed("--runs").value("--runs").is_err());
        assert_eq!(typed("").finish(), Ok(()));
    }
}
