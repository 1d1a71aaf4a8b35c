//! A command as a value: plans print it, errors show it, tests compare it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A program with its arguments, the changes to its environment, and its directory.
///
/// ```
/// let command = tachi_schema::Command::new("cargo").arg("build").env("CC", "clang");
/// assert_eq!(command.to_string(), "CC=clang cargo build");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Command {
    /// The program: a path, or a name to be looked up in `PATH`.
    pub program: String,
    /// Its arguments, without the program itself.
    pub args: Vec<String>,
    /// Variables to set (`Some`) or to remove (`None`); the rest is inherited.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, Option<String>>,
    /// The directory to run in; the current one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_dir: Option<String>,
}
impl Command {
    /// A command without arguments.
    pub fn new(program: impl Into<String>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: BTreeMap::new(), current_dir: None }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable for the program.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), Some(value.into()));
        self
    }

    /// Removes a variable from what the program inherits.
    #[must_use]
    pub fn env_remove(mut self, name: impl Into<String>) -> Self {
        self.env.insert(name.into(), None);
        self
    }

    /// Sets the directory to run in.
    #[must_use]
    pub fn current_dir(mut self, dir: impl Into<String>) -> Self {
        self.current_dir = Some(dir.into());
        self
    }
}

/// One line that can be pasted into a POSIX shell.
impl fmt::Display for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(dir) = &self.current_dir {
            write!(out, "cd {} && ", quoted(dir))?;
        }
        if self.env.values().any(Option::is_none) {
            out.write_str("env")?;
            for (name, _) in self.env.iter().filter(|(_, value)| value.is_none()) {
                write!(out, " -u {name}")?;
            }
            out.write_str(" ")?;
        }
        for (name, value) in &self.env {
            if let Some(value) = value {
                write!(out, "{name}={} ", quoted(value))?;
            }
        }
        out.write_str(&quoted(&self.program))?;
        for arg in &self.args {
            write!(out, " {}", quoted(arg))?;
        }
        Ok(())
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_prints_as_a_line_that_a_shell_would_run() {
        let command = Command::new("cargo")
            .args(["build", "--config", "profile.ci.lto=false", "it's"])
            .env("A", "1 2")
            .env_remove("RUSTFLAGS")
            .current_dir("/w s");
        assert_eq!(
            command.to_string(),
            r"cd '/w s' && env -u RUSTFLAGS A='1 2' cargo build --config profile.ci.lto=false 'it'\''s'"
        );
    }
}
