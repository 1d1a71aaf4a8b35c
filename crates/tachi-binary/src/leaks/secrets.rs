//! Secrets that are recognised by their form: keys and access tokens.

use super::anchors::Token;
use super::{Found, LeakKind, Window};

/// The least number of characters of base64 that make a key. TLS libraries have the headers
/// alone, and their documentation shows keys of dots. The shortest key (Ed25519) has 64.
const KEY: usize = 60;

/// A private key: the header, then lines of base64.
pub(super) fn private_key(window: &Window<'_>) -> Option<Found> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let before = window.before();
    let start = before.len().saturating_sub(40);
    let line = before.get(start..)?;
    let begin = line.windows(BEGIN.len()).rposition(|part| part == BEGIN)?;
    let algorithm = line.get(begin + BEGIN.len()..)?;
    if !algorithm.iter().all(|&byte| byte.is_ascii_uppercase() || byte == b' ') {
        return None;
    }
    let mut body = Vec::new();
    let mut rest = window.after();
    let mut length = 0;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b'\r' | b'\n' => after,
            // In strings of configuration files, line breaks are escaped.
            b'\\' if matches!(after.first(), Some(b'n' | b'r')) => after.get(1..)?,
            _ if is_base64(byte) => {
                body.push(byte);
                after
            }
            // An encrypted key has `Proc-Type: 4,ENCRYPTED` before an empty line.
            b'-' | b':' if body.len() < KEY => {
                body.clear();
                let end = after.iter().position(|&byte| byte == b'\n')?;
                after.get(end..)?
            }
            _ => break,
        };
        length = window.after().len() - rest.len();
    }
    let key = body.get(..KEY)?;
    if !is_random(key, 20) {
        return None;
    }
    let start = start + begin;
    let header = String::from_utf8_lossy(window.text.get(start..window.end)?).into_owned();
    let kind = LeakKind::Secret("private key");
    Some(Found { kind, start, end: window.end + length, text: header + "…" })
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// An access token: its prefix, then text of the right length and characters.
pub(super) fn token(token: Token, window: &Window<'_>) -> Option<Found> {
    if window.before().last().is_some_and(|&byte| is_word(byte)) {
        return None;
    }
    let after = window.after();
    let word = |byte: u8| byte.is_ascii_alphanumeric();
    let dashed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let (what, size) = match token {
        Token::Aws => {
            let size = run(after, |byte| byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7'));
            // The key in Amazon's own documentation.
            let is_example = after.get(..16).is_some_and(|key| key.ends_with(b"EXAMPLE"));
            ("AWS access key", (size == 16 && !is_example).then_some(16))
        }
        Token::Cargo => ("crates.io token", exactly(after, 32, word)),
        Token::GitHub => ("GitHub token", exactly(after, 36, word)),
        Token::GitHubFine => {
            let is_parted = after.get(22) == Some(&b'_') && run(after, word) == 22;
            let end = run(after.get(23..).unwrap_or_default(), word);
            ("GitHub token", (is_parted && end >= 59).then_some(82))
        }
        Token::GitLab => ("GitLab token", at_least(after, 20, dashed)),
        Token::Google => ("Google API key", exactly(after, 35, dashed)),
        Token::Npm => ("npm token", exactly(after, 36, word)),
        Token::Slack => {
            let digits = run(after, |byte| byte.is_ascii_digit());
            let is_parted = (9..=13).contains(&digits) && after.get(digits) == Some(&b'-');
            ("Slack token", at_least(after, 35, dashed).filter(|_| is_parted))
        }
        Token::Stripe => ("Stripe key", at_least(after, 24, word)),
    };
    let size = size?;
    let distinct = if token == Token::Aws { 8 } else { 12 };
    if !is_random(after.get(..size)?, distinct) {
        return None;
    }
    // The prefix names the kind of the token; the secret part is not shown.
    let prefix = window.text.get(window.at..window.end)?;
    let shown: String = prefix.iter().take(4).map(|&byte| char::from(byte)).collect();
    let kind = LeakKind::Secret(what);
    Some(Found { kind, start: window.at, end: window.end + size, text: shown + "…" })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The number of bytes from the start on for which `is_such` holds.
fn run(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| is_such(byte)).count()
}

fn exactly(bytes: &[u8], size: usize, is_such: impl Fn(u8) -> bool) -> Option<usize> {
    (run(bytes, is_such) == size).then_some(size)
}

fn at_least(bytes: &[u8], size: usize, is_such: impl Fn(u8) -> bool) -> Option<usize> {
    let found = run(bytes, is_such);
    (found >= size).then_some(found)
}

/// Whether characters look random: letters and digits, enough different ones, no alphabet, and
/// not the words of a name (`npm_config_…` has no digits).
fn is_random(text: &[u8], distinct: usize) -> bool {
    let mut seen = [false; 256];
    for &byte in text {
        if let Some(place) = seen.get_mut(usize::from(byte)) {
            *place = true;
        }
    }
    let is_varied = seen.iter().filter(|seen| **seen).count() >= distinct;
    let has_digit = text.iter().any(u8::is_ascii_digit);
    let has_letter = text.iter().any(u8::is_ascii_alphabetic);
    let is_ordered = text.windows(5).any(|part| {
        part.windows(2).all(|pair| matches!(pair, [one, next] if one.checked_add(1) == Some(*next)))
    });
    is_varied && has_digit && has_letter && !is_ordered
}
