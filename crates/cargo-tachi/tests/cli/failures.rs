//! Failures between Tachi, cargo and rustc, each with its message and its exit code
//! (docs/exit-codes.md). Nothing is compiled.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::fake_cargo::{Act, FakeCargo};
use crate::support::{HOST, Ran, run};

use Act::{
    CloseStreams, Diagnose, Exit, Flood, Make, MakeOther, MakeTest, MakeText, Print, Report, Say,
    Signal, Wait,
};

#[track_caller]
fn check(ran: &Ran, code: i32, says: &[&str], what: &dyn std::fmt::Debug) {
    assert_eq!(ran.code, Some(code), "{what:?}\n{}{}", ran.stdout, ran.stderr);
    for said in says {
        assert!(ran.stderr.contains(said), "{what:?}: no {said:?} in\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("panicked"), "{what:?}\n{}", ran.stderr);
}

#[test]
fn each_end_of_a_cargo_call_has_its_message_and_exit_code() {
    let fake = FakeCargo::new(&["app"]);
    let finished = fake.path().join("target/tachi/debug").join(HOST).join("app");
    for (acts, code, says) in [
        (&[Make("app")][..], 0, &["Finished"][..]),
        (&[Print("what a build script printed"), Make("app"), Print("")], 0, &["Finished"]),
        (&[Say("warning: words of cargo"), Make("app")], 0, &["words of cargo"]),
        (&[Diagnose("warning", "unused"), Make("app")], 0, &["warning: unused"]),
        (&[Flood(2000), Make("app")], 0, &["flood"]),
        (&[Make("app"), CloseStreams, Exit(0)], 0, &["Finished"]),
        // Cargo and the plan disagree.
        (&[], 1, &["cargo did not report the program `app` of app", "bug of Tachi"]),
        (&[Make("app"), Make("extra")], 1, &["cargo reported the program `extra`", "bug of Tachi"]),
        // Cargo's own failures, in its words.
        (
            &[Diagnose("error", "mismatched types"), Exit(101)],
            101,
            &["error: mismatched types", "compilation failed"],
        ),
        (&[Say("error: could not compile"), Exit(101)], 101, &["could not compile"]),
        (&[Exit(3)], 101, &["compilation failed (exit status: 3)"]),
        (&[Make("app"), Exit(1)], 101, &["compilation failed"]),
        (&[Make("app"), Signal("KILL")], 101, &["compilation failed (signal: 9"]),
        (&[CloseStreams, Exit(101)], 101, &["compilation failed"]),
        // Files that are not what cargo says.
        (&[Report("app")], 2, &["debug/app", "No such file"]),
        (&[MakeText("app", "no program")], 4, &["debug/app"]),
        (&[MakeText("app", "")], 4, &["debug/app"]),
    ] {
        // Files of an earlier case must not hide a missing one.
        let _ = std::fs::remove_dir_all(fake.path().join("target"));
        fake.build(acts);
        let ran = run(fake.tachi().arg("build"));
        check(&ran, code, says, &acts);
        assert_eq!(finished.exists(), code == 0, "{acts:?}");
    }
}

#[test]
fn an_answer_of_cargo_metadata_is_read_or_quoted() {
    let fake = FakeCargo::new(&["app"]);
    for (acts, code, says) in [
        (
            &[Say("error: failed to parse manifest at `x`"), Exit(101)][..],
            2,
            &["failed to parse manifest"][..],
        ),
        (&[Exit(101)], 2, &["metadata"]),
        (&[Print("{}")], 2, &["metadata"]),
        (&[Print("no JSON")], 2, &["metadata"]),
        (&[Exit(0)], 2, &["metadata"]),
        (&[Signal("SEGV")], 2, &["metadata"]),
    ] {
        fake.metadata(acts);
        check(&run(fake.tachi().arg("build")), code, says, &acts);
    }
    assert!(fake.calls().iter().all(|call| call.starts_with("metadata ")), "{:?}", fake.calls());
}

#[test]
fn a_program_that_is_no_compiler_is_named() {
    let fake = FakeCargo::new(&["app"]);
    for (acts, code, says) in [
        (&[Print("rustc 1.95.0"), Print("release: 1.95.0")][..], 3, &["stage/rustc", "host"][..]),
        (&[Exit(1)], 3, &["stage/rustc"]),
        (&[Signal("SEGV")], 3, &["stage/rustc"]),
    ] {
        fake.rustc(acts);
        check(&run(fake.tachi().arg("build")), code, says, &acts);
    }
    for name in ["CARGO", "RUSTC"] {
        let ran = run(fake.tachi().arg("build").env(name, "/nowhere/it"));
        check(&ran, 3, &["/nowhere/it"], &name);
    }
}

#[test]
fn one_call_builds_all_targets_and_each_needs_its_file() {
    let fake = FakeCargo::new(&["app", "more"]);
    fake.build(&[Make("app"), Report("more"), Exit(0)]);
    run(fake.tachi().args(["build", "--bin", "app", "--release"])).expect_code(1);
    fake.build(&[Make("app")]);
    run(fake.tachi().args(["build", "--bin", "app", "--release"])).expect_success();
    let ran = run(fake.tachi().args(["build", "--release"]));
    check(&ran, 1, &["cargo did not report the program `more` of app"], &"one of two");
    let calls = fake.calls();
    let builds: Vec<&String> = calls.iter().filter(|call| call.starts_with("build ")).collect();
    assert_eq!(builds.len(), 3, "{calls:?}");
}

#[test]
fn failed_verification_and_failed_packaging_have_exit_codes_of_their_own() {
    let fake = FakeCargo::new(&["app"]);
    let dist = |config: &str| {
        fake.settings(config);
        run(fake.tachi().args(["dist", "--target", HOST]))
    };
    let sound = "[verify]\nsmoke = false\nwarn = [\"missing-pie\", \"missing-relro\"]\n";
    check(&dist(sound), 0, &[".tar.gz"], &"a sound one");
    check(&dist("[verify]\nmax-size = 10\n"), 4, &["error[TV032]", "not released"], &"too large");
    // A folder where the archive is to be.
    let folder = fake.path().join("target/tachi/dist");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::create_dir_all(folder.join(format!("app-1.0.0-{HOST}.tar.gz/in-the-way"))).unwrap();
    check(&dist(sound), 6, &["app-1.0.0"], &"nowhere to write to");
}

#[test]
fn a_rebuild_that_differs_has_an_exit_code_of_its_own() {
    let fake = FakeCargo::new(&["app"]);
    fake.settings("[verify]\nsmoke = false\n");
    let rebuild = || run(fake.tachi().args(["verify", "--rebuild", "--target", HOST]));
    rebuild().expect_success();
    fake.build(&[MakeOther("app")]);
    rebuild().expect_code(5);
}

#[test]
fn failing_tests_and_tests_that_do_not_compile_end_as_with_cargo() {
    let fake = FakeCargo::new(&["app"]);
    let list = "[ \"$1\" = --list ] && { case \"$*\" in *--ignored*) ;; *) echo one: test ;; esac; exit 0; }";
    let script = |ending: &str| format!("#!/bin/sh\n{list}\necho running 1 test\n{ending}\n");
    let passes = script(
        "echo test one ... ok\necho 'test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s'",
    );
    let fails = script(
        "echo test one ... FAILED\necho 'test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s'; exit 101",
    );
    let crashes = script("kill -SEGV $$");
    for (acts, code) in [
        (&[MakeTest(&passes)][..], 0),
        (&[MakeTest(&fails)], 101),
        (&[MakeTest(&crashes)], 101),
        (&[Diagnose("error", "mismatched types"), Exit(101)], 101),
        (&[], 1),
    ] {
        fake.build(acts);
        let ran = run(fake.tachi().args(["test", "--lib", "--no-nextest", "--target", HOST]));
        check(&ran, code, &[], &acts);
    }
}

#[test]
fn an_interrupt_ends_cargo_and_its_children() {
    let fake = FakeCargo::new(&["app"]);
    fake.build(&[Make("app"), Wait]);
    let mut command = fake.tachi();
    let mut child =
        command.arg("build").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("begun ")).expect("cargo is called");
    run(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]))
        .expect_success();
    lines.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for pid in line.split("begun ").nth(1).unwrap().split_whitespace() {
        assert!(!std::path::Path::new("/proc").join(pid).join("exe").exists(), "{pid} is alive");
    }
    let finished = fake.path().join("target/tachi/debug").join(HOST).join("app");
    assert!(!finished.exists());
}

#[test]
fn of_a_named_package_and_the_workspace_the_name_is_what_cargo_hears() {
    let fake = FakeCargo::new(&["app"]);
    run(fake.tachi().args(["build", "--workspace", "-p", "app"])).expect_success();
    let calls = fake.calls();
    let build = calls.iter().find(|call| call.starts_with("build ")).unwrap();
    assert!(build.contains("--package app") && !build.contains("--workspace"), "{build}");
}
