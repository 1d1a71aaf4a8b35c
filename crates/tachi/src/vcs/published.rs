//! `.cargo_vcs_info.json`: the commit that cargo writes into a package it publishes.

use camino::Utf8Path;
use serde::Deserialize;

use super::{SourceState, Unknown};
use crate::sys::fs;

/// How many digits of a commit are shown where there is no repository to ask.
pub(super) const SHORT: usize = 7;

/// The [file](https://doc.rust-lang.org/cargo/commands/cargo-package.html#cargo_vcs_infojson-format).
#[derive(Debug, Deserialize)]
struct VcsInfo {
    git: GitInfo,
}

#[derive(Debug, Deserialize)]
struct GitInfo {
    sha1: String,
    #[serde(default)]
    dirty: bool,
}

/// The state that the file in `folder` states; none where there is no readable one.
pub(super) fn read(folder: &Utf8Path) -> Option<SourceState> {
    let text = fs::read_if_exists(&folder.join(".cargo_vcs_info.json")).ok()??;
    let info: VcsInfo = serde_json::from_str(&text).ok()?;
    Some(SourceState {
        git_hash: info.git.sha1.get(..SHORT).map(str::to_owned),
        git_hash_full: Some(info.git.sha1),
        git_branch: None,
        git_dirty: Some(info.git.dirty),
        commit_time: None,
        unknown: Some(Unknown::Published),
    })
}
