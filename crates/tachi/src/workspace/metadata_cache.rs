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
use crate::cache::{Bound, Bucket, CacheRoot};
use crate::digest;
use crate::sys::env::Environment;
use crate::sys::{Command, fs, usage};

/// The folders of a package in which cargo discovers targets.
const DISCOVERED: [&str; 5] = ["src", "src/bin", "tests", "examples", "benches"];

/// What is kept: a few workspaces, each asked about in some ways.
const BOUND: Bound = Bound { entries: 64, bytes: 64 << 20 };

/// Variables that say which cargo answers, and where it puts things.
const VARIABLES: &[&str] = &[
    "CARGO",
    "CARGO_BUILD_BUILD_DIR",
    "CARGO_BUILD_DIR",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_HOME",
    "CARGO_TARGET_DIR",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];

/// How variables for tables of cargo's configuration begin that decide which packages there are, and
/// from where: <https://doc.rust-lang.org/cargo/reference/config.html>.
const SECTIONS: &[&str] = &[
    "CARGO_NET_",
    "CARGO_PATCH_",
    "CARGO_PATHS",
    "CARGO_REGISTRIES_",
    "CARGO_REGISTRY_",
    "CARGO_RESOLVER_",
    "CARGO_SOURCE_",
    "CARGO_UNSTABLE_",
];

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
    pub cache: &'a CacheRoot,
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

impl Answer {
    /// The workspace's folder.
    pub fn root(&self) -> &Utf8Path {
        self.manifest.root()
    }

    /// Whether a package may have this name: it stands somewhere in the answer.
    pub fn names(&self, package: &str) -> bool {
        self.json.contains(package)
    }
}

impl Question<'_> {
    /// The answer, if it was kept and still holds.
    pub fn recall(&self) -> Option<Answer> {
        let path = self.path();
        let text = fs::read_to_string(&path).ok()?;
        let (header, json) = text.split_once('\n')?;
        let record: Record = serde_json::from_str(header).ok()?;
        let manifest = RootManifest::read(&record.root).ok()?;
        let digest = self.digest(&manifest, &record.manifests)?;
        (digest == record.digest).then(|| {
            usage::touch(&path);
            Answer { json: json.to_owned(), manifest }
        })
    }

    /// Keeps the answer for next time, and lets old ones go. A cache that cannot be written is no
    /// failure.
    pub fn keep(&self, json: &str, graph: &PackageGraph, manifest: &RootManifest) {
        let local = graph.packages().filter(|package| package.source().is_local());
        let manifests: Vec<Utf8PathBuf> =
            local.map(|package| package.manifest_path().to_owned()).collect();
        if let Some(digest) = self.digest(manifest, &manifests) {
            let record = Record { digest, root: manifest.root().to_owned(), manifests };
            let header = serde_json::to_string(&record).expect("strings always serialise");
            let written = fs::write_atomic(&self.path(), format!("{header}\n{json}").as_bytes());
            let _ = written.and_then(|()| self.cache.keep_within(Bucket::Metadata, BOUND));
        }
    }

    /// One file for each question, so that workspaces do not displace each other.
    fn path(&self) -> Utf8PathBuf {
        let name = digest::hex(&Sha256::digest(self.in_words()))[..16].to_owned();
        self.cache.bucket(Bucket::Metadata).join(format!("{name}.json"))
    }

    /// All that is known before looking at a file.
    fn in_words(&self) -> String {
        let variables = self.environment.variables();
        let variables: Vec<_> = variables.filter(|(name, _)| matters(name)).collect();
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
        let root = root_manifest.root();
        // A manifest above may begin, or cease, to have the workspace among its members.
        let above = self.environment.current_dir().ancestors().chain(root.ancestors());
        for folder in above {
            let manifest = fs::read_if_exists(&folder.join("Cargo.toml")).ok()?;
            let _ = write!(facts, "{manifest:?}");
        }
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

/// Whether the answer may depend on the variable of that name. What cargo takes for its own looks,
/// for compiling, for fetching or as a secret has no part in it, and neither has what others name
/// `CARGO_…`, which may be new in each job of a CI.
fn matters(name: &str) -> bool {
    let is_secret = name.ends_with("_TOKEN") || name.ends_with("_CREDENTIAL_PROVIDER");
    VARIABLES.contains(&name)
        || (!is_secret && SECTIONS.iter().any(|section| name.starts_with(section)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn path(variables: &[(&str, &str)]) -> Utf8PathBuf {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let environment = Environment::new(variables, "/w");
        let (command, cache) = (Command::new("cargo"), CacheRoot::new("/c"));
        let (command, environment, cache) = (&command, &environment, &cache);
        Question { command, cargo: "1", config: "", environment, cache }.path()
    }

    #[test]
    fn only_variables_that_may_change_the_answer_ask_another_question() {
        let plain = path(&[]);
        for name in [
            "CARGO_CI_JOB_ID",
            "CARGO_BUILD_JOBS",
            "CARGO_HTTP_PROXY",
            "CARGO_INCREMENTAL",
            "CARGO_LOG",
            "CARGO_MAKEFLAGS",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_REGISTRIES_MINE_TOKEN",
            "CARGO_REGISTRY_TOKEN",
            "CARGO_TERM_COLOR",
            "GITHUB_RUN_ID",
            "RUSTUP_IO_THREADS",
        ] {
            assert_eq!(path(&[(name, "1")]), plain, "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_REGISTRIES_MINE_INDEX",
            "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS",
            "CARGO_TARGET_DIR",
            "CARGO_UNSTABLE_BUILD_DIR",
            "RUSTUP_TOOLCHAIN",
        ] {
            assert_ne!(path(&[(name, "1")]), path(&[(name, "2")]), "{name}");
        }
    }
}
