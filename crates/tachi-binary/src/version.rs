//! Versions of systems and libraries: up to three numbers, compared as numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A version of a C library, an operating system or an SDK: `2.17`, `2.2.5`, `11.0`.
///
/// ```
/// # use tachi_binary::Version;
/// let old: Version = "2.9".parse()?;
/// assert!(old < Version::new(2, 17, 0));
/// assert_eq!(Version::new(2, 17, 0).to_string(), "2.17");
/// # Ok::<(), tachi_binary::InvalidVersion>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number; 0 if the version has two.
    pub patch: u32,
}

impl Version {
    /// The version `major.minor.patch`.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }
}

/// A text that is not one to three numbers with dots between them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version such as 2.17 or 11.0")]
pub struct InvalidVersion(pub String);

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let number = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<u32>().ok() } else { None }
        };
        let mut parts = text.split('.').map(number);
        let mut next = || parts.next().unwrap_or(Some(0));
        match (next(), next(), next(), parts.next()) {
            (Some(major), Some(minor), Some(patch), None) => Ok(Self::new(major, minor, patch)),
            _ => Err(InvalidVersion(text.to_owned())),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, patch } = self;
        if *patch == 0 {
            f.pad(&format!("{major}.{minor}"))
        } else {
            f.pad(&format!("{major}.{minor}.{patch}"))
        }
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = InvalidVersion;

    fn try_from(text: String) -> Result<Self, InvalidVersion> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let sorted = ["2", "2.2.5", "2.9", "2.17", "2.36", "10.0"];
        let versions: Vec<Version> = sorted.iter().map(|text| text.parse().unwrap()).collect();
        assert!(versions.is_sorted(), "{versions:?}");
    }

    #[test]
    fn only_numbers_are_versions() {
        for text in ["", ".", "2.", ".2", "2.17.", "2.1.2.3", "a", "2.x", "+2", "-1", "4294967296"]
        {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_version_is_shown_without_a_third_zero() {
        for (text, shown) in
            [("2", "2.0"), ("2.17", "2.17"), ("2.17.0", "2.17"), ("2.2.5", "2.2.5")]
        {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), shown);
        }
    }
}
