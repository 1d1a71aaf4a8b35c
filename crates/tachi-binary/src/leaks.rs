//! What a file should not tell of where it was built: home folders, user names, build
//! folders, and secrets.
//!
//! One pass with a searcher for many texts at once finds anchors, such as `/home/` or
//! `ghp_`; what stands around an anchor decides. Where it is in doubt, nothing is reported:
//! a gate that cries at ordinary programs is switched off.

mod anchors;
mod paths;
mod place;
mod secrets;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;

use self::anchors::{Anchor, Searcher};

/// How many different texts are reported. A file with more has one cause for all of them,
/// and a list without end helps nobody.
const LIMIT: usize = 200;

/// How far around an anchor is looked, in characters: no path that is shown is longer.
const REACH: usize = 256;

/// What is known of the machine that built the file, and must not be in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The name of the user. It counts as a whole folder of an absolute path only.
    pub user: Option<String>,
    /// The user's home folder.
    pub home: Option<String>,
    /// Folders of the build: the workspace, cargo's home, the target folder.
    pub folders: Vec<String>,
}

/// Something that a file should not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leak {
    /// What it is.
    pub kind: LeakKind,
    /// The path, up to 256 characters. Of a secret only what tells its kind, then `…`.
    pub text: String,
    /// Where it was first found, in bytes from the start of the file.
    pub offset: u64,
    /// The section that holds that place, if the format has sections and one does.
    pub section: Option<String>,
    /// How often this text is in the file.
    pub count: u64,
}

/// What should not be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeakKind {
    /// A path in a home folder, of the known user or of any.
    HomeFolder,
    /// An absolute path with the known user's name.
    UserName,
    /// A path in a folder that is known to be the build's.
    BuildFolder,
    /// Another absolute path such as build machines have: `/builds/…`, `D:\a\…`, cargo's
    /// registry.
    AbsolutePath,
    /// Something that gives access: `AWS access key`, `private key`, ….
    Secret(&'static str),
}

/// What was found around an anchor: its place among the characters looked at.
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
    /// Where the anchor begins and ends.
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

/// Looks for leaks in a file of any format; in PE files among text of two bytes a character,
/// too. The result is in the order of the first places. At most 200 different texts are
/// reported.
///
/// ```
/// # use tachi_binary::leaks::{Known, LeakKind, scan};
/// let leaks = scan(b"\0/home/alice/it/src/main.rs\0", &Known::default());
/// assert_eq!(leaks[0].kind, LeakKind::HomeFolder);
/// assert_eq!(leaks[0].text, "/home/alice/it/src/main.rs");
/// ```
pub fn scan(bytes: &[u8], known: &Known) -> Vec<Leak> {
    let mut leaks = Leaks::default();
    if let Some(searcher) = Searcher::new(known, false) {
        let mut done = 0;
        for (anchor, range) in searcher.find(bytes) {
            // Inside what was reported already.
            if range.start < done {
                continue;
            }
            let from = range.start.saturating_sub(REACH);
            let to = range.end.saturating_add(reach_behind(anchor)).min(bytes.len());
            let window = Window {
                text: bytes.get(from..to).unwrap_or_default(),
                at: range.start - from,
                end: range.end - from,
            };
            if let Some(found) = look(anchor, &window, known) {
                done = from + found.end;
                let start = from + found.start;
                leaks.add(found, start);
            }
        }
    }
    if bytes.starts_with(b"MZ") {
        scan_wide(bytes, known, &mut leaks);
    }
    let mut leaks = leaks.sorted();
    place::name_sections(bytes, &mut leaks);
    leaks
}

/// The same for text of two bytes a character (UTF-16, little-endian), as Windows has it.
fn scan_wide(bytes: &[u8], known: &Known, leaks: &mut Leaks) {
    let Some(searcher) = Searcher::new(known, true) else { return };
    let mut done = 0;
    for (anchor, range) in searcher.find(bytes) {
        if range.start < done {
            continue;
        }
        let from = range.start.saturating_sub(2 * REACH) | (range.start & 1);
        let to = range.end.saturating_add(2 * reach_behind(anchor)).min(bytes.len());
        let around = bytes.get(from..to).unwrap_or_default();
        // What is not Latin ends a path as a zero does.
        let narrow = |pair: &[u8]| match pair {
            [character, 0] => *character,
            _ => 0,
        };
        let text: Vec<u8> = around.chunks_exact(2).map(narrow).collect();
        let at = (range.start - from) / 2;
        let window = Window { text: &text, at, end: at + range.len() / 2 };
        if let Some(found) = look(anchor, &window, known) {
            done = from + 2 * found.end;
            let start = from + 2 * found.start;
            leaks.add(found, start);
        }
    }
}

/// A key has lines of base64 behind its header.
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

/// Leaks, each text once, with the first place and how many there are.
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

    /// In the order of their first places.
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
            // Rust's texts stand side by side.
            ("overflow/home/bob/it/src/main.rscalled", HomeFolder, "/home/bob/it/src/main.rs"),
            ("/data/alice/x", HomeFolder, "/data/alice/x"),
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
    fn what_any_program_may_say_is_no_leak() {
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

    /// Letters and digits as a token has them; not written out, so that nobody finds secrets
    /// in this file.
    fn drawn(size: usize, from: &[u8]) -> String {
        let mut state = 7_usize;
        let mut next = || {
            state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
            char::from(from[(state >> 8) % from.len()])
        };
        (0..size).map(|_| next()).collect()
    }

    #[test]
    fn secrets_are_told_by_their_shape_and_not_shown() {
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
    fn what_looks_like_a_secret_is_none() {
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
    fn text_of_two_bytes_a_character_is_read_in_pe_files() {
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
