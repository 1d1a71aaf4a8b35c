//! `cache` from the terminal: what real runs put into a cache folder is shown, kept while a run goes
//! on, and removed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::{Ran, run, scratch, tachi, write};

/// A package beside an empty cache.
struct Scene {
    dir: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let dir = scratch();
        let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
        write(
            dir.path(),
            &[("package/Cargo.toml", manifest), ("package/src/main.rs", "fn main() {}\n")],
        );
        Self { dir }
    }

    fn cache(&self) -> PathBuf {
        self.dir.path().join("cache")
    }

    fn tachi(&self, args: &[&str]) -> Command {
        let mut command = tachi(&self.dir.path().join("package"));
        command.args(args).env("TACHI_CACHE_DIR", self.cache());
        command
    }

    fn ran(&self, args: &[&str]) -> Ran {
        run(&mut self.tachi(args)).expect_success()
    }

    /// What `stats` says of a bucket.
    fn stats(&self, bucket: &str) -> Value {
        let ran = self.ran(&["cache", "stats", "--format", "json"]);
        let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut of_bucket = lines.filter(|line| line["bucket"] == bucket);
        of_bucket.next().unwrap_or_else(|| panic!("{bucket} in {}", ran.stdout))
    }

    fn write(&self, files: &[&str]) {
        let files: Vec<_> = files.iter().map(|&file| (file, "12345")).collect();
        write(&self.cache(), &files);
    }

    /// Makes the file or folder one that was used last so many days ago.
    fn age(&self, path: &str, days: u64) {
        let time = SystemTime::now() - Duration::from_hours(days * 24);
        std::fs::File::open(self.cache().join(path)).unwrap().set_modified(time).unwrap();
    }

    fn has(&self, path: &str) -> bool {
        self.cache().join(path).exists()
    }
}

#[test]
fn a_cache_that_is_not_there_is_empty_and_stays_so() {
    let scene = Scene::new();
    for args in [&["stats"][..], &["prune"], &["clear"], &["clear", "zig", "--dry-run"]] {
        scene.ran(&[&["cache"], args].concat());
    }
    assert!(!scene.cache().exists());
}

#[test]
fn stats_show_what_runs_have_put_there() {
    let scene = Scene::new();
    scene.ran(&["plan"]);
    let metadata = scene.stats("metadata");
    assert_eq!(metadata["entries"], 1, "{metadata}");
    assert!(metadata["bytes"].as_u64().unwrap() > 100, "{metadata}");
    assert!(metadata["oldest_use_seconds_ago"].as_u64().unwrap() < 3600, "{metadata}");
    assert!(scene.stats("programs")["entries"].as_u64() >= Some(1));
    assert_eq!(scene.stats("zig")["oldest_use_seconds_ago"], Value::Null);

    let text = scene.ran(&["cache", "stats"]).stdout;
    let row = text.lines().find(|line| line.starts_with("metadata ")).unwrap();
    assert!(
        row.contains("within the hour") && row.ends_with("what cargo metadata answered"),
        "{text}"
    );
    assert!(text.starts_with(scene.cache().to_str().unwrap()), "{text}");
    let tag = std::fs::read_to_string(scene.cache().join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55"), "{tag}");
}

#[test]
fn prune_removes_what_is_old_or_left_over_and_counts_it() {
    let scene = Scene::new();
    scene.ran(&["plan"]);
    scene.write(&[
        "zig/1-aaaaaaaa/ziglang/zig",
        "zig/2-bbbbbbbb/ziglang/zig",
        "sysroots/v1/1.90.0-01234567/riscv64gc-unknown-linux-musl/lib/std",
        "zig-cache/v1/o/1/libc.a",
        "runners/wasi.mjs",
        "xwin/crt/lib/a.lib",
        "tmp/.tachi-tmp-left/binaries.json",
        "kits/zig-1/.tachi-tmp-left",
    ]);
    scene.age("zig/1-aaaaaaaa", 31);
    scene.age("zig/2-bbbbbbbb", 29);
    scene.age("sysroots/v1/1.90.0-01234567/riscv64gc-unknown-linux-musl", 40);
    scene.age("xwin", 1000);

    let said = scene.ran(&["cache", "prune", "--dry-run"]).stderr;
    let cache = scene.cache();
    for line in [
        "Would remove zig: 1 entry, not used for long (5 B)",
        "Would remove sysroots: 1 entry, not used for long (5 B)",
        "Would remove zig-cache: 1 entry, of an older format (5 B)",
        "Would remove runners: 1 entry, of an older format (5 B)",
        "Would remove tmp: 1 entry, left unfinished (5 B)",
        "Would remove kits: 1 entry, left unfinished (5 B)",
        &format!("Would remove 6 files (30 B) from {}", cache.display()),
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(scene.has("zig/1-aaaaaaaa"), "a dry run removes nothing");
    let told = scene.ran(&["cache", "prune"]).stderr;
    assert_eq!(told, said.replace("Would remove", "     Removed"));
    for gone in [
        "zig/1-aaaaaaaa",
        "sysroots/v1/1.90.0-01234567",
        "zig-cache/v1",
        "runners/wasi.mjs",
        "tmp/.tachi-tmp-left",
        "kits/zig-1/.tachi-tmp-left",
    ] {
        assert!(!scene.has(gone), "{gone}");
    }
    assert!(scene.has("zig/2-bbbbbbbb/ziglang/zig") && scene.has("xwin/crt/lib/a.lib"));
    assert_eq!(scene.stats("metadata")["entries"], 1);
    let said = scene.ran(&["cache", "prune"]).stderr;
    assert_eq!(said.trim(), format!("Removed nothing from {}", cache.display()));
    scene.ran(&["cache", "prune", "--older-than", "4w"]);
    assert!(!scene.has("zig/2-bbbbbbbb"));
}

#[test]
fn what_is_used_again_is_not_old() {
    let scene = Scene::new();
    scene.ran(&["plan"]);
    let answers = std::fs::read_dir(scene.cache().join("metadata/v2")).unwrap();
    let answer = answers.map(|entry| entry.unwrap().file_name()).next().unwrap();
    let answer = format!("metadata/v2/{}", answer.to_str().unwrap());
    scene.age(&answer, 100);
    scene.ran(&["plan"]);
    scene.ran(&["cache", "prune"]);
    assert!(scene.has(&answer));
    scene.age(&answer, 100);
    scene.ran(&["cache", "prune"]);
    assert!(!scene.has(&answer));
}

#[test]
fn answers_of_cargo_metadata_stay_few_and_jobs_of_a_ci_share_them() {
    let scene = Scene::new();
    let old: Vec<String> = (0..70).map(|number| format!("metadata/v2/{number}.json")).collect();
    scene.write(&old.iter().map(String::as_str).collect::<Vec<_>>());
    for (file, age) in old.iter().zip(1..) {
        scene.age(file, age);
    }
    scene.ran(&["plan"]);
    assert_eq!(scene.stats("metadata")["entries"], 64);
    assert!(scene.has(&old[62]) && !scene.has(&old[63]), "those used longest ago have gone");
    for job in ["1", "2"] {
        run(scene.tachi(&["plan"]).env("CARGO_CI_JOB", job).env("CARGO_REGISTRY_TOKEN", job))
            .expect_success();
    }
    assert!(scene.has(&old[62]), "the answer from before was used");
}

#[test]
fn clear_removes_the_named_buckets_or_all() {
    let scene = Scene::new();
    scene.ran(&["plan"]);
    scene.write(&["zig/1-aaaaaaaa/ziglang/zig", "rustc/old.json", "a-users/file"]);
    let said = scene.ran(&["cache", "clear", "metadata", "programs", "--dry-run"]).stderr;
    assert!(said.contains("Would remove metadata: 1 entry ("), "{said}");
    assert!(scene.has("metadata/v2"));
    scene.ran(&["cache", "clear", "metadata", "programs"]);
    assert!(!scene.has("metadata") && !scene.has("programs") && !scene.has("rustc"));
    assert!(scene.has("zig/1-aaaaaaaa"));
    scene.ran(&["cache", "clear"]);
    assert!(!scene.has("zig") && scene.has("a-users/file"));
    scene.ran(&["plan"]);

    let wrong = run(&mut scene.tachi(&["cache", "clear", "zigs"])).expect_code(2);
    assert!(wrong.stderr.contains("a similar value exists: 'zig'"), "{}", wrong.stderr);
    let wrong = run(&mut scene.tachi(&["cache", "prune", "--older-than", "soon"])).expect_code(2);
    assert!(wrong.stderr.contains("a number with h, d or w"), "{}", wrong.stderr);
}

#[test]
fn what_a_run_uses_stays_until_it_has_ended() {
    let scene = Scene::new();
    scene.write(&["zig/1-aaaaaaaa/ziglang/zig", "metadata/v2/a.json", "zig-cache/v1/a"]);
    scene.age("zig/1-aaaaaaaa", 31);
    scene.age("metadata/v2/a.json", 31);
    // A cargo that says when it is called, and answers when it is told to.
    let pipe = |name: &str| {
        let path = scene.dir.path().join(name);
        run(Command::new("mkfifo").arg(&path)).expect_success();
        path
    };
    let (called, answer) = (pipe("called"), pipe("answer"));
    let cargo = scene.dir.path().join("cargo");
    let script = format!(
        "#!/bin/sh\necho called > {}\ncat {}\nexit 1\n",
        called.display(),
        answer.display()
    );
    std::fs::write(&cargo, script).unwrap();
    run(Command::new("chmod").arg("+x").arg(&cargo)).expect_success();
    let mut running = scene.tachi(&["plan"]);
    running.env("CARGO", &cargo).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = running.spawn().unwrap();
    assert_eq!(read(&called), "called\n");

    let said = scene.ran(&["cache", "prune"]).stderr;
    let left = "left alone what a running Tachi may be using: zig, zig-cache";
    assert!(said.contains(left) && said.contains("Removed metadata: 1 entry"), "{said}");
    assert!(!scene.has("metadata/v2/a.json"));
    let said = run(&mut scene.tachi(&["cache", "clear", "zig", "metadata"])).expect_code(2).stderr;
    assert!(said.contains("a running Tachi may be using zig, which is left as it is"), "{said}");
    assert!(scene.has("zig/1-aaaaaaaa/ziglang/zig") && scene.has("zig-cache/v1/a"));
    // Others run beside it as ever.
    scene.ran(&["plan"]);

    std::fs::write(&answer, "").unwrap();
    running.wait().unwrap();
    let said = scene.ran(&["cache", "prune"]).stderr;
    assert!(!said.contains("left alone"), "{said}");
    assert!(!scene.has("zig/1-aaaaaaaa") && !scene.has("zig-cache/v1"));
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
