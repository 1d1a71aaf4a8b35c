//! A runner as users write it, in `tachi.toml` as in cargo's configuration: one string of
//! words, or a list of them.

use camino::Utf8Path;
use serde::Deserialize;

/// A program and its first arguments.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(from = "Written")]
pub struct RunnerWords(Vec<String>);

#[derive(Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "a string or a list of strings")]
enum Written {
    Text(String),
    List(Vec<String>),
}

impl From<Written> for RunnerWords {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self::of_text(&text),
            Written::List(words) => Self(words),
        }
    }
}

impl RunnerWords {
    /// The words of a text, as cargo separates them.
    pub fn of_text(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    /// The words of a file whose relative paths start from `folder`.
    pub fn resolved(mut self, folder: &Utf8Path) -> Vec<String> {
        if let Some(program) = self.0.first_mut() {
            resolve_program(program, folder);
        }
        self.0
    }
}

/// Makes a file's program absolute: one with a slash in its name is looked for from `folder`, others
/// on `PATH`.
pub(super) fn resolve_program(program: &mut String, folder: &Utf8Path) {
    if program.contains('/') {
        *program = folder.join(&*program).into_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lists_are_read_and_paths_start_from_the_files_folder() {
        #[derive(Deserialize)]
        struct File {
            runner: RunnerWords,
        }
        let read =
            |text: &str| toml::from_str::<File>(text).map(|file| file.runner.resolved("/w".into()));
        for (text, expected) in [
            ("runner = \"qemu  -L /sys root\"", &["qemu", "-L", "/sys", "root"][..]),
            ("runner = [\"qemu\", \"-L\", \"/sys root\"]", &["qemu", "-L", "/sys root"]),
            ("runner = \"tools/run -x\"", &["/w/tools/run", "-x"]),
            ("runner = \"/bin/run\"", &["/bin/run"]),
            ("runner = \"\"", &[]),
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
        let error = read("runner = 3").unwrap_err();
        assert!(error.message().contains("a string or a list of strings"), "{error}");
    }
}
