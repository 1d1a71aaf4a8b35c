//! If no xwin is installed, cargo really builds one, which is kept, called, and quoted.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::{Ran, run, scratch, tachi, write};

/// The programs that building a program with parts in C needs.
const PROGRAMS: [&str; 7] = ["cargo", "rustc", "cc", "ld", "as", "ar", "sh"];

/// Cost: 400 CPU seconds.
#[test]
#[ignore = "compiles xwin, which takes minutes"]
fn xwin_is_built_once_and_its_failure_to_fetch_is_quoted() {
    let dir = scratch();
    write(
        dir.path(),
        &[
            ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[workspace]\n"),
            ("src/main.rs", "fn main() {}\n"),
        ],
    );
    let bin = dir.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    for name in PROGRAMS {
        symlink(on_path(name), bin.join(name)).unwrap();
    }
    let cache = dir.path().join("cache");
    let setup = || -> Ran {
        let mut command = tachi(dir.path());
        command.args(["setup", "--accept-microsoft-license"]);
        command.env("PATH", &bin).env("TACHI_CACHE_DIR", &cache).env_remove("XWIN_CACHE_DIR");
        // Microsoft's servers are not asked; cargo's are, through this machine's proxy.
        let proxy = std::env::var("HTTPS_PROXY").or(std::env::var("https_proxy"));
        command.env("CARGO_HTTP_PROXY", proxy.unwrap_or_default());
        command.env("HTTPS_PROXY", "http://127.0.0.1:9");
        // A user's flags are for other programs than this one.
        command.env("RUSTFLAGS", "-Clinker=/nowhere/cc").env("CARGO_BUILD_TARGET", "wasm32-wasip1");
        run(&mut command)
    };

    let first = setup().expect_code(3).stderr;
    assert!(first.contains("building xwin 0.10.0 with `cargo install`"), "{first}");
    let xwin = cache.join("xwin-fetch/xwin-0.10.0/bin/xwin");
    let version = run(std::process::Command::new(&xwin).arg("--version")).expect_success();
    assert!(version.stdout.contains("0.10.0"), "{}", version.stdout);

    let second = setup().expect_code(3).stderr;
    assert!(!second.contains("building xwin"), "{second}");
    for said in [first, second] {
        assert!(said.contains("xwin could not fetch Microsoft's C runtime"), "{said}");
        assert!(said.contains("/release/channel failed"), "{said}");
    }
    assert!(!cache.join("xwin").exists() && !dir.path().join("tachi.lock").exists());
    let kept: Vec<_> = std::fs::read_dir(cache.join("xwin-fetch")).unwrap().collect();
    assert_eq!(kept.len(), 2, "only the lock and the program are kept: {kept:?}");
}

fn on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut found = std::env::split_paths(&path).map(|dir| dir.join(name));
    found.find(|path| Path::exists(path)).unwrap_or_else(|| panic!("{name} is not on PATH"))
}
