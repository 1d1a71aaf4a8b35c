//! Changes that no commit holds: `dist` refuses them and names the files, `plan` says so, and
//! `--allow-dirty` releases them. One small program is compiled.

use std::path::Path;
use std::process::Command;

use crate::support::{Ran, clean, run, scratch, tachi, write};

const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
    ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n"),
    ("src/main.rs", "fn main() {}\n"),
    (".gitignore", "*.log\n"),
    ("README.md", "app\n"),
];

fn git(dir: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    clean(&mut git);
    git.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(args).current_dir(dir);
    run(&mut git).expect_success();
}

/// A repository that has a package in the folder `app`.
fn repository() -> tempfile::TempDir {
    let dir = scratch();
    write(&dir.path().join("app"), &FILES);
    write(dir.path(), &[("elsewhere.txt", "one\n")]);
    git(dir.path(), &["init", "--quiet"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "--quiet", "--message", "one"]);
    dir
}

fn dist(app: &Path, args: &[&str]) -> Ran {
    run(tachi(app).args(["dist", "--no-smoke", "--no-sccache"]).args(args))
}

fn plan(app: &Path) -> String {
    run(tachi(app).args(["plan", "--dist"])).expect_success().stdout
}

#[test]
fn changes_that_no_commit_holds_are_not_released_unless_that_is_allowed() {
    let dir = repository();
    let app = dir.path().join("app");
    assert!(!plan(&app).contains("note:"), "nothing has changed");
    // Ignored files, files beside the workspace, and those that Tachi and cargo make.
    write(&app, &[("run.log", "1"), ("target/x", ""), ("tachi.lock", "format = 1\n")]);
    write(dir.path(), &[("elsewhere.txt", "two\n"), ("new.txt", "")]);
    assert!(!plan(&app).contains("note:"), "{}", plan(&app));

    write(&app, &[("src/main.rs", "fn main() { print!(\"2\") }\n"), ("src/bin/tool.rs", "")]);
    let ran = dist(&app, &[]).expect_code(2);
    for said in [
        "2 files of ",
        " have changes that no commit holds, so that nobody could build this release again",
        "\n  src/main.rs\n  src/bin/ (untracked)\n  help: commit them",
        "--allow-dirty",
    ] {
        assert!(ran.stderr.contains(said), "{said:?} in {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("Compiling"), "{}", ran.stderr);
    let note = "note: 2 files with changes that no commit holds: src/main.rs, src/bin/ (untracked)";
    assert!(plan(&app).contains(note), "{}", plan(&app));

    std::fs::remove_dir_all(app.join("src/bin")).unwrap();
    let ran = dist(&app, &["--allow-dirty"]).expect_success();
    let note = "released with changes that no commit holds, in 1 file: src/main.rs";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    assert!(app.join("target/tachi/dist/manifest.json").exists());

    git(dir.path(), &["checkout", "--quiet", "app/src/main.rs"]);
    assert!(!plan(&app).contains("note:"), "what the release has made: {}", plan(&app));
}

#[test]
fn a_package_from_outside_of_the_workspace_counts_and_the_environment_overrides_git() {
    let dir = repository();
    let app = dir.path().join("app");
    let manifest = format!("{}[dependencies]\nlib = {{ path = \"../lib\" }}\n", FILES[0].1);
    let library = "[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    write(&app, &[("Cargo.toml", &manifest)]);
    write(dir.path(), &[("lib/Cargo.toml", library), ("lib/src/lib.rs", "")]);
    run(tachi(&app).args(["plan", "--dist"]).env("TACHI_GIT_DIRTY", "false")).expect_code(2);
    let lock = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \
                \"lib\",\n]\n\n[[package]]\nname = \"lib\"\nversion = \"0.1.0\"\n";
    write(&app, &[("Cargo.lock", lock)]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "--quiet", "--message", "two"]);
    write(dir.path(), &[("lib/src/lib.rs", "pub fn new() {}\n")]);
    let ran = dist(&app, &[]).expect_code(2);
    assert!(ran.stderr.contains("1 file of "), "{}", ran.stderr);
    assert!(ran.stderr.contains("\n  ../lib/src/lib.rs\n"), "{}", ran.stderr);
    let mut plan = tachi(&app);
    plan.args(["plan", "--dist"]).env("TACHI_GIT_DIRTY", "false");
    let said = run(&mut plan).expect_success().stdout;
    assert!(!said.contains("note:"), "{said}");
}

#[test]
fn the_target_folder_is_left_out_also_where_a_link_leads_to_it() {
    let dir = repository();
    let links = crate::support::scratch();
    let link = links.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    write(dir.path(), &[("app/out/made", "by cargo")]);
    let plan = |target_dir: &Path| {
        let mut command = tachi(&link.join("app"));
        command.args(["plan", "--dist", "--target-dir"]).arg(target_dir);
        run(command.arg("--manifest-path").arg(link.join("app/Cargo.toml"))).expect_success().stdout
    };
    let made = plan(&link.join("app/out"));
    assert!(!made.contains("changes that no commit holds"), "{made}");
    let other = plan(&link.join("app/elsewhere"));
    assert!(other.contains("out/"), "{other}");
}
