//! The gate of `dist`: a file that fails is not packaged, and packages can be proved again.

use std::path::Path;

use crate::support::{HOST, Ran, run, scratch, tachi, write};
use serde_json::Value;

/// A program that prints its version, aborts, hangs or answers, depending on its argument.
const MAIN: &str = r#"
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("--version") => println!("app {}", env!("CARGO_PKG_VERSION")),
        Some("--abort") => std::process::abort(),
        Some("--wait") => std::thread::sleep(std::time::Duration::from_secs(600)),
        Some("--home") => println!("{}", std::fs::read_dir(std::env::var("HOME").unwrap()).unwrap().count()),
        _ => std::process::exit(3),
    }
}
"#;

fn workspace(main: &str) -> tempfile::TempDir {
    let dir = scratch();
    write(
        dir.path(),
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n",
            ),
            ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n"),
            ("src/main.rs", main),
        ],
    );
    dir
}

fn tachi_for_host(dir: &Path, command: &str, args: &[&str]) -> Ran {
    run(tachi(dir).args([command, "--target", HOST, "--message-format", "short"]).args(args))
}

/// The names in the folder of packages.
fn packages(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir.join("target/tachi/dist")).map(Iterator::collect);
    let entries: Vec<std::io::Result<std::fs::DirEntry>> = entries.unwrap_or_default();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.into_iter().map(name).collect();
    names.sort();
    names
}

/// Cost: 7 CPU seconds.
#[test]
fn a_release_with_an_error_is_not_packaged_and_leaves_nothing_of_the_last_one() {
    let dir = workspace(MAIN);
    let dir = dir.path();
    tachi_for_host(dir, "dist", &[]).expect_success();
    let archive = format!("app-1.0.0-{HOST}.tar.gz");
    assert_eq!(
        packages(dir),
        [archive.clone(), format!("{archive}.sha256"), "manifest.json".into()]
    );

    let leaks = MAIN.replace("CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR");
    write(dir, &[("src/main.rs", &leaks)]);
    let ran = tachi_for_host(dir, "dist", &["--sarif", "findings.sarif"]).expect_code(4);
    assert!(ran.stderr.contains("error[TV025]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("app: not released"), "{}", ran.stderr);
    assert_eq!(packages(dir), [""; 0]);
    let text = std::fs::read_to_string(dir.join("findings.sarif")).unwrap();
    let log: Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let found =
        results.iter().find(|result| result["ruleId"] == "TV025").expect("it is written down");
    let place = &found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(*place, format!("target/tachi/release/{HOST}/app"));

    // It is refused again when nothing has to be built …
    tachi_for_host(dir, "dist", &[]).expect_code(4);
    // … until the user allows it.
    write(dir, &[("tachi.toml", "[verify]\nwarn = [\"build-folder\"]\n")]);
    let ran = tachi_for_host(dir, "dist", &[]).expect_success();
    assert!(ran.stderr.contains("warning[TV025]"), "{}", ran.stderr);
    assert!(packages(dir).contains(&archive));
    // Fewer rules apply to a build that is not for release.
    write(dir, &[("tachi.toml", "")]);
    let ran = tachi_for_host(dir, "build", &["--release"]).expect_success();
    assert!(!ran.stderr.contains("TV025"), "{}", ran.stderr);
}

/// Cost: 5 CPU seconds.
#[test]
fn programs_are_run_before_they_are_packaged() {
    let dir = workspace(MAIN);
    let dir = dir.path();
    let config = |args: &str, more: &str| {
        format!("[[verify.run]]\nbin = \"app\"\nargs = [{args}]\n{more}\n")
    };
    for (text, code, said) in [
        (String::new(), 0, "app --version by this machine"),
        (config("'--version'", "output = 'app 1.*'"), 0, "app --version by this machine"),
        (
            config("'--version'", "output = 'app 2.*'"),
            4,
            "error[TV034]: called with `--version`, it did not say `app 2.*`",
        ),
        (config("'--version'", "exit-code = 3"), 4, "ended with exit code 0, and 3 is expected"),
        (config("'--other'", "exit-code = 3"), 0, "Ran"),
        (config("'--abort'", ""), 4, "error[TV034]: called with `--abort`, it crashed"),
        (config("'--abort'", "") + "[verify]\nsmoke = false", 0, "Finished"),
        (
            config("'--wait'", "timeout = 1"),
            4,
            "error[TV035]: called with `--wait`, it did not end within 1 s",
        ),
        (config("'--home'", "output = '0'"), 0, "Ran"),
        (
            config("", "").replace("app", "ap"),
            2,
            "there is no program `ap` in this workspace (did you mean `app`?)",
        ),
        (
            "[verify]\ndeny = ['mising-pie']".into(),
            2,
            "tachi.toml:2: `mising-pie` is no rule of verify (did you mean `missing-pie`?)",
        ),
        (
            "[verify]\nwarn = ['secret']\nallow = ['TV027']".into(),
            2,
            "[verify]: `secret` is in two lists",
        ),
        ("[verify]\nmax-size = '3 mb'".into(), 2, "`3 mb` is no size"),
        ("[verify]\nmax-sise = 3".into(), 2, "(did you mean `max-size`?)"),
    ] {
        write(dir, &[("tachi.toml", &text)]);
        let ran = tachi_for_host(dir, "dist", &[]);
        assert_eq!(ran.code, Some(code), "{text}\n{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{text}\n{}", ran.stderr);
        assert_eq!(packages(dir).is_empty(), code == 4, "{text}");
    }
}

/// Cost: 6 CPU seconds.
#[test]
fn a_target_that_fails_does_not_remove_the_proved_packages_of_another() {
    let dir = workspace(MAIN);
    let dir = dir.path();
    write(dir, &[("tachi.toml", "[target.aarch64-unknown-linux-musl.verify]\nmax-size = 10\n")]);
    let targets = format!("{HOST},aarch64-unknown-linux-musl");
    let ran = run(tachi(dir).args(["dist", "--target", &targets])).expect_code(4);
    assert!(ran.stderr.contains("error[TV032]"), "{}", ran.stderr);
    let left = packages(dir);
    assert!(
        !left.iter().any(|name| name.contains("aarch64") || name == "manifest.json"),
        "{left:?}"
    );
}

/// Cost: 4 CPU seconds.
#[test]
fn a_release_can_be_proved_again_and_later_changes_are_found() {
    let dir = workspace(MAIN);
    let dir = dir.path();
    let ran = tachi_for_host(dir, "verify", &[]).expect_code(2);
    assert!(ran.stderr.contains("there is no release"), "{}", ran.stderr);
    tachi_for_host(dir, "dist", &[]).expect_success();
    let ran = tachi_for_host(dir, "verify", &[]).expect_success();
    for said in
        ["release/x86_64-unknown-linux-gnu/app\n", ".tar.gz\n", "app --version by this machine\n"]
    {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let program = dir.join(format!("target/tachi/release/{HOST}/app"));
    let archive = dir.join(format!("target/tachi/dist/app-1.0.0-{HOST}.tar.gz"));
    let sum = dir.join(format!("target/tachi/dist/app-1.0.0-{HOST}.tar.gz.sha256"));
    for file in [&program, &archive, &sum] {
        let kept = dir.join("kept");
        std::fs::copy(file, &kept).unwrap();
        let mut after = std::fs::read(file).unwrap();
        let middle = after.len() / 2;
        after[middle] ^= 1;
        std::fs::write(file, after).unwrap();
        let ran = tachi_for_host(dir, "verify", &[]).expect_code(4);
        assert!(ran.stderr.contains("error[TV037]"), "{}: {}", file.display(), ran.stderr);
        std::fs::remove_file(file).unwrap();
        let ran = tachi_for_host(dir, "verify", &[]).expect_code(4);
        assert!(ran.stderr.contains("missing"), "{}: {}", file.display(), ran.stderr);
        std::fs::rename(&kept, file).unwrap();
    }
    tachi_for_host(dir, "verify", &[]).expect_success();
}

/// Cost: 3 CPU seconds.
#[test]
fn a_new_commit_compiles_nothing_not_even_crates_that_ask_for_the_time() {
    let dir = workspace(MAIN);
    let dir = dir.path();
    // What the crate `cc` prints for every C library.
    let script = "fn main() { println!(\"cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH\"); }\n";
    write(dir, &[("build.rs", script), (".gitignore", "target\n")]);
    let commit = |date: &str| {
        let mut git = std::process::Command::new("git");
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        git.args(who).args(["commit", "--allow-empty", "-qm", date]).current_dir(dir);
        run(git.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date)).expect_success();
    };
    for args in [&["init", "-q"][..], &["add", "."]] {
        run(std::process::Command::new("git").args(args).current_dir(dir)).expect_success();
    }
    commit("2026-01-01T00:00:00Z");
    tachi_for_host(dir, "dist", &[]).expect_success();
    commit("2026-02-01T00:00:00Z");
    let ran = tachi_for_host(dir, "dist", &[]).expect_success();
    assert!(ran.stderr.contains("Fresh"), "{}", ran.stderr);
}
