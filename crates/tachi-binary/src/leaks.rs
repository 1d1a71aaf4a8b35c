//! Leaks: what a file reveals of the machine that built it, and secrets. Leaks are home folders,
//! user names, build folders, keys and access tokens.
//!
//! One pass with a searcher for many texts at once finds anchors, such as `/home/` or `ghp_`.
//! The text around an anchor decides whether it is a leak. In doubt it is not: people switch off
//! a check that fails for ordinary programs.

mod anchors;
mod paths;
mod place;
mod secrets;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use serde::Serialize;

use self::anchors::{Anchor, Searcher};

/// The number of different texts that are reported. A file with more has one cause for all of
/// them, and a longer list would not help.
const LIMIT: usize = 200;

/// How much text around an anchor is looked at, in characters. No reported path is longer.
const REACH: usize = 256;

/// The facts of the machine that built a file, which must not be in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The name of the user. It is a leak only as a whole folder of an absolute path.
    pub user: Option<String>,
    /// The path of the user's home folder.
    pub home: Option<String>,
    /// The paths of folders of the build: the workspace, cargo's home, the target folder.
    pub folders: Vec<String>,
}

/// A text that a file should not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leak {
    /// The kind of the leak.
    pub kind: LeakKind,
    /// The path, at most 256 characters. For a secret, only the start, which names its kind, and
    /// `…`.
    pub text: String,
    /// The place where the text occurs first, in bytes from the start of the file.
    pub offset: u64,
    /// The name of the section that has this place; none outside sections.
    pub section: Option<String>,
    /// How often the text occurs in the file.
    pub count: u64,
}

/// The kind of a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeakKind {
    /// A path in a home folder, of the known user or of another.
    HomeFolder,
    /// An absolute path with the known user's name.
    UserName,
    /// A path in one of the known folders of the build.
    BuildFolder,
    /// Another absolute path that is usual on build machines: `/builds/…`, `D:\a\…`, cargo's
    /// registry.
    AbsolutePath,
    /// A secret that gives access, by its kind: `AWS access key`, `private key`, ….
    Secret(&'static str),
}

/// A leak around an anchor, with its place in the window.
struct Found {
    kind: LeakKind,
    start: usize,
    end: usize,
    text: String,
}

/// The characters around an anchor.
#[derive(Clone, Copy)]
struct Window<'text> {
    text: &'text [u8],
    /// Where the anchor begins and ends in the text.
    at: usize,
    end: usize,
}

impl Window<'_> {
    fn before(&self) -> &[u8] {
        self.text.get(..self.at).unwrap_or_default()
    }

    fn after(&self) -> &[u8] {
        self.text.get(self.end..).unwrap_or_default()
    }
}

/// Finds the leaks in a file of any format; in PE files also in text of two bytes a character.
/// The result has at most 200 different texts, in the order of their first places.
///
/// ```
/// # use tachi_binary::leaks::{Known, LeakKind, scan};
/// let leaks = scan(b"\0/home/alice/it/src/main.rs\0", &Known::default());
/// assert_eq!(leaks[0].kind, LeakKind::HomeFolder);
/// assert_eq!(leaks[0].text, "/home/alice/it/src/main.rs");
/// ```
pub fn scan(bytes: &[u8], known: &Known) -> Vec<Leak> {
    let mut leaks = Leaks::default();
    if let Some(searcher) = Searcher::new(known) {
        search(&searcher, known, bytes, 0..bytes.len(), |found, start| leaks.add(found, start));
        if bytes.starts_with(b"MZ") {
            for odd in [0, 1] {
                search_wide(&searcher, known, bytes, odd, &mut leaks);
            }
        }
    }
    let mut leaks = leaks.sorted();
    place::name_sections(bytes, &mut leaks);
    leaks
}

/// Looks at the anchors that begin in a part of `text`, and passes each leak with its place in
/// `text` to `add`.
fn search(
    searcher: &Searcher,
    known: &Known,
    text: &[u8],
    part: Range<usize>,
    mut add: impl FnMut(Found, usize),
) {
    let mut done = part.start;
    for (anchor, range) in searcher.find(text) {
        // The anchor is inside the last leak, or in another part.
        if range.start < done || range.start >= part.end {
            continue;
        }
        let from = range.start.saturating_sub(REACH);
        let to = range.end.saturating_add(reach_behind(anchor)).min(text.len());
        let window = Window {
            text: text.get(from..to).unwrap_or_default(),
            at: range.start - from,
            end: range.end - from,
        };
        if let Some(found) = look(anchor, &window, known) {
            done = from + found.end;
            let start = from + found.start;
            add(found, start);
        }
    }
}

/// Searches text of two bytes a character (UTF-16, little-endian), as Windows has it, that begins
/// at even places or, with `odd`, at odd ones. The text is made narrow piece by piece, each with
/// the characters around it.
fn search_wide(searcher: &Searcher, known: &Known, bytes: &[u8], odd: usize, leaks: &mut Leaks) {
    const PIECE: usize = 8 << 10;
    let wide = bytes.get(odd..).unwrap_or_default();
    let count = wide.len() / 2;
    let mut narrow = Vec::with_capacity(PIECE + 4 * REACH);
    for start in (0..count).step_by(PIECE) {
        let from = start.saturating_sub(REACH);
        let to = (start + PIECE + 3 * REACH).min(count);
        let piece = wide.get(2 * from..2 * to).unwrap_or_default();
        let (pairs, _) = piece.as_chunks();
        narrow.resize(pairs.len(), 0);
        for (place, pair) in narrow.iter_mut().zip(pairs) {
            // A character that is not Latin ends a path as a zero does.
            *place = u8::try_from(u16::from_le_bytes(*pair)).unwrap_or(0);
        }
        let own = start - from..start - from + PIECE;
        search(searcher, known, &narrow, own, |found, place| {
            leaks.add(found, odd + 2 * (from + place));
        });
    }
}

/// How much text behind an anchor is looked at. A key has lines of base64 behind its header.
fn reach_behind(anchor: Anchor) -> usize {
    if anchor == Anchor::PrivateKey { 2 * REACH } else { REACH }
}

fn look(anchor: Anchor, window: &Window<'_>, known: &Known) -> Option<Found> {
    match anchor {
        Anchor::PrivateKey => secrets::private_key(window),
        Anchor::Token(token) => secrets::token(token, window),
        _ => paths::look(anchor, window, known),
    }
}

/// Leaks, each text once, with its first place and its number.
#[derive(Default)]
struct Leaks(BTreeMap<(LeakKind, String), (u64, u64)>);

impl Leaks {
    fn add(&mut self, found: Found, offset: usize) {
        let is_full = self.0.len() >= LIMIT;
        match self.0.entry((found.kind, found.text)) {
            Entry::Occupied(mut same) => same.get_mut().1 += 1,
            Entry::Vacant(_) if is_full => {}
            Entry::Vacant(new) => drop(new.insert((offset as u64, 1))),
        }
    }

    /// The leaks in the order of their first places.
    fn sorted(self) -> Vec<Leak> {
        let leak =
            |((kind, text), (offset, count))| Leak { kind, text, offset, section: None, count };
        let mut leaks: Vec<Leak> = self.0.into_iter().map(leak).collect();
        leaks.sort_by_key(|leak| leak.offset);
        leaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            user: Some("alice".into()),
            home: Some("/data/alice".into()),
            folders: vec!["/work/it".into(), r"D:\work\it".into(), "/".into()],
        }
    }

    fn found(text: &[u8]) -> Vec<(LeakKind, String)> {
        scan(text, &known()).into_iter().map(|leak| (leak.kind, leak.text)).collect()
    }

    #[test]
    fn paths_of_the_build_are_leaks() {
        use LeakKind::{AbsolutePath, BuildFolder, HomeFolder, UserName};
        for (text, kind, shown) in [
            ("\0/home/bob/it/a.c\0", HomeFolder, "/home/bob/it/a.c"),
            ("at /Users/bob/it/a.c:7", HomeFolder, "/Users/bob/it/a.c"),
            ("/root/it/a.rs", HomeFolder, "/root/it/a.rs"),
            (r"C:\Users\bob\it.pdb", HomeFolder, r"C:\Users\bob\it.pdb"),
            ("x=C:/Users/bob/it.pdb", HomeFolder, "C:/Users/bob/it.pdb"),
            (r"c:\\Users\\bob\\it", HomeFolder, r"c:\\Users\\bob\\it"),
            ("-I/home/bob/include", HomeFolder, "/home/bob/include"),
            // Rust puts texts next to each other, with nothing between them.
            ("overflow/home/bob/it/src/main.rscalled", HomeFolder, "/home/bob/it/src/main.rs"),
            ("/data/alice/x", HomeFolder, "/data/alice/x"),
            ("file:///home/bob/x", HomeFolder, "/home/bob/x"),
            ("https://example.org/work/it/src/a.rs", BuildFolder, "/work/it/src/a.rs"),
            ("/srv/alice/x", UserName, "/srv/alice/x"),
            ("/work/it/src/a.rs", BuildFolder, "/work/it/src/a.rs"),
            (r"D:\work\it\a.obj", BuildFolder, r"D:\work\it\a.obj"),
            ("D:/work/it/a.obj", BuildFolder, "D:/work/it/a.obj"),
            ("/builds/team/it", AbsolutePath, "/builds/team/it"),
            ("/__w/it/it/a.c", AbsolutePath, "/__w/it/it/a.c"),
            ("/github/workspace/a.c", AbsolutePath, "/github/workspace/a.c"),
            (r"D:\a\it\it\a.c", AbsolutePath, r"D:\a\it\it\a.c"),
            (
                "/usr/local/cargo/registry/src/index-1/x/lib.rs",
                AbsolutePath,
                "/usr/local/cargo/registry/src/index-1/x/lib.rs",
            ),
            ("/opt/.rustup/toolchains/stable", AbsolutePath, "/opt/.rustup/toolchains/stable"),
            ("/srv/ci/.cargo/git/x.rs", AbsolutePath, "/srv/ci/.cargo/git/x.rs"),
        ] {
            assert_eq!(found(text.as_bytes()), [(kind, shown.to_owned())], "{text}");
        }
    }

    #[test]
    fn texts_of_ordinary_programs_are_no_leaks() {
        for text in [
            "/home/",
            "/home/%s/",
            "/home/{}/x",
            "/home/..",
            "https://example.org/home/page/x",
            "src/home/view/x.c",
            "/home/linuxbrew/.linuxbrew/bin",
            "/Users/Shared/x",
            "/root/",
            "by root, for alice",
            "alice@example.org",
            "https://example.org/alice/x",
            "https://example.org/data/alice/x",
            "git://example.org/home/it/src/main.rs",
            "/usr/lib/alice/x",
            "/srv/alices/x",
            "/work/items/x",
            "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/a.rs",
            "/usr/share/x",
            "/proc/self/exe",
            "/tmp/alice/x",
            "~/.cargo/bin",
            "/.cargo/config.toml",
            "$CARGO_HOME/.cargo/bin",
            r":\Users\",
            r"http:\a\b",
        ] {
            assert_eq!(found(text.as_bytes()), [], "{text}");
        }
    }

    /// Letters and digits as a token has them. They are computed, so that searches for secrets
    /// do not find this file.
    fn drawn(size: usize, from: &[u8]) -> String {
        let mut state = 7_usize;
        let mut next = || {
            state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
            char::from(from[(state >> 8) % from.len()])
        };
        (0..size).map(|_| next()).collect()
    }

    #[test]
    fn secrets_are_recognised_by_their_form_and_not_shown() {
        let all = b"abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ2345679";
        let upper = b"ABCDEFGHJKLMNPQRSTUVWXYZ234567";
        let word = |size| drawn(size, all);
        let lines = format!("{}\n{}\n{}==\n", word(64), word(64), word(20));
        let key = |name: &str| format!("-----BEGIN {name}PRIVATE KEY-----\n{lines}-----END");
        let encrypted = format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,1\n\n{lines}"
        );
        for (text, what, shown) in [
            (format!("AKIA{}", drawn(16, upper)), "AWS access key", "AKIA…"),
            (format!("cio{}", word(32)), "crates.io token", "cio…"),
            (format!("ghp_{}", word(36)), "GitHub token", "ghp_…"),
            (format!("github_pat_{}_{}", word(22), word(59)), "GitHub token", "gith…"),
            (format!("glpat-{}", word(20)), "GitLab token", "glpa…"),
            (format!("AIza{}", word(35)), "Google API key", "AIza…"),
            (format!("npm_{}", word(36)), "npm token", "npm_…"),
            (format!("xoxb-907153482616-{}", word(30)), "Slack token", "xoxb…"),
            (format!("sk_live_{}", word(24)), "Stripe key", "sk_l…"),
            (key("RSA "), "private key", "-----BEGIN RSA PRIVATE KEY-----…"),
            (key(""), "private key", "-----BEGIN PRIVATE KEY-----…"),
            (key("").replace('\n', "\\n"), "private key", "-----BEGIN PRIVATE KEY-----…"),
            (encrypted, "private key", "-----BEGIN RSA PRIVATE KEY-----…"),
        ] {
            let expected = [(LeakKind::Secret(what), shown.to_owned())];
            assert_eq!(found(format!("\0{text}\0").as_bytes()), expected, "{text}");
            let short = &text[..text.len() / 3];
            assert_eq!(found(short.as_bytes()), [], "{short}");
        }
    }

    #[test]
    fn examples_and_placeholders_are_no_secrets() {
        for text in [
            "-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAAAAAAAAAAAAAAAAA",
            "npm_config_user_agent_of_this_very_long_name",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xoxb-your-token-here-and-nothing-else-to-see",
            "precious_capricious",
        ] {
            assert_eq!(found(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn the_same_text_is_one_leak_with_a_count() {
        let leaks = scan(b"..\0/home/bob/a.c\0/home/bob/b.c\0/home/bob/a.c\0", &Known::default());
        let short: Vec<_> =
            leaks.iter().map(|leak| (&*leak.text, leak.offset, leak.count)).collect();
        assert_eq!(short, [("/home/bob/a.c", 3, 2), ("/home/bob/b.c", 17, 1)]);
    }

    #[test]
    fn text_of_two_bytes_a_character_is_searched_in_pe_files() {
        let wide: Vec<u8> =
            "x C:\\Users\\bob\\a.c".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for lead in [&b"MZ"[..], b"MZ."] {
            let leaks = scan(&[lead, &wide, &[0, 0]].concat(), &Known::default());
            assert_eq!(leaks.len(), 1);
            assert_eq!(
                (&*leaks[0].text, leaks[0].offset),
                ("C:\\Users\\bob\\a.c", lead.len() as u64 + 4)
            );
        }
        assert_eq!(scan(&wide, &Known::default()), []);
    }
}
