//! What is wrong with a TOML text, in words for people: the line, what the reader says of
//! it, and the nearest of the names that would have been right.

use crate::suggest;

/// What is wrong with a TOML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The line, from 1; none if the whole text is meant.
    pub(crate) line: Option<usize>,
    /// What is wrong there.
    pub(crate) message: String,
    /// ` (did you mean …?)`, or nothing.
    pub(crate) hint: String,
}

impl Mistake {
    /// Turns the words of `toml` and serde into a line, a sentence and a suggestion.
    pub(crate) fn new(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        // serde: "unknown field `x`, expected one of `a`, `b`" (or variant, or "expected `a`").
        let mut quoted = message.split('`').skip(1).step_by(2);
        let given = quoted.next().filter(|_| message.starts_with("unknown "));
        let hint = given.map(|given| suggest::hint(given, quoted)).unwrap_or_default();
        Self { line: error.span().map(|span| line_at(text, span.start)), message, hint }
    }
}

/// The line of a text, from 1, that a byte is in.
pub(crate) fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Shape {
        width: u32,
        height: u32,
    }

    #[test]
    fn a_mistake_has_its_line_and_the_nearest_right_key() {
        for (text, line, message, hint) in [
            (
                "width = 1\nheigth = 2",
                Some(2),
                "unknown field `heigth`, expected `width` or `height`",
                " (did you mean `height`?)",
            ),
            ("width = 1\n\nheight = 'x'", Some(3), "invalid type: string \"x\", expected u32", ""),
            ("zebra = 1", Some(1), "unknown field `zebra`, expected `width` or `height`", ""),
        ] {
            let mistake = Mistake::new(text, &toml::from_str::<Shape>(text).unwrap_err());
            assert_eq!(mistake, Mistake { line, message: message.into(), hint: hint.into() });
        }
    }

    #[test]
    fn lines_are_counted_from_one_and_a_place_behind_the_text_is_its_last() {
        for (byte, line) in [(0, 1), (1, 1), (2, 2), (3, 3), (99, 3)] {
            assert_eq!(line_at("a\n\nb", byte), line, "byte {byte}");
        }
    }
}
