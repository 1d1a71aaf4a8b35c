//! Which files of a workspace have changes that no commit holds.

use std::fmt;

use camino::Utf8Path;

use super::git::ask;
use super::{SourceState, VcsError, overrides};
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;

/// What is looked at for changes.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The workspace's folder.
    pub root: &'a Utf8Path,
    /// The folders of packages that it has by path from elsewhere.
    pub packages: &'a [&'a Utf8Path],
    /// The folder for generated files, which is left out.
    pub target_dir: &'a Utf8Path,
    /// The file in the workspace's folder that Tachi writes; it counts from its first commit on.
    pub lockfile: &'a str,
}

/// The files with changes that no commit holds, in git's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

/// A changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// Its path, from the workspace's folder on.
    path: String,
    /// Whether a commit, or the index, holds the file in another state.
    is_tracked: bool,
}

impl Changes {
    /// Looks for changes, as git knows them: tracked files that differ from the last commit, and
    /// untracked files that git does not ignore, since cargo may compile them. There are none
    /// where git does not know the sources, or where `TACHI_GIT_DIRTY` says so.
    ///
    /// # Errors
    /// The variable holds nonsense, git cannot tell, or the user interrupted.
    pub fn find(
        scope: Scope<'_>,
        state: &SourceState,
        environment: &Environment,
        interrupt: &Interrupt,
    ) -> Result<Self, VcsError> {
        if state.unknown.is_some() || overrides::read(environment)?.dirty == Some(false) {
            return Ok(Self::default());
        }
        let ask = |args: &[&str]| -> Result<Vec<String>, VcsError> {
            match ask(scope.root, args, interrupt)? {
                Some(answer) if answer.code == Some(0) => Ok(answer.stdout),
                answer => Err(VcsError::Unanswered {
                    root: scope.root.to_owned(),
                    said: answer.map(|answer| answer.stderr).unwrap_or_default(),
                }),
            }
        };
        // From the workspace's folder on, as the user writes it: git's own answer would be without
        // links, and no path here would begin with it.
        let up = ask(&["rev-parse", "--show-cdup"])?.into_iter().next().unwrap_or_default();
        let top = environment.plain(&scope.root.join(up));
        let mut args = vec![
            "-c".to_owned(),
            "core.quotePath=false".to_owned(),
            "-c".to_owned(),
            "status.relativePaths=true".to_owned(),
            "status".to_owned(),
            "--porcelain=v2".to_owned(),
            "--untracked-files=normal".to_owned(),
            "--ignore-submodules=untracked".to_owned(),
            "--no-renames".to_owned(),
            "--".to_owned(),
            ".".to_owned(),
        ];
        let inside = scope.packages.iter().filter(|folder| folder.starts_with(&top));
        args.extend(inside.map(|folder| format!(":(literal){folder}")));
        if scope.target_dir.starts_with(&top) {
            args.push(format!(":(exclude,literal){}", scope.target_dir));
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let lines = ask(&args)?;
        let changes = lines.iter().filter_map(|line| Change::read(line));
        Ok(Self(
            changes.filter(|change| change.is_tracked || change.path != scope.lockfile).collect(),
        ))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many files there are: `1 file`, `2 files`.
    pub fn count(&self) -> String {
        match self.0.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        }
    }

    /// The verb that goes with the count.
    pub(super) fn verb(&self) -> &'static str {
        if self.0.len() == 1 { "has" } else { "have" }
    }

    /// The first few, and how many more there are.
    fn first(&self, few: usize) -> Vec<String> {
        let mut lines: Vec<String> = self.0.iter().take(few).map(ToString::to_string).collect();
        if let more @ 1.. = self.0.len().saturating_sub(few) {
            lines.push(format!("and {more} more"));
        }
        lines
    }

    /// The first few on a line.
    fn short(&self) -> String {
        self.first(3).join(", ")
    }

    /// What people should know before they are released; nothing where there are none.
    pub fn note(&self, is_allowed: bool) -> Option<String> {
        let (short, count) = (self.short(), self.count());
        (!self.is_empty()).then(|| {
            if is_allowed {
                format!("released with changes that no commit holds, in {count}: {short}")
            } else {
                format!(
                    "{count} with changes that no commit holds: {short}\n  help: `dist` makes no release of them \
                     without --allow-dirty"
                )
            }
        })
    }
}

/// The first few on a line each.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first(8).join("\n  "))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.is_tracked { Ok(()) } else { f.write_str(" (untracked)") }
    }
}

impl Change {
    /// Reads a line of [`git status`](https://git-scm.com/docs/git-status#_changed_tracked_entries).
    fn read(line: &str) -> Option<Self> {
        // The path is the last of that many fields and may hold spaces.
        let fields = match line.split_once(' ')?.0 {
            "?" => 2,
            "1" => 9,
            "u" => 11,
            _ => return None,
        };
        let path = line.splitn(fields, ' ').last()?;
        Some(Self { path: path.to_owned(), is_tracked: fields > 2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_the_last_field_of_its_line() {
        let hashes = "100644 100644 100644 aaaa bbbb";
        for (line, shown) in [
            (format!("1 .M N... {hashes} src/a b.rs"), Some("src/a b.rs")),
            (format!("1 .D N... {hashes} ../lib/a.rs"), Some("../lib/a.rs")),
            ("u UU N... 100644 100644 100644 100644 a b c x y".to_owned(), Some("x y")),
            ("? new/".to_owned(), Some("new/ (untracked)")),
            ("# branch.head main".to_owned(), None),
        ] {
            let change = Change::read(&line).map(|change| change.to_string());
            assert_eq!(change.as_deref(), shown, "{line}");
        }
    }

    #[test]
    fn of_many_changes_the_first_few_are_named() {
        let change = |number| Change { path: format!("f{number}"), is_tracked: true };
        let changes = Changes((1..=10).map(change).collect());
        assert_eq!(changes.count(), "10 files");
        assert_eq!(changes.short(), "f1, f2, f3, and 7 more");
        assert!(changes.to_string().ends_with("f8\n  and 2 more"), "{changes}");
        assert_eq!(Changes(vec![change(1)]).short(), "f1");
    }
}
