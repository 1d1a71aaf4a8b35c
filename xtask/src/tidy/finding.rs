//! A finding of a check: where, what, and what to do about it.

use std::fmt;

/// Whether a finding stops the test command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// It is only printed.
    Warning,
    /// It fails.
    Error,
}

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// How bad it is.
    pub(crate) severity: Severity,
    /// The file, from the repository's root.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) remedy: String,
}

impl Finding {
    /// A breach that fails the check.
    pub(crate) fn error(
        path: &str,
        line: usize,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            path: path.to_owned(),
            line,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// The same as a warning.
    pub(crate) fn softened(self) -> Self {
        let severity = Severity::Warning;
        Self { severity, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(
            out,
            "{}:{}: {word}: {}\n  remedy: {}",
            self.path, self.line, self.message, self.remedy
        )
    }
}

/// Shorthands for the tests of the checks.
#[cfg(test)]
pub(crate) mod made_up {
    use super::Finding;
    use crate::repository::Source;

    /// A file that exists only here.
    pub(crate) fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    /// Where the findings are: `path:line`.
    pub(crate) fn places(findings: &[Finding]) -> Vec<String> {
        let place = |finding: &Finding| format!("{}:{}", finding.path, finding.line);
        findings.iter().map(place).collect()
    }
}
