//! Rust source as code, comments and literals: enough of a lexer that no rule is
//! fooled by a word in a string.

/// What a stretch of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The source with comments and the inside of literals blanked; lines and columns stay.
pub(crate) fn code(source: &str) -> String {
    only(source, Kind::Code)
}

/// The source with all but its comments blanked; lines and columns stay.
pub(crate) fn comments(source: &str) -> String {
    only(source, Kind::Comment)
}

fn only(source: &str, wanted: Kind) -> String {
    let mut kept = String::with_capacity(source.len());
    for (kind, text) in stretches(source) {
        if kind == wanted {
            kept.push_str(text);
        } else {
            kept.extend(text.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
    }
    kept
}

fn stretches(source: &str) -> Vec<(Kind, &str)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut in_word = false;
    while at < source.len() {
        let rest = &source[at..];
        let special = match rest.as_bytes()[0] {
            b'/' if rest.starts_with("//") => {
                Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())))
            }
            b'/' if rest.starts_with("/*") => Some((Kind::Comment, block_comment(rest))),
            b'"' => Some((Kind::Literal, quoted(rest))),
            b'r' | b'b' | b'c' if !in_word => prefixed(rest).map(|length| (Kind::Literal, length)),
            b'\'' => character(rest).map(|length| (Kind::Literal, length)),
            _ => None,
        };
        if let Some((kind, length)) = special {
            found.push((Kind::Code, &source[start..at]));
            found.push((kind, &rest[..length]));
            at += length;
            start = at;
            in_word = false;
        } else {
            let c = rest.chars().next().unwrap_or_default();
            in_word = c.is_alphanumeric() || c == '_';
            at += c.len_utf8();
        }
    }
    found.push((Kind::Code, &source[start..]));
    found
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a string that starts with its quote.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `c"…"`, `b'…'`; none for a plain word.
fn prefixed(rest: &str) -> Option<usize> {
    let prefix = rest.bytes().take_while(|byte| b"rbc".contains(byte)).count();
    let after = &rest[prefix..];
    let raw = rest[..prefix].contains('r');
    if raw {
        let hashes = after.bytes().take_while(|&byte| byte == b'#').count();
        let inside = after[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = inside.find(&end).map_or(inside.len(), |found| found + end.len());
        Some(prefix + hashes + 1 + length)
    } else if after.starts_with('"') {
        Some(prefix + quoted(after))
    } else if after.starts_with('\'') {
        character(after).map(|length| prefix + length)
    } else {
        None
    }
}

/// The length of a character literal; none for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let inside = rest.get(3..)?;
        return inside.find('\'').map(|found| 3 + found + 1);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(code(source), expected);
    }

    #[test]
    fn comments_are_blanked_and_lines_stay() {
        check("a // b\nc", "a     \nc");
        check("a /* b /* c\n */ d */ e", "a          \n         e");
    }

    #[test]
    fn literals_are_blanked_and_lifetimes_stay() {
        check(r#"f("x // y\"", z)"#, "f(          , z)");
        check("r#\"a\"b\"# + br\"x\" + b'c' + for_b\"q\"", "         +       +      + for_b   ");
        check(r"'a' + '\'' + '\u{1f}' + &'a str", "    +      +          + &'a str");
        check("r#type", "r#type");
    }

    #[test]
    fn code_can_be_blanked_instead() {
        assert_eq!(comments("a(\"// no\"); // yes"), "            // yes");
    }
}
