//! Anchors: texts of which every leak has one. The search finds all of them at once.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Known;

/// The meaning of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// `/home/` and `/Users/`: the name of a home folder follows.
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
    /// The start of such a folder on Windows, behind a drive's letter.
    WindowsBuildRoot,
    /// A text in the middle of a path that only builds have.
    BuildPart,
    /// The end of a private key's header.
    PrivateKey,
    /// The start of an access token.
    Token(Token),
}

/// Access tokens that are recognised by their start.
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

/// The anchors that do not depend on the machine. Each ends with a zero: linkers put such texts side
/// by side, and in a program that has this search in it two of them would look like a prefix with a
/// key behind it.
const ANCHORS: &[(&str, Anchor)] = &[
    ("/home/\0", Anchor::Home),
    ("/Users/\0", Anchor::Home),
    ("/root/\0", Anchor::Root),
    (":\\Users\\\0", Anchor::WindowsHome),
    (":\\users\\\0", Anchor::WindowsHome),
    (":\\\\Users\\\\\0", Anchor::WindowsHome),
    ("/builds/\0", Anchor::BuildRoot),
    ("/__w/\0", Anchor::BuildRoot),
    ("/github/workspace\0", Anchor::BuildRoot),
    (":\\a\\\0", Anchor::WindowsBuildRoot),
    (":/a/\0", Anchor::WindowsBuildRoot),
    ("/cargo/registry/src/\0", Anchor::BuildPart),
    ("/.cargo/\0", Anchor::BuildPart),
    ("\\.cargo\\\0", Anchor::BuildPart),
    ("/.rustup/toolchains\0", Anchor::BuildPart),
    ("\\.rustup\\toolchains\0", Anchor::BuildPart),
    ("PRIVATE KEY-----\0", Anchor::PrivateKey),
    ("AKIA\0", Anchor::Token(Token::Aws)),
    ("cio\0", Anchor::Token(Token::Cargo)),
    ("ghp_\0", Anchor::Token(Token::GitHub)),
    ("gho_\0", Anchor::Token(Token::GitHub)),
    ("ghu_\0", Anchor::Token(Token::GitHub)),
    ("ghs_\0", Anchor::Token(Token::GitHub)),
    ("ghr_\0", Anchor::Token(Token::GitHub)),
    ("github_pat_\0", Anchor::Token(Token::GitHubFine)),
    ("glpat-\0", Anchor::Token(Token::GitLab)),
    ("AIza\0", Anchor::Token(Token::Google)),
    ("npm_\0", Anchor::Token(Token::Npm)),
    ("xoxa-\0", Anchor::Token(Token::Slack)),
    ("xoxb-\0", Anchor::Token(Token::Slack)),
    ("xoxp-\0", Anchor::Token(Token::Slack)),
    ("xoxr-\0", Anchor::Token(Token::Slack)),
    ("xoxs-\0", Anchor::Token(Token::Slack)),
    ("sk_live_\0", Anchor::Token(Token::Stripe)),
    ("rk_live_\0", Anchor::Token(Token::Stripe)),
];

/// The shortest name or folder that is an anchor. Shorter texts are in any file by chance.
const SHORTEST: usize = 3;

/// The search for all anchors in one pass.
pub(super) struct Searcher {
    automaton: AhoCorasick,
    anchors: Vec<Anchor>,
}

impl Searcher {
    /// None if the texts of `known` are too long for a searcher.
    pub(super) fn new(known: &Known) -> Option<Self> {
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
        let fixed = ANCHORS.iter();
        texts.extend(fixed.map(|(text, anchor)| (text.trim_end_matches('\0').to_owned(), *anchor)));
        let (texts, anchors): (Vec<String>, Vec<Anchor>) = texts.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            // Of two anchors that begin at one place the longer is more precise.
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            // The search is in its start state nearly always; wide tables for other states would
            // only cost memory.
            .dense_depth(1)
            .build(texts)
            .ok()?;
        Some(Self { automaton, anchors })
    }

    /// The anchors in `bytes`, in their order; none lies inside another.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_does_not_find_its_own_anchors_side_by_side_with_other_texts() {
        let mut text = Vec::new();
        for (anchor, _) in ANCHORS {
            text.extend_from_slice(b"registry\0");
            text.extend_from_slice(anchor.as_bytes());
            text.extend_from_slice(b"SlimAVX2wintrustPanicked-gnullvmAllocErrDeadlock\0");
        }
        assert_eq!(super::super::scan(&text, &Known::default()), []);
    }
}
