//! Checks the values in `tachi.lock`. They become parts of paths and arguments of pip and xwin, so
//! a version has to be a version and nothing else. Pure.

use super::{Microsoft, ToolPin};

/// A value that is not allowed.
pub(super) struct BadValue {
    pub(super) text: String,
    /// What is wrong with it, and what to do.
    pub(super) message: String,
}

/// Checks the values of a tool, except its name.
pub(super) fn tool(tool: &ToolPin) -> Result<(), BadValue> {
    let ToolPin { name: _, version, source, sha256 } = tool;
    check("the tool's `version`", version, is_version, "no version, such as `0.17.1`")?;
    check(
        "the tool's `source`",
        source,
        is_source,
        "not an index and a name in it, such as `pypi:ziglang`",
    )?;
    for (host, digest) in sha256 {
        check("a host of the tool's `sha256`", host, is_name, "no host, such as `linux-x86_64`")?;
        let key = format!("the tool's `sha256.{host}`");
        check(&key, digest, is_digest, "not 64 lower-case hexadecimal digits")?;
    }
    Ok(())
}

/// Checks what was accepted of Microsoft's.
pub(super) fn microsoft(accepted: &Microsoft) -> Result<(), BadValue> {
    // The other two are only shown to people.
    let Microsoft { licence: _, url: _, sdk, crt } = accepted;
    check("microsoft's `sdk`", sdk, is_version, "no version, such as `10.0.26100`")?;
    check("microsoft's `crt`", crt, is_version, "no version, such as `14.44.17.14`")
}

fn check(
    key: &str,
    value: &str,
    is_good: impl Fn(&str) -> bool,
    complaint: &str,
) -> Result<(), BadValue> {
    if is_good(value) {
        return Ok(());
    }
    let message = format!(
        "{key} is {complaint}; correct it, or delete tachi.lock for the versions that Tachi brings"
    );
    Err(BadValue { text: value.lines().next().unwrap_or_default().to_owned(), message })
}

/// `0.17.1`, `0.16.0-dev.1234+abcdef`: begins with a digit and is one plain part of a path.
fn is_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && is_plain(text, ".-+")
        && !text.contains("..")
}

/// `pypi:ziglang`.
fn is_source(text: &str) -> bool {
    text.split_once(':').is_some_and(|(index, name)| is_name(index) && is_name(name))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric()) && is_plain(text, "-_")
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_plain(text: &str, besides: &str) -> bool {
    text.chars().all(|one| one.is_ascii_alphanumeric() || besides.contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_says_more_than_its_key() {
        for (text, expected) in [
            ("0.17.1", true),
            ("0.16.0-dev.12+abc", true),
            ("10.0.26100", true),
            ("", false),
            ("../../evil", false),
            ("0..1", false),
            ("1/2", false),
            ("1 --index-url x", false),
            ("1\n--index-url x", false),
            ("-1", false),
        ] {
            assert_eq!(is_version(text), expected, "{text:?}");
        }
        for (text, expected) in [
            ("pypi:ziglang", true),
            ("crates:xwin", true),
            ("ziglang", false),
            ("pypi:", false),
            ("pypi:-r", false),
            ("pypi:a==1", false),
            ("pypi:a\nb", false),
            ("pypi:a:b", false),
        ] {
            assert_eq!(is_source(text), expected, "{text:?}");
        }
    }
}
