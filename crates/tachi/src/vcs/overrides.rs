//! The values for sources that the environment sets. They win over all others.

use super::SourceState;
use super::published::SHORT;
use crate::sys::env::Environment;

/// A variable with a value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOverride {
    /// `TACHI_GIT_HASH` is no commit.
    #[error("TACHI_GIT_HASH is `{value}`, which is no commit: 4 to 64 hexadecimal digits")]
    Hash { value: String },
    /// `TACHI_GIT_BRANCH` has control characters.
    #[error("TACHI_GIT_BRANCH holds a line break or another control character")]
    Branch,
    /// `TACHI_GIT_DIRTY` is neither true nor false.
    #[error("TACHI_GIT_DIRTY is `{value}`; it takes true or false")]
    Dirty { value: String },
}

/// The values given.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Overrides {
    hash: Option<String>,
    branch: Option<String>,
    pub(super) dirty: Option<bool>,
}

pub(super) fn read(environment: &Environment) -> Result<Overrides, InvalidOverride> {
    let hash = environment.var("TACHI_GIT_HASH").map(|value| {
        let digits = value.bytes().all(|digit| digit.is_ascii_hexdigit());
        if digits && (4..=64).contains(&value.len()) {
            Ok(value.to_ascii_lowercase())
        } else {
            Err(InvalidOverride::Hash { value: value.to_owned() })
        }
    });
    let branch = environment.var("TACHI_GIT_BRANCH").map(|value| {
        let clean = !value.chars().any(char::is_control);
        if clean { Ok(value.to_owned()) } else { Err(InvalidOverride::Branch) }
    });
    let dirty = environment.var("TACHI_GIT_DIRTY").map(|value| match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(InvalidOverride::Dirty { value: other.to_owned() }),
    });
    Ok(Overrides {
        hash: hash.transpose()?,
        branch: branch.transpose()?,
        dirty: dirty.transpose()?,
    })
}

impl Overrides {
    /// Replaces what was found with what was given.
    pub(super) fn apply(self, state: &mut SourceState) {
        if let Some(hash) = self.hash {
            // A full hash is a SHA-1 or a SHA-256.
            let is_full = [40, 64].contains(&hash.len());
            let short = if is_full { &hash[..SHORT] } else { &hash };
            // The same commit keeps the abbreviation and the time that git gives it.
            let is_same = state.git_hash_full.as_ref().is_some_and(|full| full.starts_with(&hash));
            if !is_same {
                state.git_hash = Some(short.to_owned());
                state.git_hash_full = is_full.then(|| hash.clone());
                state.commit_time = None;
            }
        }
        state.git_branch = self.branch.or_else(|| state.git_branch.take());
        state.git_dirty = self.dirty.or(state.git_dirty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, value: &str) -> Result<SourceState, InvalidOverride> {
        let environment = Environment::new([(name.to_owned(), value.to_owned())], "/");
        let mut state = SourceState {
            git_hash: Some("0a1b".into()),
            git_hash_full: Some("0a1b2c3d4e".into()),
            git_branch: Some("main".into()),
            git_dirty: Some(true),
            commit_time: Some(5),
            unknown: None,
        };
        read(&environment)?.apply(&mut state);
        Ok(state)
    }

    #[test]
    fn a_given_value_wins_over_gits() {
        let sha1 = "ABCDEF0123456789abcdef0123456789abcdef01";
        let state = given("TACHI_GIT_HASH", sha1).unwrap();
        assert_eq!(state.git_hash.as_deref(), Some("abcdef0"));
        assert_eq!(state.git_hash_full, Some(sha1.to_ascii_lowercase()));
        assert_eq!(state.commit_time, None, "another commit's time");
        let short = given("TACHI_GIT_HASH", "abcdef").unwrap();
        assert_eq!((short.git_hash.as_deref(), short.git_hash_full), (Some("abcdef"), None));
        let same = given("TACHI_GIT_HASH", "0a1b2c").unwrap();
        assert_eq!((same.git_hash.as_deref(), same.commit_time), (Some("0a1b"), Some(5)));
        let branch = given("TACHI_GIT_BRANCH", "release/1.2").unwrap();
        assert_eq!(branch.git_branch.as_deref(), Some("release/1.2"));
        for (value, expected) in [("true", true), ("1", true), ("false", false), ("0", false)] {
            assert_eq!(given("TACHI_GIT_DIRTY", value).unwrap().git_dirty, Some(expected));
        }
        assert_eq!(given("TACHI_GIT_HASH", ""), given("UNRELATED", ""));
    }

    #[test]
    fn a_value_that_cannot_be_used_is_an_error_and_not_unknown() {
        for (name, value) in [
            ("TACHI_GIT_HASH", "v1.0"),
            ("TACHI_GIT_HASH", "abc"),
            ("TACHI_GIT_BRANCH", "a\nb"),
            ("TACHI_GIT_DIRTY", "maybe"),
        ] {
            let error = given(name, value).unwrap_err().to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }
}
