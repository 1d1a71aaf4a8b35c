//! What git says of sources, on real repositories in every state that other tools get wrong.

#![expect(
    clippy::disallowed_methods,
    reason = "tests prepare and look at the machine directly, so as not to trust what they test"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::vcs::{self, SourceState, Unknown, time};
use camino::Utf8Path;

/// A scratch folder with repositories.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::Builder::new().prefix("tachi-vcs-").tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    /// A repository with one commit of a package.
    fn repository(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("Cargo.toml"), "[package]\nname = \"it\"\n").unwrap();
        std::fs::write(folder.join("src/main.rs"), "fn main() {}\n").unwrap();
        git(&folder, &["init", "--quiet", "--initial-branch=main"]);
        git(&folder, &["add", "--all"]);
        commit(&folder, "first");
        folder
    }
}

/// Runs git as a user of no configuration would, and returns what it printed.
#[track_caller]
fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "protocol.file.allow=always"]).args(args);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "T").env(format!("GIT_{role}_EMAIL"), "t@t");
        command.env(format!("GIT_{role}_DATE"), "2026-01-31T23:59:59Z");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(folder: &Path, message: &str) -> String {
    git(folder, &["commit", "--quiet", "--allow-empty", "--message", message]);
    git(folder, &["rev-parse", "HEAD"])
}

#[track_caller]
fn state(folder: &Path) -> SourceState {
    let environment = Environment::new([], "/");
    let folder = Utf8Path::from_path(folder).unwrap();
    vcs::state(folder, &environment, &Interrupt::default()).unwrap()
}

#[track_caller]
fn check(folder: &Path, full: &str, branch: &str, dirty: bool) {
    let state = state(folder);
    assert_eq!(state.git_hash_full.as_deref(), Some(full), "{state:?}");
    assert_eq!(state.git_hash, Some(git(folder, &["rev-parse", "--short", "HEAD"])));
    assert_eq!(state.git_branch.as_deref(), Some(branch));
    assert_eq!(state.git_dirty, Some(dirty));
    assert_eq!(state.unknown, None);
}

#[test]
fn commit_branch_and_time_are_those_of_head() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let full = git(&folder, &["rev-parse", "HEAD"]);
    check(&folder, &full, "main", false);
    assert_eq!(time::rfc3339(state(&folder).commit_time.unwrap()), "2026-01-31T23:59:59Z");
}

#[test]
fn a_commit_after_refs_were_packed_is_seen() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    git(&folder, &["pack-refs", "--all"]);
    let full = git(&folder, &["rev-parse", "HEAD"]);
    assert!(!folder.join(".git/refs/heads/main").exists());
    check(&folder, &full, "main", false);
    let second = commit(&folder, "second");
    git(&folder, &["gc", "--quiet"]);
    check(&folder, &second, "main", false);
}

#[test]
fn a_worktree_has_its_own_commit_and_branch() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let tree = scratch.path("tree");
    git(&folder, &["worktree", "add", "--quiet", "-b", "side/2", tree.to_str().unwrap()]);
    let there = commit(&tree, "in the worktree");
    let here = commit(&folder, "in the repository");
    check(&tree, &there, "side/2", false);
    check(&folder, &here, "main", false);
    std::fs::write(tree.join("src/main.rs"), "fn main() { }\n").unwrap();
    check(&tree, &there, "side/2", true);
    check(&folder, &here, "main", false);
}

#[test]
fn dirty_means_that_tracked_files_of_the_workspace_differ_from_the_commit() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let file = folder.join("src/main.rs");
    let dirty = |what: &str, expected: bool| {
        assert_eq!(state(&folder).git_dirty, Some(expected), "{what}");
    };
    std::fs::write(&file, "fn main() { }\n").unwrap();
    dirty("an edited file", true);
    git(&folder, &["add", "--all"]);
    dirty("a staged edit", true);
    std::fs::write(&file, "fn main() {}\n").unwrap();
    git(&folder, &["add", "--all"]);
    dirty("the edit taken back", false);
    std::fs::write(&file, "fn main() {}\n").unwrap();
    dirty("a file written again with the same text", false);
    std::fs::write(folder.join("notes.txt"), "x").unwrap();
    dirty("an untracked file", false);
    std::fs::remove_file(&file).unwrap();
    dirty("a removed file", true);
}

#[test]
fn changes_beside_the_workspace_do_not_count() {
    let scratch = Scratch::new();
    let outer = scratch.repository("outer");
    std::fs::create_dir(outer.join("inner")).unwrap();
    std::fs::write(outer.join("inner/Cargo.toml"), "[workspace]\n").unwrap();
    git(&outer, &["add", "--all"]);
    let full = commit(&outer, "a second workspace");
    std::fs::write(outer.join("src/main.rs"), "fn main() { }\n").unwrap();
    check(&outer.join("inner"), &full, "main", false);
    check(&outer, &full, "main", true);
}

#[test]
fn the_index_is_never_written() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let index = folder.join(".git/index");
    // Git would like to write down that this file's new time means no change.
    let touched = Command::new("touch").args(["-d", "@1"]).arg(folder.join("src/main.rs")).status();
    assert!(touched.unwrap().success());
    let seen =
        || (std::fs::read(&index).unwrap(), std::fs::metadata(&index).unwrap().modified().unwrap());
    let before = seen();
    assert_eq!(state(&folder).git_dirty, Some(false));
    assert!(seen() == before, "the index was written");
    git(&folder, &["diff", "--quiet", "HEAD"]);
    assert!(seen() != before, "an ordinary git writes it, or this test proves nothing");
}

#[test]
fn a_copy_inside_another_repository_is_not_of_its_commit_unless_it_is_tracked_there() {
    let scratch = Scratch::new();
    let outer = scratch.repository("outer");
    let inner = outer.join("vendor/it");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(inner.join("Cargo.toml"), "[package]\nname = \"it\"\n").unwrap();
    let found = state(&inner);
    assert_eq!(found, SourceState { unknown: Some(Unknown::NotTracked), ..SourceState::default() });
    git(&outer, &["add", "--all"]);
    let full = commit(&outer, "vendor it");
    check(&inner, &full, "main", false);
}

#[test]
fn a_manifest_that_was_added_and_not_yet_committed_is_tracked() {
    let scratch = Scratch::new();
    let outer = scratch.repository("outer");
    std::fs::create_dir(outer.join("new")).unwrap();
    std::fs::write(outer.join("new/Cargo.toml"), "[workspace]\n").unwrap();
    git(&outer, &["add", "--all"]);
    check(&outer.join("new"), &git(&outer, &["rev-parse", "HEAD"]), "main", true);
}

#[test]
fn a_submodule_has_its_own_commit_and_dirties_the_outer_repository() {
    let scratch = Scratch::new();
    let (outer, part) = (scratch.repository("outer"), scratch.repository("part"));
    let part_commit = git(&part, &["rev-parse", "HEAD"]);
    git(&outer, &["submodule", "--quiet", "add", part.to_str().unwrap(), "sub"]);
    let outer_commit = commit(&outer, "with a submodule");
    check(&outer.join("sub"), &part_commit, "main", false);
    check(&outer, &outer_commit, "main", false);
    std::fs::write(outer.join("sub/untracked"), "x").unwrap();
    check(&outer, &outer_commit, "main", false);
    std::fs::write(outer.join("sub/src/main.rs"), "fn main() { }\n").unwrap();
    check(&outer.join("sub"), &part_commit, "main", true);
    check(&outer, &outer_commit, "main", true);
}

#[test]
fn a_shallow_clone_and_a_detached_head_are_read() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let first = git(&folder, &["rev-parse", "HEAD"]);
    let second = commit(&folder, "second");
    let (url, clone) = (format!("file://{}", folder.display()), scratch.path("clone"));
    git(&folder, &["clone", "--quiet", "--depth=1", &url, clone.to_str().unwrap()]);
    assert_eq!(git(&clone, &["rev-list", "--count", "HEAD"]), "1");
    check(&clone, &second, "main", false);
    git(&folder, &["checkout", "--quiet", "--detach", &first]);
    check(&folder, &first, "HEAD", false);
}

#[test]
fn without_a_repository_or_a_commit_it_is_unknown_with_the_reason() {
    let scratch = Scratch::new();
    let folder = scratch.path("plain");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("Cargo.toml"), "").unwrap();
    assert_eq!(state(&folder).unknown, Some(Unknown::NoRepository));
    git(&folder, &["init", "--quiet"]);
    assert_eq!(state(&folder).unknown, Some(Unknown::NotTracked));
    git(&folder, &["add", "--all"]);
    let found = state(&folder);
    assert_eq!(found, SourceState { unknown: Some(Unknown::NoCommit), ..SourceState::default() });
    std::fs::write(folder.join(".git/index"), "not an index").unwrap();
    assert!(matches!(state(&folder).unknown, Some(Unknown::Failed { .. })));
}

#[test]
fn a_published_package_names_its_commit_itself() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let sha1 = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
    let info = format!("{{\"git\":{{\"sha1\":\"{sha1}\",\"dirty\":true}},\"path_in_vcs\":\"\"}}");
    std::fs::write(folder.join(".cargo_vcs_info.json"), info).unwrap();
    let found = state(&folder);
    assert_eq!(found.git_hash.as_deref(), Some("0a1b2c3"));
    assert_eq!(found.git_hash_full.as_deref(), Some(sha1));
    assert_eq!((found.git_branch, found.git_dirty, found.commit_time), (None, Some(true), None));
    assert_eq!(found.unknown, Some(Unknown::Published));
}

#[test]
fn tags_that_share_a_name_hide_neither_commit_nor_branch() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    git(&folder, &["tag", "main"]);
    git(&folder, &["tag", "HEAD"]);
    let second = commit(&folder, "second");
    let found = state(&folder);
    assert_eq!(found.git_hash_full, Some(second));
    assert_eq!(found.git_branch.as_deref(), Some("main"));
}

#[test]
fn the_folder_with_the_manifest_is_sought_upwards() {
    let scratch = Scratch::new();
    let folder = scratch.repository("it");
    let below = Utf8Path::from_path(&folder).unwrap().join("src");
    assert_eq!(vcs::manifest_folder(&below), below.parent().unwrap());
    assert_eq!(vcs::manifest_folder(Utf8Path::new("/nowhere/at")), "/nowhere/at");
}
