//! Ctrl-C and limits of time: children stop, no half-written file stays, the exit code says so.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{HOST, run, scratch, tachi, write};

/// A named pipe, through which programs tell how far they are.
fn named_pipe(dir: &Path) -> PathBuf {
    let pipe = dir.join("pipe");
    run(Command::new("mkfifo").arg(&pipe)).expect_success();
    pipe
}

/// Waits until a program writes a line: no guess about time.
fn next_line(pipe: &Path) -> String {
    BufReader::new(std::fs::File::open(pipe).unwrap()).lines().next().unwrap().unwrap()
}

fn interrupt(child: &Child) {
    run(Command::new("kill").args(["-INT", &child.id().to_string()])).expect_success();
}

fn is_alive(pid: &str) -> bool {
    Path::new("/proc").join(pid).join("exe").exists()
}

/// A project whose only program is run through the shell's `script`.
fn project_run_by(dir: &Path, script: &str, settings: &str) {
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let config = format!(
        "targets = [\"{HOST}\"]\n[target.{HOST}]\nrunner = [\"sh\", \"-c\", {script:?}, \"sh\"]\n{settings}"
    );
    let lock = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n";
    write(
        dir,
        &[
            ("Cargo.toml", manifest),
            ("Cargo.lock", lock),
            ("src/main.rs", "fn main() {}\n"),
            ("tachi.toml", &config),
        ],
    );
}

#[test]
fn an_interrupt_ends_cargo_and_all_it_started_with_code_130() {
    let dir = scratch();
    // A build script that does not end by itself, and tells when it has begun.
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
    let begun = named_pipe(dir.path());
    let mut child = tachi(dir.path())
        .args(["build", "--message-format", "json"])
        .env("BEGUN", &begun)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let script_pid = next_line(&begun);
    interrupt(&child);
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130));
    assert!(!is_alive(&script_pid), "the build script {script_pid} is still running");
    let left =
        run(std::process::Command::new("find").arg(dir.path()).args(["-name", ".tachi-tmp-*"]));
    assert_eq!(left.expect_success().stdout, "");
}

#[test]
fn a_second_interrupt_kills_programs_that_ignore_the_first() {
    let dir = scratch();
    let pipe = named_pipe(dir.path());
    let script = format!(
        "trap 'echo asked > {0}' TERM; exec >&- 2>&-; echo $$ > {0}; while :; do sleep 1; done",
        pipe.display()
    );
    project_run_by(dir.path(), &script, "");
    let mut child =
        tachi(dir.path()).arg("dist").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let pid = next_line(&pipe);
    interrupt(&child);
    assert_eq!(next_line(&pipe), "asked");
    let second = Instant::now();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(second.elapsed() < Duration::from_secs(4), "it was given time to clean up");
    assert!(!is_alive(&pid), "the program {pid} is still running");
}

#[test]
fn a_limit_of_time_holds_for_a_program_that_has_closed_its_streams() {
    let dir = scratch();
    let settings = "[[verify.run]]\nbin = \"app\"\ntimeout = 1\n";
    project_run_by(dir.path(), "exec >&- 2>&-; sleep 600", settings);
    let ran = run(tachi(dir.path()).arg("dist")).expect_code(4);
    assert!(ran.stderr.contains("TV035"), "{}", ran.stderr);
}
