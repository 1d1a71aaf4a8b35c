//! sccache: used if it is installed, never instead of the user's own wrapper, and never a reason
//! to fail.

use std::path::Path;
use std::process::Command;

use crate::support::{run, scratch, tachi_with_sccache as tachi, write};

const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n\
    [dependencies]\nitoa = \"1\"\n";
const MAIN: &str = "fn main() { println!(\"{}\", itoa::Buffer::new().format(7)); }\n";

/// A server of this test's own, stopped at its end.
struct Server<'a> {
    port: &'a str,
    folder: std::path::PathBuf,
}

impl Server<'_> {
    fn configure<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("SCCACHE_SERVER_PORT", self.port).env("SCCACHE_DIR", &self.folder)
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.configure(Command::new("sccache").arg("--stop-server")).output();
    }
}

fn project(dir: &Path) {
    write(dir, &[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)]);
}

#[test]
fn a_second_build_from_scratch_comes_from_the_cache() {
    let dir = scratch();
    project(dir.path());
    let server = Server { port: "43261", folder: dir.path().join("sccache") };
    let build = |target_dir: &str| {
        let mut command = tachi(dir.path());
        command.args([
            "build",
            "--release",
            "--target-dir",
            target_dir,
            "--message-format",
            "json",
        ]);
        let ran = run(server.configure(&mut command)).expect_success();
        let events =
            ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        events.into_iter().find(|event| event["event"] == "sccache")
    };
    let hits = |counts: Option<serde_json::Value>| counts.unwrap()["hits"].as_u64().unwrap();
    assert_eq!(hits(build("target")), 0);
    assert_eq!(build("target"), None, "nothing is compiled, and sccache is not asked");
    // The same folder: sccache has absolute paths in its keys.
    std::fs::remove_dir_all(dir.path().join("target")).unwrap();
    assert!(hits(build("target")) > 0);
}

#[test]
fn a_server_that_cannot_start_is_a_warning_and_the_build_goes_on() {
    let dir = scratch();
    project(dir.path());
    let mut command = tachi(dir.path());
    // Nothing listens on port 1, and an ordinary file is no folder to cache in.
    command
        .arg("build")
        .env("SCCACHE_SERVER_PORT", "43262")
        .env("SCCACHE_REDIS", "redis://127.0.0.1:1");
    let ran = run(&mut command).expect_success();
    let _ =
        Command::new("sccache").arg("--stop-server").env("SCCACHE_SERVER_PORT", "43262").output();
    assert!(
        ran.stderr.contains("building without sccache, because it does not answer"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_users_own_wrapper_and_sccache_false_are_respected() {
    let dir = scratch();
    project(dir.path());
    let uses_sccache = |args: &[&str], wrapper: Option<&str>| {
        let mut command = tachi(dir.path());
        command.args(["plan", "-v"]).args(args);
        if let Some(wrapper) = wrapper {
            command.env("RUSTC_WRAPPER", wrapper);
        }
        run(&mut command).expect_success().stdout.contains("RUSTC_WRAPPER=")
    };
    assert!(uses_sccache(&[], None));
    assert!(uses_sccache(&["--sccache"], None));
    assert!(!uses_sccache(&["--no-sccache"], None));
    assert!(!uses_sccache(&[], Some("")), "an empty RUSTC_WRAPPER is the user's word too");
    assert!(!uses_sccache(&["--sccache"], Some("/bin/env")));
    write(dir.path(), &[("tachi.toml", "[cache]\nsccache = false\n")]);
    assert!(!uses_sccache(&[], None));
    assert!(uses_sccache(&["--sccache"], None));
}
