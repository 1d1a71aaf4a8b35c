//! From a YAML text or file to a checked spec.

use std::path::{Path, PathBuf};

use crate::check::{check, SpecProblem};
use crate::spec::Spec;

/// Why there is no spec.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is not YAML, or YAML of another shape.
    #[error("not a spec: {0}")]
    Syntax(#[from] serde_saphyr::Error),
    /// The spec is well-formed but breaks a rule.
    #[error(transparent)]
    Problem(#[from] SpecProblem),
}

/// Reads and checks the spec in the file at `path`.
///
/// # Errors
/// When the file cannot be read, or for the reasons of [`parse`].
pub fn load(path: &Path) -> Result<Spec, SpecError> {
    let yaml = std::fs::read_to_string(path).map_err(|source| SpecError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&yaml)
}

/// Reads and checks the spec in the text `yaml`.
///
/// # Errors
/// When the text is not YAML, has another shape than [`Spec`], or breaks one of its rules.
pub fn parse(yaml: &str) -> Result<Spec, SpecError> {
    let spec: Spec = serde_saphyr::from_str(yaml)?;
    check(&spec)?;
    Ok(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
name: sample
steps:
  - name: gather
    sources:
      - backend: http
        url: http://127.0.0.1:9/rows
      - backend: inline
        rows:
          - {id: 1, name: one, score: 0.5}
  - name: add
    sources:
      - {backend: inline, rows: []}
";

    #[test]
    fn a_spec_is_read_and_summed_up() {
        let spec = parse(SAMPLE).unwrap();
        assert_eq!(spec.summary(), "sample: 2 steps, 3 sources");
    }

    #[test]
    fn broken_rules_are_named() {
        let http = "{backend: http, url: 'http://h/'}";
        let table = [
            ("{name: s, steps: []}".to_owned(), "the spec has no steps"),
            (
                "{name: s, steps: [{name: a, sources: []}]}".to_owned(),
                "step 'a' has no sources",
            ),
            (
                format!("{{name: s, steps: [{{name: a, sources: [{http}]}}, {{name: a, sources: [{http}]}}]}}"),
                "two steps are named 'a'",
            ),
            (
                "{name: s, steps: [{name: a, sources: [{backend: http, url: 'ftp://h/'}]}]}"
                    .to_owned(),
                "step 'a': 'ftp://h/' is neither an http:// nor an https:// URL",
            ),
        ];
        for (yaml, message) in table {
            assert_eq!(parse(&yaml).unwrap_err().to_string(), message, "{yaml}");
        }
    }

    #[test]
    fn an_unknown_backend_is_a_syntax_error() {
        let yaml = "{name: s, steps: [{name: a, sources: [{backend: carrier-pigeon}]}]}";
        let error = parse(yaml).unwrap_err();
        assert!(matches!(error, SpecError::Syntax(_)), "{error}");
        assert!(error.to_string().contains("carrier-pigeon"), "{error}");
    }
}
