//! What git says of a folder.

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

/// What git ended with, and said.
struct Answer {
    code: Option<i32>,
    stdout: Vec<String>,
    stderr: String,
}

/// The state of `folder`.
///
/// # Errors
/// The user interrupted.
pub(super) fn read(folder: &Utf8Path, interrupt: &Interrupt) -> Result<SourceState, SysError> {
    let unknown = |why| Ok(SourceState { unknown: Some(why), ..SourceState::default() });
    let ask = |args: &[&str]| ask(folder, args, interrupt);

    let Some(tracked) = ask(&["ls-files", "--error-unmatch", "--", "Cargo.toml"])? else {
        return unknown(Unknown::NoGit);
    };
    match tracked.code {
        Some(0) => {}
        Some(1) => return unknown(Unknown::NotTracked),
        _ => return unknown(reason(&tracked.stderr)),
    }
    let format = "--format=%H%n%h%n%ct";
    let commit = ask(&["-c", "log.showSignature=false", "log", "-1", format, "HEAD", "--"])?;
    let Some(commit) = commit.filter(|answer| answer.code == Some(0)) else {
        return unknown(Unknown::NoCommit);
    };
    let mut lines = commit.stdout.into_iter();
    let (full, short, time) = (lines.next(), lines.next(), lines.next());
    // Not `rev-parse --abbrev-ref`, whose answer a tag of the same name changes.
    let branch = match ask(&["symbolic-ref", "--quiet", "HEAD"])? {
        Some(Answer { code: Some(0), stdout, .. }) => stdout
            .into_iter()
            .next()
            .map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()),
        Some(Answer { code: Some(1), .. }) => Some("HEAD".to_owned()),
        _ => None,
    };
    // Not `diff`, which writes the index even without optional locks (git 2.47).
    let changes = ask(&[
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--ignore-submodules=untracked",
        "--no-renames",
        "--",
        ".",
    ])?;
    Ok(SourceState {
        git_hash: short,
        git_hash_full: full,
        git_branch: branch,
        git_dirty: changes
            .filter(|answer| answer.code == Some(0))
            .map(|answer| !answer.stdout.is_empty()),
        commit_time: time.and_then(|time| time.parse().ok()),
        unknown: None,
    })
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

/// Runs git; none if it is not installed.
fn ask(
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
