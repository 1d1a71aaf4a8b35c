//! Which sources a rebuild starts from, and a copy of them elsewhere: the commit where there
//! is one, as that is what others can build; else the folder as it is.

use camino::{Utf8Path, Utf8PathBuf};

use super::error::RebuildError;
use crate::session::Session;
use crate::sys::{Command, fs, run, tree};
use crate::vcs::{SourceState, git};
use crate::workspace::Workspace;

/// The sources of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The folder that holds all of them.
    pub root: Utf8PathBuf,
    /// How far git knows them.
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// They are those of the last commit.
    Committed,
    /// They are those of the last commit with changes.
    Changed,
    /// There is no commit.
    Unknown,
}

impl Sources {
    /// The sources of `workspace`, as far as `state` says that a commit holds them.
    ///
    /// # Errors
    /// Changes are in no commit and not allowed, or packages lie outside of what would be
    /// copied.
    pub fn find(
        workspace: &Workspace,
        state: Option<&SourceState>,
        session: &Session,
    ) -> Result<Self, RebuildError> {
        let folder = workspace.root();
        let tracked =
            state.is_some_and(|state| state.unknown.is_none() && state.git_hash.is_some());
        let sources = if tracked {
            let top = Command::new("git")
                .args(["rev-parse", "--show-toplevel"])
                .current_dir(folder.as_str());
            let root = Utf8PathBuf::from(run::capture(&top, &session.interrupt)?.trim());
            // Of all of the repository: what lies beside the workspace may be compiled in, too.
            let status = ["status", "--porcelain", "-z", "--untracked-files=normal"];
            let is_changed = !git::paths(&root, &status, &session.interrupt)?.is_empty();
            Self { root, state: if is_changed { State::Changed } else { State::Committed } }
        } else {
            Self { root: folder.to_owned(), state: State::Unknown }
        };
        let outside = workspace.packages_outside(&sources.root).next();
        if let Some(package) = outside {
            let package = package.manifest_path().to_owned();
            return Err(RebuildError::Scattered { root: sources.root, package });
        }
        Ok(sources)
    }

    /// Copies them to `to`, which is not there yet. `except` is left out.
    ///
    /// # Errors
    /// git fails, or a file cannot be copied.
    pub fn copy(
        &self,
        to: &Utf8Path,
        except: &Utf8Path,
        session: &Session,
    ) -> Result<(), RebuildError> {
        if self.state == State::Unknown {
            return Ok(tree::copy(&self.root, to, &[except])?);
        }
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        // The repository's objects are shared, not written: hashes are as short as there.
        let clone = Command::new("git")
            .args(["clone", "--quiet", "--shared"])
            .args([self.root.as_str(), to.as_str()]);
        run::capture(&clone, &session.interrupt)?;
        if fs::is_file(&to.join(".gitmodules")) {
            let modules = Command::new("git")
                .args(["submodule", "--quiet", "update", "--init", "--recursive"])
                .current_dir(to.as_str());
            run::capture(&modules, &session.interrupt)?;
        }
        if self.state == State::Changed {
            self.copy_changes(to, except, session)?;
        }
        Ok(())
    }

    /// Changes the copy of the last commit into what is there. What git ignores, which may be
    /// of any size, is left behind, and so is `except`.
    fn copy_changes(
        &self,
        to: &Utf8Path,
        except: &Utf8Path,
        session: &Session,
    ) -> Result<(), RebuildError> {
        // The old name of a renamed file has to go, too.
        let questions = [
            &["diff-index", "--name-only", "--no-renames", "-z", "HEAD"][..],
            &["ls-files", "--others", "--exclude-standard", "-z"],
        ];
        for question in questions {
            for path in git::paths(&self.root, question, &session.interrupt)? {
                let (ours, theirs) = (self.root.join(&path), to.join(&path));
                if ours.starts_with(except) {
                    continue;
                }
                // A submodule.
                if theirs.is_dir() && !theirs.is_symlink() {
                    fs::remove_dir_all(&theirs)?;
                }
                fs::remove_file(&theirs)?;
                if fs::exists(&ours) || ours.is_symlink() {
                    tree::copy(&ours, &theirs, &[])?;
                }
            }
        }
        Ok(())
    }

    /// Where a file or folder of the sources is in their copy; itself if it is none of them.
    pub fn moved(&self, path: &Utf8Path, copy: &Utf8Path) -> Utf8PathBuf {
        match path.strip_prefix(&self.root) {
            Ok(inside) if inside.as_str().is_empty() => copy.to_owned(),
            Ok(inside) => copy.join(inside),
            Err(_) => path.to_owned(),
        }
    }
}
