//! `cargo tachi run`: programs for other machines do their work on this one, and arguments, input,
//! output and exit code pass through the runner.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ran, clean, run, scratch, tachi, write};

const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"1.2.3\"\nedition = \"2021\"\n[workspace]\n";

/// What a program needs of std: random numbers (any map), input, files, the environment,
/// threads and unwinding where the system has them, an exit code.
const MAIN: &str = r#"
use std::collections::HashMap;

fn main() {
    let words: HashMap<String, usize> =
        std::io::stdin().lines().map(Result::unwrap).map(|line| (line.clone(), line.len())).collect();
    let sum: usize = words.values().sum();
    #[cfg(not(target_family = "wasm"))]
    let sum = std::thread::spawn(move || sum).join().unwrap();
    #[cfg(not(target_family = "wasm"))]
    assert!(std::panic::catch_unwind(|| panic!("on purpose")).is_err());
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let here = std::fs::read_to_string("here.txt").unwrap();
    let version = std::env::var("CARGO_PKG_VERSION").unwrap();
    println!("{sum} {arguments:?} {here} {version}");
    std::process::exit(arguments.len() as i32 + 40);
}
"#;

/// Whether the compiler has a std of its own for a target, whatever installed it.
fn sysroot_has(target: &str) -> bool {
    let mut rustc = Command::new("rustc");
    clean(&mut rustc);
    let sysroot = run(rustc.args(["--print", "sysroot"])).expect_success().stdout;
    Path::new(sysroot.trim()).join("lib/rustlib").join(target).exists()
}

/// Runs a command with something on its standard input.
fn run_with_input(command: &mut Command, input: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

/// Cost: 15 CPU seconds.
#[test]
fn a_program_for_each_system_runs_here_like_a_native_one() {
    let dir = scratch();
    let files = [("Cargo.toml", MANIFEST), ("src/main.rs", MAIN), ("below/here.txt", "around")];
    write(dir.path(), &files);
    for (target, runner) in [
        ("x86_64-unknown-linux-gnu", ""),
        ("aarch64-unknown-linux-gnu", "qemu-aarch64"),
        ("x86_64-pc-windows-msvc", "wine"),
        ("wasm32-wasip1", ""),
    ] {
        let mut command = tachi(&dir.path().join("below"));
        command.args(["run", "--target", target, "--", "a b", "--flag"]);
        let ran = run_with_input(&mut command, "one\nthree\n");
        // A std that was built from source has no WASI libc to link with.
        if target == "wasm32-wasip1" && !sysroot_has(target) {
            eprintln!("not tested: rustup does not bring {target}");
            continue;
        }
        let ran = ran.expect_code(42);
        let expected = r#"8 ["a b", "--flag"] around 1.2.3"#;
        assert_eq!(ran.stdout.trim_end(), expected, "{target}: {}", ran.stderr);
        let line = ran.stderr.lines().find(|line| line.starts_with("     Running `"));
        let line = line.unwrap_or_else(|| panic!("{target}: {}", ran.stderr));
        assert!(line.contains(runner) && line.ends_with("--flag`"), "{target}: {line}");
        assert!(!ran.stderr.contains("wine32"), "wine's own remarks: {}", ran.stderr);
    }
}

/// Cost: 3 CPU seconds.
#[test]
fn the_users_runners_are_chosen_in_cargos_order() {
    let dir = scratch();
    let configured = "[target.x86_64-pc-windows-msvc]\nrunner = [\"echo\", \"from tachi.toml\"]\n";
    let cargos = "[target.aarch64-unknown-linux-gnu]\nrunner = \"tools/show from\"\n";
    let files = [
        ("Cargo.toml", MANIFEST),
        ("src/main.rs", "fn main() {}\n"),
        ("tachi.toml", configured),
        (".cargo/config.toml", cargos),
        ("tools/show", "#!/bin/sh\necho \"$0 $@\"\n"),
    ];
    write(dir.path(), &files);
    run(Command::new("chmod").args(["+x", "tools/show"]).current_dir(dir.path())).expect_success();
    let said = |command: &mut Command| run(command).expect_success().stdout;
    let mut command = tachi(dir.path());
    command.args(["run", "--target", "aarch64-unknown-linux-gnu"]);
    let shown = said(&mut command);
    let tool = dir.path().canonicalize().unwrap().join("tools/show");
    assert!(shown.starts_with(&format!("{} from target/", tool.display())), "{shown}");
    command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "echo from a variable");
    assert!(said(&mut command).starts_with("from a variable target/"), "the variable is stronger");
    command.args(["--config", "target.aarch64-unknown-linux-gnu.runner='echo from an argument'"]);
    assert!(said(&mut command).starts_with("from an argument target/"), "the argument is stronger");

    let mut command = tachi(dir.path());
    let shown = said(command.args(["run", "--target", "x86_64-pc-windows-msvc"]));
    assert_eq!(
        shown.trim_end(),
        "from tachi.toml target/tachi/debug/x86_64-pc-windows-msvc/app.exe",
        "a runner of the user's stands before what Tachi would take"
    );
}

const SEVERAL: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n",
    ),
    ("src/bin/one.rs", "fn main() { println!(\"one\") }\n"),
    ("src/bin/two.rs", "fn main() { println!(\"two\") }\n"),
    ("examples/three.rs", "fn main() { println!(\"three\") }\n"),
];

/// Runs `cargo tachi run` and returns its output, or its error.
fn run_in(dir: &Path, args: &[&str]) -> Result<String, String> {
    let ran = run(tachi(dir).arg("run").args(args));
    if ran.code == Some(0) { Ok(ran.stdout) } else { Err(ran.expect_code(2).stderr) }
}

/// Cost: 3 CPU seconds.
#[test]
fn one_of_several_programs_has_to_be_chosen_as_with_cargo() {
    let dir = scratch();
    write(dir.path(), SEVERAL);
    assert_eq!(
        run_in(dir.path(), &[]).unwrap_err(),
        "error: `cargo tachi run` could not determine which binary to run. Use the `--bin` option to specify a \
         binary, or the `default-run` manifest key.\navailable binaries: one, two\n"
    );
    assert_eq!(run_in(dir.path(), &["--bin", "two"]).unwrap(), "two\n");
    assert_eq!(run_in(dir.path(), &["--example", "three", "-q"]).unwrap(), "three\n");
    let error = run_in(dir.path(), &["--bin", "one", "--bin", "two"]).unwrap_err();
    assert!(error.contains("can run at most one executable"), "{error}");
    let error = run_in(dir.path(), &["--bin", "one", "--target", "host,aarch64-unknown-linux-gnu"])
        .unwrap_err();
    assert_eq!(error, "error: only one `--target` argument is supported\n");

    let manifest = SEVERAL[0].1.replace("edition", "default-run = \"one\"\nedition");
    write(dir.path(), &[("Cargo.toml", &manifest)]);
    assert_eq!(run_in(dir.path(), &[]).unwrap(), "one\n");
}

/// Cost: 1 CPU seconds.
#[test]
fn a_missing_runner_is_reported_before_anything_is_compiled() {
    let dir = scratch();
    write(dir.path(), SEVERAL);
    let args = ["run", "--bin", "one", "--target", "aarch64-pc-windows-msvc"];
    let ran = run(tachi(dir.path()).args(args)).expect_code(3);
    assert!(
        ran.stderr.starts_with("error: no runner for aarch64-pc-windows-msvc: wine runs programs"),
        "{}",
        ran.stderr
    );
    assert!(!dir.path().join("target").exists());
}
