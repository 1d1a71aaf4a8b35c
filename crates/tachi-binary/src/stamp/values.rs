//! The values of a stamp, and their text.

use std::collections::BTreeMap;

use serde::Serialize;

/// Values by their keys. The keys are the names of the fields of
/// `tachi_build_info::BuildInfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Stamp(BTreeMap<String, String>);

/// The reason why a value cannot be stamped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// A key has other characters than a field's name.
    #[error("the key `{key}` is not made of lower-case letters, digits and `_`")]
    Key {
        /// The key.
        key: String,
    },
    /// A value has line breaks or other control characters.
    #[error("the value of `{key}` holds a line break or another control character")]
    Value {
        /// The value's key.
        key: String,
    },
}

impl Stamp {
    /// A stamp without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value; an empty one removes the key.
    ///
    /// # Errors
    /// The key cannot be a name, or the value has control characters. The stamp then stays as it
    /// was.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), InvalidValue> {
        let is_name = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if key.is_empty() || !key.bytes().all(is_name) {
            return Err(InvalidValue::Key { key: key.to_owned() });
        }
        // Line breaks are control characters, and the payload has one value on each line.
        if value.chars().any(char::is_control) {
            return Err(InvalidValue::Value { key: key.to_owned() });
        }
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), value.to_owned());
        }
        Ok(())
    }

    /// A value by its key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The stamp of two slices of one program; none if they differ in more than the target.
    pub(super) fn joined(mut self, other: &Self) -> Option<Self> {
        const TARGET: &str = "build_target";
        let (own, others) = (self.0.remove(TARGET), other.0.get(TARGET));
        let rest = other.0.iter().filter(|(key, _)| *key != TARGET);
        if !self.0.iter().eq(rest) {
            return None;
        }
        let target = match (own, others) {
            (Some(own), Some(others)) if own.split(" and ").any(|one| one == others) => Some(own),
            (Some(own), Some(others)) => Some(format!("{own} and {others}")),
            (None, None) => None,
            _ => return None,
        };
        self.0.extend(target.map(|target| (TARGET.to_owned(), target)));
        Some(self)
    }

    /// Whether it has no values, as the stamp of an unfilled slot.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over all values of `other`.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The text in a slot: a line `key=value` for each value, sorted by key.
    pub(super) fn to_payload(&self) -> String {
        self.iter().fold(String::new(), |text, (key, value)| text + key + "=" + value + "\n")
    }

    /// Reads the text of [`to_payload`](Self::to_payload). Lines of another form are left out.
    pub(super) fn of_payload(payload: &str) -> Self {
        let mut stamp = Self::new();
        for (key, value) in payload.lines().filter_map(|line| line.split_once('=')) {
            // A later version may write values that this one refuses.
            let _ = stamp.set(key, value);
        }
        stamp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_may_differ_in_their_target_only() {
        let stamp = |target: &str, hash: &str| {
            let mut stamp = Stamp::new();
            stamp.set("build_target", target).unwrap();
            stamp.set("git_hash", hash).unwrap();
            stamp
        };
        let both = stamp("x86_64", "a").joined(&stamp("aarch64", "a")).unwrap();
        assert_eq!(both.get("build_target"), Some("x86_64 and aarch64"));
        assert_eq!(both.clone().joined(&stamp("aarch64", "a")), Some(both));
        assert_eq!(stamp("x86_64", "a").joined(&stamp("x86_64", "b")), None);
        assert_eq!(stamp("x86_64", "a").joined(&Stamp::new()), None);
    }

    #[test]
    fn values_that_would_break_the_text_are_refused() {
        let key = |key: &str| Err(InvalidValue::Key { key: key.into() });
        let value = |key: &str| Err(InvalidValue::Value { key: key.into() });
        for (name, text, expected) in [
            ("git_hash", "abc", Ok(())),
            ("git_branch", "a=b ümläut \"", Ok(())),
            ("", "x", key("")),
            ("Version", "x", key("Version")),
            ("a=b", "x", key("a=b")),
            ("a", "two\nlines", value("a")),
            ("a", "nul\0", value("a")),
            ("a", "\u{85}", value("a")),
        ] {
            assert_eq!(Stamp::new().set(name, text), expected, "{name}={text}");
        }
    }

    #[test]
    fn the_text_is_sorted_and_read_back_as_it_was() {
        let mut stamp = Stamp::new();
        for (key, value) in [("b", "=1="), ("a", "x y"), ("gone", "1"), ("gone", "")] {
            stamp.set(key, value).unwrap();
        }
        assert_eq!(stamp.to_payload(), "a=x y\nb==1=\n");
        assert_eq!(Stamp::of_payload("a=x y\nb==1=\nNEW=later\nodd\n"), stamp);
    }
}
