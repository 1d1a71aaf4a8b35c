//! `cargo tachi test` on this machine: what is selected, what is counted, how it ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use tachi_schema::plan::{Action, ActionKind, Artifact, Plan, StepId};

use crate::support::{HOST, Ran, clean, run, scratch, tachi, write};
use serde_json::Value;

/// A package with every kind of cargo target, of which some are switched off.
const WORKSPACE: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nresolver = \"2\"\nmembers = [\"app\", \"macros\"]\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[features]\nmore = []\n[dependencies]\n\
         macros = { path = \"../macros\" }\n[lib]\nbench = false\n[[bin]]\nname = \"untested\"\npath = \
         \"src/bin/untested.rs\"\ntest = false\n[[bin]]\nname = \"featured\"\npath = \"src/bin/featured.rs\"\n\
         required-features = [\"more\"]\n[[example]]\nname = \"tested\"\ntest = true\n[[bench]]\nname = \"speed\"\n\
         harness = false\n[[test]]\nname = \"own\"\nharness = false\n",
    ),
    (
        "app/src/lib.rs",
        "#[test] fn passes() {}\n#[test] #[ignore = \"slow\"] fn sleeps() {}\n\
         #[test] #[should_panic] fn panics() { panic!() }\n",
    ),
    ("app/src/main.rs", "fn main() {}\n#[test] fn of_the_program() {}\n"),
    ("app/src/bin/untested.rs", "fn main() {}\n"),
    ("app/src/bin/featured.rs", "fn main() {}\n"),
    ("app/examples/plain.rs", "fn main() {}\n"),
    ("app/examples/tested.rs", "fn main() {}\n#[test] fn of_the_example() {}\n"),
    ("app/benches/speed.rs", "fn main() {}\n"),
    (
        "app/tests/it.rs",
        "#[test] fn it() { assert!(cfg!(unix), \"{}\", env!(\"CARGO_BIN_EXE_app\")) }\n",
    ),
    (
        "app/tests/own.rs",
        "fn main() { if std::env::var_os(\"OWN_FAILS\").is_some() { println!(\"because\"); std::process::exit(3) } }\n",
    ),
    (
        "macros/Cargo.toml",
        "[package]\nname = \"macros\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[lib]\nproc-macro = true\n",
    ),
    ("macros/src/lib.rs", "#[test] fn of_the_macros() {}\n"),
];

fn test(dir: &Path, args: &[&str]) -> Ran {
    run(tachi(dir).args(["test", "--no-nextest", "--no-sccache"]).args(args))
}

/// What cargo compiles for the same flags: test executables by their names, then programs.
fn cargos(dir: &Path, args: &[&str]) -> Vec<String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--no-run", "--message-format=json"]).args(args).current_dir(dir);
    clean(&mut cargo);
    let said = run(cargo.env("RUSTC_WRAPPER", "")).expect_success().stdout;
    let messages = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut names: Vec<String> = messages
        .filter(|message| message["executable"].is_string())
        .map(|message| {
            let kind = message["target"]["kind"][0].as_str().unwrap();
            let what = if message["profile"]["test"] == true { "tests of" } else { "the" };
            format!("{what} {kind} {}", message["target"]["name"].as_str().unwrap())
        })
        .collect();
    names.sort();
    names
}

/// What the plan expects, in the same words.
fn planned(dir: &Path, args: &[&str]) -> Vec<String> {
    let ran = test(dir, &[args, &["--no-run", "--message-format", "json"]].concat());
    let compiled: Vec<Value> = ran
        .expect_success()
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut names: Vec<String> = compiled
        .iter()
        .filter(|event| event["event"] == "test-executable")
        .map(|event| {
            let kind = match event["kind"].as_str().unwrap() {
                "library-test" if event["package"] == "macros" => "proc-macro",
                "library-test" => "lib",
                "binary-test" => "bin",
                "example-test" => "example",
                "integration-test" => "test",
                "benchmark-test" => "bench",
                other => panic!("{other}"),
            };
            format!("tests of {kind} {}", event["name"].as_str().unwrap())
        })
        .collect();
    names.sort();
    names
}

#[test]
fn the_same_tests_are_selected_as_by_cargo() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    for args in [
        &[][..],
        &["--lib"],
        &["--bins"],
        &["--bin", "untested"],
        &["--examples"],
        &["--example", "plain"],
        &["--tests"],
        &["--test", "it"],
        &["--benches"],
        &["--bench", "speed"],
        &["--all-targets"],
        &["--features", "app/more", "--bins"],
        &["-p", "macros"],
    ] {
        // Reconciling cargo's messages with the plan checks the programs, too.
        let mut expected = cargos(dir.path(), args);
        expected.retain(|name| name.starts_with("tests of"));
        assert_eq!(planned(dir.path(), args), expected, "{args:?}");
    }
}

#[test]
fn passed_failed_and_skipped_tests_are_counted() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let ran = test(dir.path(), &[]).expect_success();
    // Unit tests of the library (2 and 1 ignored), of the program, the example and the proc
    // macro, the integration test and the one with a harness of its own.
    let line = ran.stdout.lines().nth(2).unwrap_or_default().to_owned();
    let words: Vec<&str> = line.split_whitespace().collect();
    let expected = [HOST, "this", "machine", "7", "0", "1"];
    assert_eq!(words[..6], expected, "{}", ran.stdout);

    let filtered = test(dir.path(), &["passes", "--", "--exact"]).expect_success().stdout;
    let words: Vec<&str> = filtered.lines().nth(2).unwrap_or_default().split_whitespace().collect();
    // The harness of its own knows no filters.
    assert_eq!(words[3..6], ["2", "0", "0"], "{filtered}");

    let mut command = tachi(dir.path());
    command.args(["test", "--no-nextest", "--test", "own", "--junit", "out/junit.xml"]);
    let ran = run(command.env("OWN_FAILS", "1")).expect_code(101);
    assert!(ran.stdout.contains("failed app::own own"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  | because\n  | exit status: 3\n"), "{}", ran.stdout);
    let junit = std::fs::read_to_string(dir.path().join("out/junit.xml")).unwrap();
    assert!(junit.contains("tests=\"1\" skipped=\"0\" failures=\"1\""), "{junit}");
}

#[test]
fn a_failure_skips_the_rest_unless_no_fail_fast_is_given() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    write(
        dir.path(),
        &[
            ("Cargo.toml", manifest),
            ("src/lib.rs", "#[test] fn bad() { println!(\"words\"); panic!(\"reason\") }\n"),
            ("tests/good.rs", "#[test] fn good() {}\n"),
        ],
    );
    let ran = test(dir.path(), &[]).expect_code(101);
    assert!(ran.stdout.contains("1 more not run after the first failure"), "{}", ran.stdout);
    assert!(ran.stdout.contains("failed app bad"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  | words\n") && ran.stdout.contains("reason"), "{}", ran.stdout);
    assert!(ran.stderr.contains("Failed app bad"), "{}", ran.stderr);
    let all = test(dir.path(), &["--no-fail-fast"]).expect_code(101).stdout;
    let words: Vec<&str> = all.lines().nth(2).unwrap_or_default().split_whitespace().collect();
    assert_eq!(words[3..6], ["1", "1", "0"], "{all}");
}

#[test]
fn tests_that_do_not_compile_are_not_run() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    write(
        dir.path(),
        &[
            ("Cargo.toml", manifest),
            ("src/lib.rs", "#[test] fn good() {}\n"),
            ("tests/broken.rs", "#[test] fn bad() { let x: u8 = \"no\"; }\n"),
        ],
    );
    let ran = test(dir.path(), &[]).expect_code(101);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("mismatched types"), "{}", ran.stderr);
    assert!(ran.stderr.contains("error: compilation failed"), "{}", ran.stderr);
    let error = test(dir.path(), &["--test", "borken"]).expect_code(2).stderr;
    assert_eq!(
        error,
        "error: none of the selected packages has the integration test `borken` (did you mean `broken`?)\n  there are: broken\n"
    );
}

#[test]
fn a_test_that_takes_too_long_is_killed_with_its_children() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    let slow = "#[test] fn slow() {\n    let mut child = std::process::Command::new(\"sleep\").arg(\"600\").spawn().unwrap();\n    \
                std::fs::write(\"pid\", child.id().to_string()).unwrap();\n    child.wait().unwrap();\n}\n";
    write(dir.path(), &[("Cargo.toml", manifest), ("src/lib.rs", slow)]);
    let ran = test(dir.path(), &["--timeout", "2"]).expect_code(101);
    assert!(ran.stdout.contains("timed out app"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  | not ended after 2 s"), "{}", ran.stdout);
    check_ended(&std::fs::read_to_string(dir.path().join("pid")).unwrap());
}

/// An ended process has no program any more, even if its parent has not waited for it.
#[track_caller]
fn check_ended(pid: &str) {
    let alive = Path::new("/proc").join(pid).join("exe").exists();
    assert!(!alive, "the process {pid} is still running");
}

#[test]
fn an_interrupt_while_tests_run_ends_them_and_exits_130() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    let body = "#[test] fn waits() {\n    std::fs::write(std::env::var(\"BEGUN\").unwrap(), format!(\"{}\\n\", \
                std::process::id())).unwrap();\n    std::thread::sleep(std::time::Duration::from_secs(600));\n}\n";
    write(dir.path(), &[("Cargo.toml", manifest), ("src/lib.rs", body)]);
    let begun = dir.path().join("begun");
    run(Command::new("mkfifo").arg(&begun)).expect_success();
    let mut child = tachi(dir.path())
        .args(["test", "--no-nextest", "--message-format", "json"])
        .env("BEGUN", &begun)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Blocks until the test has opened its end: no guess about time.
    let mut lines = BufReader::new(std::fs::File::open(&begun).unwrap()).lines();
    let pid = lines.next().unwrap().unwrap();
    run(Command::new("kill").args(["-INT", &child.id().to_string()])).expect_success();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    check_ended(&pid);
}

#[test]
fn cargos_own_table_of_variables_reaches_the_tests() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    let body = "#[test] fn sees() {\n    assert_eq!(std::env::var(\"PLAIN\").unwrap(), \"1\");\n    \
                assert!(std::path::Path::new(&std::env::var(\"FOLDER\").unwrap()).is_absolute());\n}\n";
    let config = "[env]\nPLAIN = \"1\"\nFOLDER = { value = \"data\", relative = true }\n";
    write(
        dir.path(),
        &[("Cargo.toml", manifest), ("src/lib.rs", body), (".cargo/config.toml", config)],
    );
    test(dir.path(), &[]).expect_success();
}

#[test]
fn the_plan_for_tests_names_executables_and_runners() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let targets = "x86_64-unknown-linux-gnu,aarch64-apple-darwin";
    let mut command = tachi(dir.path());
    command.args(["plan", "--test", "--format", "json", "--target", targets]);
    let plan = run(&mut command).expect_success().stdout;
    let plan: Plan = serde_json::from_str(&plan).unwrap();
    let mut seen = Vec::new();
    for step in &plan.steps {
        if let Action::Test(test) = &step.action {
            assert_eq!(step.needs, [StepId::new(ActionKind::Compile, "1")]);
            let names: Vec<String> = test.executables.iter().map(Artifact::test_id).collect();
            seen.push((test.target.clone(), test.runner.clone(), names.join(" ")));
        }
    }
    let names = "app app::bin/app app::example/tested app::it app::own";
    let expected = [
        (HOST, Some("this machine"), format!("{names} macros")),
        // Proc macros, and so their tests, are always for the host.
        ("aarch64-apple-darwin", None, names.to_owned()),
    ]
    .map(|(target, runner, names)| (target.to_owned(), runner.map(str::to_owned), names));
    assert_eq!(seen, expected);
}

#[test]
fn the_tests_of_a_proc_macro_run_once_however_many_calls_compile_them() {
    let dir = scratch();
    write(dir.path(), WORKSPACE);
    let settings = "[target.aarch64-apple-darwin]\nfeatures = [\"app/more\"]\n";
    write(dir.path(), &[("tachi.toml", settings)]);
    let targets = "x86_64-unknown-linux-gnu,aarch64-apple-darwin";
    let mut command = tachi(dir.path());
    command.args(["plan", "--test", "--workspace", "--format", "json", "--target", targets]);
    let plan = run(&mut command).expect_success().stdout;
    let plan: Plan = serde_json::from_str(&plan).unwrap();
    let mut calls_with_macros = 0;
    for step in &plan.steps {
        let is_of_macros = |one: &&Artifact| one.package == "macros";
        match &step.action {
            Action::Compile(call) => {
                calls_with_macros += call.expected.iter().filter(is_of_macros).count();
            }
            Action::Test(test) if test.target == HOST => {
                assert_eq!(test.executables.iter().filter(is_of_macros).count(), 1);
            }
            _ => {}
        }
    }
    assert_eq!(calls_with_macros, 2, "both calls compile them");
}
