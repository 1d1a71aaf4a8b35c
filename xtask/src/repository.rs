//! The tree: its root, its files, and cargo's metadata of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// A text file of the repository.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// Whether it is Rust code.
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// Every text file that git tracks or would track.
pub(crate) fn sources() -> Result<Vec<Source>, String> {
    let listed = process::capture(&mut process::command(
        "git",
        // A checkout owned by another user, as CI containers have them, is fine to list.
        &["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    ))?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths.into_iter().filter_map(read).collect())
}

/// A deleted file, a link to nowhere and a binary file have no text to check.
fn read(path: &str) -> Option<Source> {
    Some(Source { path: path.to_owned(), text: std::fs::read_to_string(root().join(path)).ok()? })
}

/// Reads one file that must be there.
pub(crate) fn file(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path))
        .map_err(|error| format!("cannot read {path}: {error}"))
}

/// `cargo metadata` of the root workspace, dependencies included.
pub(crate) fn metadata() -> Result<Value, String> {
    let args = ["metadata", "--format-version", "1", "--locked"];
    let text = process::capture(&mut process::command("cargo", &args))?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
}

/// The arguments with which cargo builds Tachi as users have it, into [`programs`].
pub(crate) const BUILD_TACHI: &[&str] =
    &["build", "--release", "--locked", "--package", "cargo-tachi"];

/// The folder of the programs that are built for use.
pub(crate) fn programs() -> Result<PathBuf, String> {
    Ok(target_directory()?.join("release"))
}

/// Where cargo puts this workspace's output.
pub(crate) fn target_directory() -> Result<PathBuf, String> {
    let args = ["metadata", "--format-version", "1", "--no-deps"];
    let text = process::capture(&mut process::command("cargo", &args))?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    match metadata["target_directory"].as_str() {
        Some(path) => Ok(path.into()),
        None => Err("cargo metadata names no target directory".to_owned()),
    }
}
