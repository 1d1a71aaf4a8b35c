//! Programs that plain cargo builds, with the build script and without.

use std::path::Path;
use std::process::Command;

/// Runs a program in `dir`; returns its standard output and error.
#[track_caller]
fn run(dir: &Path, program: &str, args: &[&str]) -> (String, String) {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir).env("CARGO_TARGET_DIR", dir.join("target"));
    for name in ["RUSTFLAGS", "CARGO_BUILD_TARGET", "GIT_DIR", "SOURCE_DATE_EPOCH"] {
        command.env_remove(name);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "T").env(format!("GIT_{role}_EMAIL"), "t@t");
        command.env(format!("GIT_{role}_DATE"), "2026-01-31T23:59:59+05:00");
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {stderr}");
    (String::from_utf8(output.stdout).unwrap().trim().to_owned(), stderr)
}

fn git(dir: &Path, args: &[&str]) -> String {
    run(dir, "git", args).0
}

/// A program that says its version, with the build script.
fn program(dir: &Path) {
    let this = env!("CARGO_MANIFEST_DIR");
    let manifest = format!(
        "[package]\nname = \"it\"\nversion = \"1.2.3\"\nedition = \"2021\"\n[workspace]\n\
         [dependencies]\ntachi-build-info = {{ path = \"{this}\" }}\n\
         [build-dependencies]\ntachi-build-info = {{ path = \"{this}\", features = [\"git\"] }}\n"
    );
    std::fs::create_dir_all(dir.join("src")).unwrap();
    std::fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(dir.join("build.rs"), "fn main() { tachi_build_info::git::emit(); }").unwrap();
    let main = "fn main() { println!(\"{}\", tachi_build_info::build_info!()); }";
    std::fs::write(dir.join("src/main.rs"), main).unwrap();
}

fn said(dir: &Path) -> String {
    run(dir, "cargo", &["run", "--quiet", "--offline"]).0
}

#[test]
fn the_build_script_follows_every_commit_and_nothing_else() {
    let scratch = tempfile();
    let dir = scratch.as_path();
    program(dir);
    git(dir, &["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(dir.join(".gitignore"), "target\n").unwrap();
    assert_eq!(said(dir), "1.2.3 (unknown) built unknown [debug]", "not tracked yet");
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--message", "first"]);
    // The script does not watch what is not its package's repository: a first commit.
    std::fs::write(dir.join("build.rs"), "fn main() { tachi_build_info::git::emit() }").unwrap();
    let expected = || {
        let short = git(dir, &["rev-parse", "--short", "HEAD"]);
        format!("1.2.3 ({short}) built 2026-01-31T18:59:59Z [debug]")
    };
    assert_eq!(said(dir), expected());
    git(dir, &["pack-refs", "--all"]);
    assert_eq!(said(dir), expected());
    for message in ["second", "third"] {
        git(dir, &["commit", "--quiet", "--allow-empty", "--message", message]);
        assert_eq!(said(dir), expected(), "{message}");
    }
    git(dir, &["checkout", "--quiet", "--detach", "HEAD~1"]);
    assert_eq!(said(dir), expected(), "detached");
    let mut at_epoch = Command::new("cargo");
    at_epoch.args(["run", "--quiet", "--offline"]).current_dir(dir);
    at_epoch.env("CARGO_TARGET_DIR", dir.join("target")).env("SOURCE_DATE_EPOCH", "1");
    let output = String::from_utf8(at_epoch.output().unwrap().stdout).unwrap();
    assert!(output.contains(" built 1970-01-01T00:00:01Z "), "{output}");
    assert_eq!(said(dir), expected(), "without it again");
    // A worktree beside it, whose branch git keeps in the repository's own folder.
    let tree = dir.join("target/tree");
    git(dir, &["worktree", "add", "--quiet", "-b", "side", &tree.display().to_string()]);
    said(&tree);
    git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "in the worktree"]);
    let short = git(&tree, &["rev-parse", "--short", "HEAD"]);
    assert!(said(&tree).contains(&format!("({short}) ")), "worktree");

    std::fs::write(dir.join("notes"), "x").unwrap();
    git(dir, &["add", "notes"]);
    let (_, verbose) = run(dir, "cargo", &["build", "--offline", "--verbose"]);
    assert!(!verbose.contains("Running") && !verbose.contains("Dirty"), "{verbose}");
    std::fs::remove_dir_all(dir).unwrap();
}

/// A new folder; this crate has no dependencies, for tests neither.
fn tempfile() -> std::path::PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("plain-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
