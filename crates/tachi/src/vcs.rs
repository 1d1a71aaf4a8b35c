//! Which sources a build is made from: commit, branch, changes, time.
//!
//! Each value comes from the first of these that knows it:
//! 1. the environment: `TACHI_GIT_HASH`, `TACHI_GIT_BRANCH`, `TACHI_GIT_DIRTY`;
//! 2. `.cargo_vcs_info.json`, which cargo puts into published packages;
//! 3. git, if the package's manifest is tracked there.
//!
//! Else the value is unknown, with a reason. A package that lies untracked inside another repository
//! does not come from that repository's commit.

pub mod changes;
pub(crate) mod git;
mod overrides;
mod published;
pub mod time;

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::sys::{SysError, fs};

pub use changes::Changes;
pub use overrides::InvalidOverride;

/// Which sources a build is made from. What is absent is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    /// The commit, abbreviated as git does it in this repository.
    pub git_hash: Option<String>,
    /// The commit in full.
    pub git_hash_full: Option<String>,
    /// The branch; `HEAD` if none is checked out, as `git rev-parse --abbrev-ref HEAD` has it.
    pub git_branch: Option<String>,
    /// Tracked files below the asked folder differ from that commit; so do submodules that
    /// are at another commit or have changed files. Untracked files do not count.
    pub git_dirty: Option<bool>,
    /// When the commit was made, in seconds since 1970.
    pub commit_time: Option<u64>,
    /// Why git was not asked or did not answer.
    pub unknown: Option<Unknown>,
}

/// Why git does not know the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// The program is not installed.
    NoGit,
    /// The folder is in no repository.
    NoRepository,
    /// The repository has no commit yet.
    NoCommit,
    /// The repository does not track the manifest: the package is not part of it.
    NotTracked,
    /// The repository is somebody else's, and git reads it only if `safe.directory` says so.
    NotOurs,
    /// The sources come from a published package, which names its commit itself.
    Published,
    /// Something else, in git's words.
    Failed {
        /// What git said.
        message: String,
    },
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGit => f.write_str("git is not installed"),
            Self::NoRepository => f.write_str("the sources are in no git repository"),
            Self::NoCommit => f.write_str("the git repository has no commit yet"),
            Self::NotTracked => {
                f.write_str("the git repository around the sources does not track their manifest")
            }
            Self::NotOurs => f.write_str(
                "the git repository is somebody else's; `git config --global --add safe.directory …` trusts it",
            ),
            Self::Published => {
                f.write_str("the sources are a published package's: .cargo_vcs_info.json")
            }
            Self::Failed { message } => write!(f, "git says: {message}"),
        }
    }
}

/// Why the state of the sources could not be found out.
#[derive(Debug, thiserror::Error)]
pub enum VcsError {
    /// A variable has a value that cannot be used.
    #[error(transparent)]
    Override(#[from] InvalidOverride),
    /// A release would hold changes that no commit holds.
    #[error(
        "{} of {root} {} changes that no commit holds, so that nobody could build this release again\n  {changes}\n  \
         help: commit them, have git ignore what is no source, or release them as they are: --allow-dirty",
        changes.count(),
        changes.verb()
    )]
    Dirty {
        /// The workspace's folder.
        root: Utf8PathBuf,
        changes: Changes,
    },
    /// git knows the sources and does not say what is changed.
    #[error(
        "git does not say which files of {root} have changes: {}\n  help: `git status` there shows why; \
         TACHI_GIT_DIRTY=false says that there are none",
        said.trim()
    )]
    Unanswered {
        /// The workspace's folder.
        root: Utf8PathBuf,
        /// What git said.
        said: String,
    },
    /// The machine, or an interrupt. A failure of git is no error: see [`Unknown`].
    #[error("{0}")]
    Sys(#[from] SysError),
}

/// Which sources lie in `folder`, the one with a package's or workspace's `Cargo.toml`.
///
/// The index is read and never written. No hooks, no filters of other programs and no network are
/// used. `folder` counts, whatever the environment says about repositories (`GIT_DIR` in a hook).
///
/// # Errors
/// A variable has a value that cannot be used, or the user interrupted.
pub fn state(
    folder: &Utf8Path,
    environment: &Environment,
    interrupt: &Interrupt,
) -> Result<SourceState, VcsError> {
    let overrides = overrides::read(environment)?;
    let mut state = match published::read(folder) {
        Some(state) => state,
        None => git::read(folder, interrupt)?,
    };
    overrides.apply(&mut state);
    Ok(state)
}

/// The nearest folder with a `Cargo.toml`, from `start` upwards; `start` if there is none.
pub fn manifest_folder(start: &Utf8Path) -> &Utf8Path {
    let mut folders = start.ancestors();
    folders.find(|folder| fs::is_file(&folder.join("Cargo.toml"))).unwrap_or(start)
}

#[cfg(test)]
mod tests;
