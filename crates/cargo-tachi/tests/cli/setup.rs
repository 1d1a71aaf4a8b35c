//! Microsoft's CRT and SDK: nothing is fetched without consent, consent is recorded, and a failure
//! leaves nothing behind. Microsoft's servers are never asked: the real xwin, if it is installed,
//! gets a proxy that does not exist. A script named xwin makes the files of a successful fetch.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, run, scratch, tachi, write};

const URL: &str = "https://go.microsoft.com/fwlink/?LinkId=2086102";
const ACCEPT: &str = "--accept-microsoft-license";
/// A proxy that is not there.
const CLOSED: &str = "http://127.0.0.1:9";

/// Lays out the folders that `xwin splat` does, and downloads under the names that it does.
const FETCHES: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in
        --cache-dir) downloads=$2/dl ;;
        --output) splat=$2 ;;
    esac
    shift
done
mkdir -p "$downloads" "$splat/crt/lib/x86_64" "$splat/sdk/lib/um/x86_64" "$splat/sdk/lib/ucrt/x86_64"
touch "$downloads/Win11SDK_10.0.26100_headers.msi" "$downloads/Microsoft.VC.14.44.17.14.CRT.Headers.base.vsix"
"#;

struct World {
    dir: tempfile::TempDir,
}

impl World {
    /// A workspace, an empty cache, and a PATH with cargo, rustc and what `programs` adds.
    fn new() -> Self {
        let dir = scratch();
        for name in ["one", "two"] {
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
            let lock =
                format!("version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
            let root = dir.path().join(name);
            write(
                &root,
                &[
                    ("Cargo.toml", &manifest),
                    ("Cargo.lock", &lock),
                    ("src/main.rs", "fn main() {}\n"),
                ],
            );
        }
        let world = Self { dir };
        std::fs::create_dir(world.path("bin")).unwrap();
        for name in ["cargo", "rustc", "sh", "mkdir", "touch"] {
            symlink(on_path(name).unwrap(), world.path("bin").join(name)).unwrap();
        }
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn xwin(&self, script: &str) {
        let path = self.path("bin/xwin");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, workspace: &str, args: &[&str]) -> Ran {
        let mut command = tachi(&self.path(workspace));
        command.args(args).env("PATH", self.path("bin")).env("TACHI_CACHE_DIR", self.path("cache"));
        command.env("HTTPS_PROXY", CLOSED).env_remove("XWIN_CACHE_DIR");
        command.env("CARGO_HTTP_PROXY", CLOSED).env("CARGO_NET_RETRY", "0");
        run(&mut command)
    }

    /// Microsoft's files that are there, and the lockfile of `one`, if there is one.
    fn left(&self) -> (Vec<PathBuf>, Option<String>) {
        let find = run(Command::new("find")
            .arg(self.path("cache"))
            .args(["-path", "*xwin*", "-not", "-name", ".lock"]));
        let found = find.stdout.lines().map(PathBuf::from);
        let found = found.filter(|path| *path != self.path("cache/xwin-fetch"));
        (found.collect(), std::fs::read_to_string(self.path("one/tachi.lock")).ok())
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| Path::exists(path))
}

#[test]
fn without_consent_it_says_what_it_would_fetch_and_under_which_licence() {
    let world = World::new();
    world.xwin(FETCHES);
    let said = world.run("one", &["setup"]).expect_code(2).stderr;
    for text in [URL, "Windows SDK", "1.1 GB", ACCEPT] {
        assert!(said.contains(text), "{said}");
    }
    assert_eq!(world.left(), (vec![], None));
}

#[test]
fn without_a_network_or_xwin_nothing_is_fetched_and_nothing_is_recorded() {
    let world = World::new();
    let said = world.run("one", &["setup", ACCEPT]).expect_code(3).stderr;
    for text in [
        "building xwin 0.10.0 with `cargo install`",
        "cargo could not build version 0.10.0",
        "  | error: ",
        "help: check the network, or put one on PATH: `cargo install xwin --locked`",
    ] {
        assert!(said.contains(text), "{text}\n{said}");
    }
    assert!(!said.contains("xwin could not fetch"), "{said}");
    world.xwin(FETCHES);
    let said = world.run("one", &["setup", ACCEPT, "--offline"]).expect_code(3).stderr;
    assert!(said.contains("--offline forbids fetching"), "{said}");
    assert_eq!(world.left(), (vec![], None));
}

#[test]
fn an_xwin_that_fails_leaves_nothing_and_no_consent() {
    let world = World::new();
    // It stops half-way, as on a full disk.
    world.xwin(&FETCHES.replace("touch", "echo no space left >&2; exit 1; touch"));
    let said = world.run("one", &["setup", ACCEPT]).expect_code(3).stderr;
    assert!(said.contains("| no space left") && said.contains("nothing was installed"), "{said}");
    assert_eq!(world.left(), (vec![], None));
}

#[test]
fn the_real_xwin_without_a_network_is_quoted_and_leaves_nothing() {
    let Some(xwin) = on_path("xwin") else {
        eprintln!("not tested: xwin is not installed");
        return;
    };
    let world = World::new();
    symlink(xwin, world.path("bin/xwin")).unwrap();
    let said = world.run("one", &["setup", ACCEPT]).expect_code(3).stderr;
    assert!(said.contains("could not fetch Microsoft's C runtime"), "{said}");
    assert!(said.contains("/release/channel failed"), "{said}");
    assert!(said.contains("HTTPS_PROXY"), "{said}");
    assert_eq!(world.left(), (vec![], None));
}

#[test]
fn consent_is_asked_for_once_recorded_and_used() {
    let world = World::new();
    world.xwin(FETCHES);
    world.run("one", &["setup", ACCEPT]).expect_success();
    let lock = world.left().1.expect("a lockfile");
    for line in [
        "[microsoft]\n",
        &format!("url = \"{URL}\"\n"),
        "sdk = \"10.0.26100\"\ncrt = \"14.44.17.14\"\n",
        "name = \"zig\"\n",
    ] {
        assert!(lock.contains(line), "{lock}");
    }
    let targets = world.run("one", &["targets", "x86_64-pc-windows-msvc", "--json"]);
    let targets = targets.expect_success().stdout;
    assert!(targets.contains(world.path("cache/xwin").to_str().unwrap()), "{targets}");

    // The record counts as consent, and files that are here need neither network nor xwin.
    std::fs::remove_file(world.path("bin/xwin")).unwrap();
    let said = world.run("one", &["setup", "--offline"]).expect_success().stderr;
    assert!(said.contains("Unchanged"), "{said}");
    assert_eq!(world.left().1.as_ref(), Some(&lock));
    // Another workspace consents for itself.
    world.run("two", &["setup"]).expect_code(2);
    world.run("two", &["setup", ACCEPT]).expect_success();
    assert_eq!(std::fs::read_to_string(world.path("two/tachi.lock")).unwrap(), lock);
}
