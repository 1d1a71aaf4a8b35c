//! Ctrl-C: children stop, nothing half-written stays, the exit code says so.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::support::{run, scratch, tachi, write};

#[test]
fn an_interrupt_ends_cargo_and_all_it_started_with_code_130() {
    let dir = scratch();
    // A build script that outlives any patience, and says when it has begun.
    let script = r#"
        fn main() {
            std::fs::write(std::env::var("BEGUN").unwrap(), std::process::id().to_string()).unwrap();
            std::thread::sleep(std::time::Duration::from_secs(3600));
        }
    "#;
    let manifest = "[package]\nname = \"slow\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    write(
        dir.path(),
        &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n"), ("build.rs", script)],
    );
    let begun = dir.path().join("begun");
    let status = run(std::process::Command::new("mkfifo").arg(&begun));
    status.expect_success();
    let mut child = tachi(dir.path())
        .args(["build", "--message-format", "json"])
        .env("BEGUN", &begun)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Blocks until the build script has opened its end: no guess about time.
    let mut lines = BufReader::new(std::fs::File::open(&begun).unwrap()).lines();
    let script_pid = lines.next().unwrap().unwrap();
    run(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]))
        .expect_success();
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130));
    let alive = std::path::Path::new("/proc").join(&script_pid).join("exe").exists();
    assert!(!alive, "the build script {script_pid} is still running");
    let left =
        run(std::process::Command::new("find").arg(dir.path()).args(["-name", ".tachi-tmp-*"]));
    assert_eq!(left.expect_success().stdout, "");
}
