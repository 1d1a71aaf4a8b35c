//! The texts that a leak cannot be without, and the search for all of them at once.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Known;

/// What a found text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// `/home/` and `/Users/`: somebody's folder follows.
    Home,
    /// `/root/`.
    Root,
    /// `:\Users\`, behind a drive's letter.
    WindowsHome,
    /// The known home folder.
    KnownHome,
    /// A known folder of the build.
    KnownFolder,
    /// A separator and the known user.
    User,
    /// The start of a folder that build machines have.
    BuildRoot,
    /// The same on Windows, behind a drive's letter.
    WindowsBuildRoot,
    /// Something in the middle of a path that only builds have.
    BuildPart,
    /// The end of a private key's header.
    PrivateKey,
    /// The start of an access token.
    Token(Token),
}

/// Access tokens that are told by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Aws,
    Cargo,
    GitHub,
    GitHubFine,
    GitLab,
    Google,
    Npm,
    Slack,
    Stripe,
}

/// What is sought whatever is known.
const ANCHORS: &[(&str, Anchor)] = &[
    ("/home/", Anchor::Home),
    ("/Users/", Anchor::Home),
    ("/root/", Anchor::Root),
    (r":\Users\", Anchor::WindowsHome),
    (r":\users\", Anchor::WindowsHome),
    (r":\\Users\\", Anchor::WindowsHome),
    ("/builds/", Anchor::BuildRoot),
    ("/__w/", Anchor::BuildRoot),
    ("/github/workspace", Anchor::BuildRoot),
    (r":\a\", Anchor::WindowsBuildRoot),
    (":/a/", Anchor::WindowsBuildRoot),
    ("/cargo/registry/src/", Anchor::BuildPart),
    ("/.cargo/", Anchor::BuildPart),
    (r"\.cargo\", Anchor::BuildPart),
    ("/.rustup/toolchains", Anchor::BuildPart),
    (r"\.rustup\toolchains", Anchor::BuildPart),
    ("PRIVATE KEY-----", Anchor::PrivateKey),
    ("AKIA", Anchor::Token(Token::Aws)),
    ("cio", Anchor::Token(Token::Cargo)),
    ("ghp_", Anchor::Token(Token::GitHub)),
    ("gho_", Anchor::Token(Token::GitHub)),
    ("ghu_", Anchor::Token(Token::GitHub)),
    ("ghs_", Anchor::Token(Token::GitHub)),
    ("ghr_", Anchor::Token(Token::GitHub)),
    ("github_pat_", Anchor::Token(Token::GitHubFine)),
    ("glpat-", Anchor::Token(Token::GitLab)),
    ("AIza", Anchor::Token(Token::Google)),
    ("npm_", Anchor::Token(Token::Npm)),
    ("xoxa-", Anchor::Token(Token::Slack)),
    ("xoxb-", Anchor::Token(Token::Slack)),
    ("xoxp-", Anchor::Token(Token::Slack)),
    ("xoxr-", Anchor::Token(Token::Slack)),
    ("xoxs-", Anchor::Token(Token::Slack)),
    ("sk_live_", Anchor::Token(Token::Stripe)),
    ("rk_live_", Anchor::Token(Token::Stripe)),
];

/// Names and folders shorter than this are in any file by chance, or mean everything.
const SHORTEST: usize = 3;

/// Looks for all anchors in one pass.
pub(super) struct Searcher {
    automaton: AhoCorasick,
    anchors: Vec<Anchor>,
}

impl Searcher {
    /// For text of two bytes a character if `wide`. None if the texts of `known` are too much
    /// for any searcher.
    pub(super) fn new(known: &Known, wide: bool) -> Option<Self> {
        let mut texts: Vec<(String, Anchor)> = Vec::new();
        let folders = known.folders.iter().map(|folder| (folder, Anchor::KnownFolder));
        let home = known.home.iter().map(|home| (home, Anchor::KnownHome));
        for (folder, anchor) in folders.chain(home) {
            let folder = folder.trim_end_matches(['/', '\\']);
            if folder.len() < SHORTEST {
                continue;
            }
            texts.push((folder.to_owned(), anchor));
            // Compilers on Windows write either separator.
            if folder.contains('\\') {
                texts.push((folder.replace('\\', "/"), anchor));
            }
        }
        for user in known.user.iter().filter(|user| user.len() >= SHORTEST && *user != "root") {
            texts.push((format!("/{user}"), Anchor::User));
            texts.push((format!("\\{user}"), Anchor::User));
        }
        texts.extend(ANCHORS.iter().map(|(text, anchor)| ((*text).to_owned(), *anchor)));
        let (texts, anchors): (Vec<String>, Vec<Anchor>) = texts.into_iter().unzip();
        let wide_text = |text: &String| -> Vec<u8> {
            let bytes = if wide { text.encode_utf16().collect() } else { Vec::new() };
            bytes.into_iter().flat_map(u16::to_le_bytes).collect()
        };
        let texts =
            texts.into_iter().map(|text| if wide { wide_text(&text) } else { text.into_bytes() });
        let automaton = AhoCorasick::builder()
            // Of two that begin at one place the longer says more.
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(texts)
            .ok()?;
        Some(Self { automaton, anchors })
    }

    /// All anchors in `bytes`, from the start on, none inside another.
    pub(super) fn find<'a>(
        &'a self,
        bytes: &'a [u8],
    ) -> impl Iterator<Item = (Anchor, Range<usize>)> + 'a {
        self.automaton.find_iter(bytes).filter_map(|found| {
            let anchor = self.anchors.get(found.pattern().as_usize())?;
            Some((*anchor, found.range()))
        })
    }
}
