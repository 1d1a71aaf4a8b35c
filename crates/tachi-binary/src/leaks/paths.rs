//! Paths of the build machine: where a path begins and ends, and whether it is a leak.

use super::anchors::Anchor;
use super::{Found, Known, LeakKind, REACH, Window};

/// Folders that every system has, in which a program may well look for files.
const EVERYWHERE: [&[u8]; 16] = [
    b"/usr/",
    b"/etc/",
    b"/proc/",
    b"/sys/",
    b"/dev/",
    b"/tmp/",
    b"/bin/",
    b"/sbin/",
    b"/lib/",
    b"/lib64/",
    b"/run/",
    b"/opt/",
    b"/rustc/",
    b"/nix/store/",
    b"/System/",
    b"/Library/",
];

/// Names behind `/home/` and `/Users/` that are not names of users.
const NOBODY: [&[u8]; 4] = [b"linuxbrew", b"Shared", b"Public", b"Default"];

/// The leak around an anchor that is part of a path; none if the path is no leak.
pub(super) fn look(anchor: Anchor, window: &Window<'_>, known: &Known) -> Option<Found> {
    let after = window.after();
    // A known folder with a source file behind it is not part of an address: Rust puts texts
    // next to each other.
    let is_known = matches!(anchor, Anchor::KnownHome | Anchor::KnownFolder);
    if is_web(window) && !(is_known && is_source(window)) {
        return None;
    }
    let (kind, start) = match anchor {
        Anchor::Home | Anchor::Root => {
            let name = if anchor == Anchor::Home { folder(after)? } else { file(after)? };
            if NOBODY.contains(&name) {
                return None;
            }
            (LeakKind::HomeFolder, unix_start(window)?)
        }
        Anchor::WindowsHome => {
            // If separators are doubled, the one behind the name is doubled, too.
            if NOBODY.contains(&folder(after)?) {
                return None;
            }
            (LeakKind::HomeFolder, drive(window)?)
        }
        Anchor::KnownHome => {
            file(after.strip_prefix(b"/").or_else(|| after.strip_prefix(b"\\"))?)?;
            (LeakKind::HomeFolder, window.at)
        }
        Anchor::KnownFolder => {
            if after.first().is_some_and(|&byte| is_name(byte)) {
                return None;
            }
            (LeakKind::BuildFolder, window.at)
        }
        Anchor::User => (LeakKind::UserName, with_user(window, known)?),
        Anchor::BuildRoot => {
            file(after.strip_prefix(b"/").unwrap_or(after))?;
            (LeakKind::AbsolutePath, unix_start(window)?)
        }
        Anchor::WindowsBuildRoot => {
            folder(after)?;
            (LeakKind::AbsolutePath, drive(window)?)
        }
        Anchor::BuildPart => {
            let start = absolute_start(window)?;
            // `/.cargo/` at the root is no leak: the running program puts a folder before it.
            if start == window.at
                || after.first().is_none_or(|&byte| !is_name(byte) && byte != b'/')
            {
                return None;
            }
            (LeakKind::AbsolutePath, start)
        }
        Anchor::PrivateKey | Anchor::Token(_) => return None,
    };
    let end = window.end + path_end(after);
    let text = window.text.get(start..end)?;
    let text: String = text.iter().take(REACH).map(|&byte| char::from(byte)).collect();
    Some(Found { kind, start, end, text })
}

/// Whether the anchor is in the address of a web page: `https://host/…`, not `file:///…`.
fn is_web(window: &Window<'_>) -> bool {
    let before = window.before();
    let size = before.iter().rev().take_while(|&&byte| is_path(byte)).count();
    let (scheme, path) = before.split_at(before.len() - size);
    scheme.ends_with(b":")
        && path.starts_with(b"//")
        && path.get(2).is_some_and(|&byte| is_name(byte))
}

/// Whether a character occurs in names of files in builds.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'@' | b'~')
}

fn is_path(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'/' | b'\\')
}

/// The name of a folder at the start of `text`, with a separator behind it.
fn folder(text: &[u8]) -> Option<&[u8]> {
    let name = file(text)?;
    matches!(text.get(name.len()), Some(b'/' | b'\\')).then_some(name)
}

/// A name at the start of `text`.
fn file(text: &[u8]) -> Option<&[u8]> {
    let size = text.iter().take_while(|&&byte| is_name(byte)).count();
    let name = text.get(..size)?;
    // Dots alone are `.` and `..`; a longer text is no name.
    let is_one = (1..=64).contains(&size) && name.iter().any(u8::is_ascii_alphanumeric);
    is_one.then_some(name)
}

/// The start of a path that begins with the anchor; none if a path does not begin there. Rust
/// puts texts next to each other with nothing between them: then only a clear path counts.
fn unix_start(window: &Window<'_>) -> Option<usize> {
    let before = window.before();
    let is_start = match before.last() {
        None => true,
        Some(b':') => {
            // `C:/Users/…`, or the next path in a list.
            if let Some(drive) = drive(window) {
                return Some(drive);
            }
            true
        }
        Some(byte) => !is_path(*byte) && !matches!(byte, b'%' | b'}' | b')' | b'>' | b']' | b'*'),
    };
    let is_flag = || [&b"-I"[..], b"-L", b"file://"].iter().any(|flag| before.ends_with(flag));
    (is_start || is_flag() || is_source(window)).then_some(window.at)
}

/// Whether the path leads to a source file or to a folder of Rust's tools. Relative paths and
/// web pages with a `home` in them do not.
fn is_source(window: &Window<'_>) -> bool {
    let after = window.after();
    let path = after.get(..path_end(after)).unwrap_or_default();
    let has = |part: &[u8]| path.windows(part.len()).any(|window| window == part);
    has(b"/.cargo/") || has(b"/.rustup/") || path.ends_with(b".rs")
}

/// The place of the drive's letter before an anchor that begins with the colon, or right behind
/// it.
fn drive(window: &Window<'_>) -> Option<usize> {
    let before = window.before();
    let before = before.strip_suffix(b":").unwrap_or(before);
    let (letter, rest) = before.split_last()?;
    let is_alone = rest.last().is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (letter.is_ascii_alphabetic() && is_alone).then_some(rest.len())
}

/// The start of an absolute path that has the anchor in its middle.
fn absolute_start(window: &Window<'_>) -> Option<usize> {
    let before = window.before();
    let size = before.iter().rev().take_while(|&&byte| is_path(byte)).count();
    let start = before.len() - size;
    let path = window.text.get(start..)?;
    // With two separators it is no path of this machine: `https://…`, `\\server\share`.
    if matches!(path.get(..2)?, [b'/', b'/'] | [b'\\', b'\\']) {
        return None;
    }
    let drive = match before.get(..start)? {
        [rest @ .., letter, b':'] if letter.is_ascii_alphabetic() => {
            rest.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        }
        _ => false,
    };
    match path.first()? {
        b'/' | b'\\' if drive => Some(start - 2),
        b'/' => Some(start),
        _ => None,
    }
}

/// The start of a path that has the known user's name as a folder; none if every machine may
/// have the path.
fn with_user(window: &Window<'_>, known: &Known) -> Option<usize> {
    let after = window.after();
    file(after.strip_prefix(b"/").or_else(|| after.strip_prefix(b"\\"))?)?;
    let start = absolute_start(window)?;
    let path = window.text.get(start..)?;
    let is_home = known.home.as_ref().is_some_and(|home| path.starts_with(home.as_bytes()));
    let is_everywhere = EVERYWHERE.iter().any(|root| path.starts_with(root));
    (is_home || !is_everywhere).then_some(start)
}

/// The length of the path behind the anchor. It ends before a character that names do not have,
/// or behind `.rs`, because the next text may follow at once.
fn path_end(after: &[u8]) -> usize {
    let size = after.iter().take(REACH).take_while(|&&byte| is_path(byte)).count();
    let path = after.get(..size).unwrap_or_default();
    let source = path.windows(3).position(|part| part == b".rs");
    // Not in `a.rs/b.rs`, and not before another ending (`.rs.o`).
    match source.map(|at| at + 3) {
        Some(end) if !matches!(path.get(end), Some(b'/' | b'\\' | b'.')) => end,
        _ => size,
    }
}
