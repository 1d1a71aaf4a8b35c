//! What git knows about a folder.

use camino::Utf8Path;

use super::{SourceState, Unknown};
use crate::sys::interrupt::Interrupt;
use crate::sys::run::{self, Stream};
use crate::sys::{Command, SysError};

/// Variables by which a hook's git tells its children which repository it means; as
/// `git rev-parse --local-env-vars` lists them, without those that carry configuration.
const LOCAL_VARIABLES: [&str; 11] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// How git ended, and what it printed.
pub(super) struct Answer {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<String>,
    pub(super) stderr: String,
}

/// The question for branch and changes. Not `diff`, which writes the index even without
/// optional locks (git 2.47).
const STATUS: [&str; 8] = [
    "status",
    "--porcelain=v2",
    "--branch",
    "--untracked-files=no",
    "--ignore-submodules=untracked",
    "--no-renames",
    "--",
    ".",
];

/// The manifest in the commit. Git refuses the question where the commit has none.
const MANIFEST: &str = "HEAD:./Cargo.toml";

/// The state of `folder`. Starting git is most of the time that this takes, so where the commit
/// has the manifest it is started twice, side by side.
///
/// # Errors
/// The user interrupted.
pub(super) fn read(folder: &Utf8Path, interrupt: &Interrupt) -> Result<SourceState, SysError> {
    let unknown = |why| Ok(SourceState { unknown: Some(why), ..SourceState::default() });
    let ask = |args: &[&str]| ask(folder, args, interrupt);

    let (status, commit) = std::thread::scope(|scope| {
        let commit = scope.spawn(|| show(&ask, &[MANIFEST]));
        let status = ask(&STATUS);
        (status, commit.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let (Some(status), mut commit) = (status?, commit?) else {
        return unknown(Unknown::NoGit);
    };
    if status.code != Some(0) {
        return unknown(reason(&status.stderr));
    }
    let status = Status::read(&status.stdout);
    if commit.is_none() {
        // The manifest may have been added since the commit.
        let tracked = ask(&["ls-files", "--error-unmatch", "--", "Cargo.toml"])?;
        if tracked.is_none_or(|answer| answer.code != Some(0)) {
            return unknown(Unknown::NotTracked);
        }
        commit = show(&ask, &[])?;
    }
    let Some(Commit { full, short, time }) = commit else {
        return unknown(Unknown::NoCommit);
    };
    Ok(SourceState {
        git_hash: Some(short),
        git_hash_full: Some(full),
        git_branch: status.branch,
        git_dirty: Some(status.is_dirty),
        commit_time: time,
        unknown: None,
    })
}

/// The answer of [`git status`](https://git-scm.com/docs/git-status#_porcelain_format_version_2).
#[derive(Debug, Default, PartialEq, Eq)]
struct Status {
    branch: Option<String>,
    is_dirty: bool,
}

impl Status {
    fn read(lines: &[String]) -> Self {
        let mut status = Self::default();
        for line in lines {
            match line.strip_prefix("# ").map(|header| header.split_once(' ')) {
                None => status.is_dirty = true,
                Some(Some(("branch.head", "(detached)"))) => {
                    status.branch = Some("HEAD".to_owned());
                }
                Some(Some(("branch.head", name))) => status.branch = Some(name.to_owned()),
                Some(_) => {}
            }
        }
        status
    }
}

/// A commit. All of it comes from one answer, since a new commit can be made between two.
struct Commit {
    full: String,
    short: String,
    time: Option<u64>,
}

/// The commit that is checked out; none where there is none, or where one of the objects in `more`,
/// which git shows after it, is missing.
fn show(
    ask: &impl Fn(&[&str]) -> Result<Option<Answer>, SysError>,
    more: &[&str],
) -> Result<Option<Commit>, SysError> {
    let show = ["-c", "log.showSignature=false", "show", "-s", "--format=%H%n%h%n%ct", "HEAD"];
    let answer = ask(&[&show, more].concat())?.filter(|answer| answer.code == Some(0));
    let mut lines = answer.into_iter().flat_map(|answer| answer.stdout);
    let (Some(full), Some(short), time) = (lines.next(), lines.next(), lines.next()) else {
        return Ok(None);
    };
    Ok(Some(Commit { full, short, time: time.and_then(|time| time.parse().ok()) }))
}

fn reason(stderr: &str) -> Unknown {
    if stderr.contains("dubious ownership") {
        Unknown::NotOurs
    } else if stderr.contains("not a git repository") {
        Unknown::NoRepository
    } else {
        let message = stderr.lines().next().unwrap_or("nothing").to_owned();
        Unknown::Failed { message }
    }
}

/// What git prints to `args`, cut at NUL characters (`-z`); nothing where it fails.
///
/// # Errors
/// The user interrupted.
pub(crate) fn paths(
    folder: &Utf8Path,
    args: &[&str],
    interrupt: &Interrupt,
) -> Result<Vec<String>, SysError> {
    let answer = ask(folder, args, interrupt)?.filter(|answer| answer.code == Some(0));
    let text = answer.map(|answer| answer.stdout.join("\n")).unwrap_or_default();
    Ok(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Runs git; none if it is not installed.
pub(super) fn ask(
    folder: &Utf8Path,
    args: &[&str],
    interrupt: &Interrupt,
) -> Result<Option<Answer>, SysError> {
    let mut command = Command::new("git")
        .args(["--no-optional-locks", "-C", folder.as_str(), "-c", "core.fsmonitor=false"])
        .args(args.iter().copied())
        .env("LC_ALL", "C")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0");
    for name in LOCAL_VARIABLES {
        command = command.env_remove(name);
    }
    let mut answer = Answer { code: None, stdout: Vec::new(), stderr: String::new() };
    let ended = run::stream(&command, interrupt, &mut |line| match line.stream {
        Stream::Stdout => answer.stdout.push(line.text),
        Stream::Stderr => {
            answer.stderr.push_str(&line.text);
            answer.stderr.push('\n');
        }
    });
    match ended {
        Ok(exit) => Ok(Some(Answer { code: exit.code, ..answer })),
        Err(SysError::Spawn { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
