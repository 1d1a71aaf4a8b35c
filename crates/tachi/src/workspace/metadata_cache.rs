//! What `cargo metadata` answered last time, as long as nothing it depends on has changed.
//!
//! Cargo reads manifests, its configuration, Cargo.lock, the environment, and the folders in
//! which it discovers binaries, tests and examples. All of that is digested here, by content
//! and by name, never by time: what this misses would be a wrong plan. A no-op build spends
//! half its time in `cargo metadata` otherwise.

use std::fmt::Write;

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageGraph;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::root_manifest::RootManifest;
use crate::digest;
use crate::sys::env::Environment;
use crate::sys::{Command, fs};

/// The folders of a package in which cargo discovers targets.
const DISCOVERED: [&str; 5] = ["src", "src/bin", "tests", "examples", "benches"];

/// What is known before the workspace is: the question.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The call of `cargo metadata`.
    pub command: &'a Command,
    /// What tells one cargo from another.
    pub cargo: &'a str,
    /// Cargo's configuration, in any form that changes with it.
    pub config: &'a str,
    /// The environment and the current directory.
    pub environment: &'a Environment,
    /// Tachi's cache folder.
    pub cache_dir: &'a Utf8Path,
}

/// What the answer depended on.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    digest: String,
    root: Utf8PathBuf,
    manifests: Vec<Utf8PathBuf>,
}

/// An answer that still holds.
#[derive(Debug)]
pub struct Answer {
    /// What `cargo metadata` said.
    pub json: String,
    /// The root manifest, as it is now.
    pub manifest: RootManifest,
}

impl Question<'_> {
    /// The answer, if it was kept and still holds.
    pub fn recall(&self) -> Option<Answer> {
        let text = fs::read_to_string(&self.path()).ok()?;
        let (header, json) = text.split_once('\n')?;
        let record: Record = serde_json::from_str(header).ok()?;
        let manifest = RootManifest::read(&record.root).ok()?;
        let digest = self.digest(&manifest, &record.manifests)?;
        (digest == record.digest).then(|| Answer { json: json.to_owned(), manifest })
    }

    /// Keeps the answer for next time. A cache that cannot be written is no failure.
    pub fn keep(&self, json: &str, graph: &PackageGraph, manifest: &RootManifest) {
        let local = graph.packages().filter(|package| package.source().is_local());
        let manifests: Vec<Utf8PathBuf> =
            local.map(|package| package.manifest_path().to_owned()).collect();
        if let Some(digest) = self.digest(manifest, &manifests) {
            let record = Record { digest, root: manifest.root().to_owned(), manifests };
            let header = serde_json::to_string(&record).expect("strings always serialise");
            let _ = fs::write_atomic(&self.path(), format!("{header}\n{json}").as_bytes());
        }
    }

    /// One file for each question, so that workspaces do not displace each other.
    fn path(&self) -> Utf8PathBuf {
        let name = digest::hex(&Sha256::digest(self.in_words()))[..16].to_owned();
        self.cache_dir.join("metadata").join(format!("{name}.json"))
    }

    /// All that is known before looking at a file.
    fn in_words(&self) -> String {
        let cargos = |name: &str| name.starts_with("CARGO") || name.starts_with("RUSTUP");
        let variables: Vec<_> =
            self.environment.variables().filter(|(name, _)| cargos(name)).collect();
        let version = env!("CARGO_PKG_VERSION");
        let folder = self.environment.current_dir();
        format!(
            "{version} {folder} {:?} {:?} {variables:?} {}",
            self.cargo, self.command, self.config
        )
    }

    /// The digest of everything that the answer depends on; none if some of it cannot be
    /// read, or is written in a way that this module does not follow.
    fn digest(&self, root_manifest: &RootManifest, manifests: &[Utf8PathBuf]) -> Option<String> {
        // Included configuration files are not followed.
        if self.config.contains("include") {
            return None;
        }
        let mut facts = self.in_words();
        for folder in self.environment.current_dir().ancestors() {
            let _ = write!(facts, "{}", fs::is_file(&folder.join("Cargo.toml")));
        }
        let root = root_manifest.root();
        facts.push_str(root_manifest.text());
        let lockfile = fs::read_if_exists(&root.join("Cargo.lock")).ok()?;
        facts.push_str(&lockfile.unwrap_or_default());
        for path in root_manifest.members()? {
            let _ = write!(facts, "{path}\n{}", fs::is_file(&path.join("Cargo.toml")));
        }
        for manifest in manifests {
            let _ = write!(facts, "{manifest}\n{}", fs::read_to_string(manifest).ok()?);
            discovered(manifest.parent()?, &mut facts);
            // A package of another workspace may inherit from that one's root.
            for above in manifest.ancestors().skip(2).filter(|_| !manifest.starts_with(root)) {
                let inherited = fs::read_if_exists(&above.join("Cargo.toml")).ok()?;
                facts.push_str(&inherited.unwrap_or_default());
            }
        }
        Some(digest::hex(&Sha256::digest(facts)))
    }
}

/// The names that decide which targets cargo discovers in a package.
fn discovered(package: &Utf8Path, facts: &mut String) {
    let _ = writeln!(facts, "{}", fs::is_file(&package.join("build.rs")));
    for folder in DISCOVERED {
        for entry in fs::list(&package.join(folder)).unwrap_or_default() {
            // A folder is a target if it has a main.rs.
            let _ = writeln!(facts, "{entry} {}", fs::is_file(&entry.join("main.rs")));
        }
    }
}
