//! What a failure does to the rest of a run. Nothing is compiled: a script in place of cargo waits
//! or fails on demand.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fake_cargo::{Act, FakeCargo};
use crate::support::{HOST, Ran, run, write};

const MUSL: &str = "x86_64-unknown-linux-musl";

/// A workspace whose two targets need a cargo call each. The call for musl does `second`, once
/// the first one is over.
fn two_calls(settings: &str, second: &[Act<'_>]) -> FakeCargo {
    let fake = FakeCargo::new(&["app"]);
    let linker = format!("[target.{MUSL}]\nlinker = \"/usr/bin/cc\"\n");
    write(fake.path(), &[(".cargo/config.toml", &linker)]);
    let stage = fake.path().join("stage");
    let std = format!("sysroot/lib/rustlib/{MUSL}/lib/libstd-0123456789abcdef.rlib");
    let metadata = std::fs::read_to_string(stage.join("metadata.json")).unwrap();
    let metadata = metadata.replacen("\"features\":{}", "\"features\":{\"more\":[]}", 1);
    write(&stage, &[(&std, ""), ("metadata.json", &metadata)]);
    fake.settings(&format!("[target.{MUSL}]\nfeatures = [\"app/more\"]\n{settings}"));
    fake.build(second);
    std::fs::rename(stage.join("build"), stage.join("second")).unwrap();
    fake.build(&[Act::Make("app")]);
    std::fs::rename(stage.join("build"), stage.join("first")).unwrap();
    let choice =
        format!("case \"$*\" in *{MUSL}*) . \"$stage/second\" ;; *) . \"$stage/first\" ;; esac\n");
    write(&stage, &[("build", &choice)]);
    fake
}

fn dist(fake: &FakeCargo, format: &str) -> Ran {
    let targets = format!("{HOST},{MUSL}");
    run(fake.tachi().args(["dist", "--target", &targets, "--message-format", format]))
}

#[test]
fn a_finding_that_stops_a_release_stops_the_compilation_beside_it() {
    let settings = format!("[target.{HOST}.verify]\nmax-size = 10\n");
    let fake = two_calls(&settings, &[Act::Make("app"), Act::Wait]);
    let begin = Instant::now();
    let ran = dist(&fake, "human").expect_code(4);
    assert!(ran.stderr.contains("error[TV032]"), "{}", ran.stderr);
    assert!(begin.elapsed() < Duration::from_mins(10), "the second call would wait an hour");
    for pid in ran.stderr.split("begun ").nth(1).into_iter().flat_map(|rest| {
        rest.lines().next().unwrap_or_default().split_whitespace().map(str::to_owned)
    }) {
        assert!(!std::path::Path::new("/proc").join(&pid).join("exe").exists(), "{pid} is alive");
    }
}

#[test]
fn a_stream_has_one_beginning_and_one_end_whatever_fails() {
    let settings = format!("[target.{HOST}.verify]\nmax-size = 10\n");
    let finding = two_calls(&settings, &[Act::Make("app"), Act::Wait]);
    let compilation = two_calls("", &[Act::Exit(101)]);
    let unwritable = two_calls("", &[]);
    write(unwritable.path(), &[("target/tachi/release", "a file where the folder is to be")]);
    for (fake, code) in [(finding, 4), (compilation, 101), (unwritable, 2)] {
        let ran = dist(&fake, "json").expect_code(code);
        let events: Vec<Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let named = |name: &str| events.iter().filter(|one| one["event"] == name).count();
        assert_eq!((named("started"), named("ended")), (1, 1), "{}", ran.stdout);
        assert_eq!(events[0]["event"], "started");
        let last = events.last().unwrap();
        assert_eq!((&last["event"], &last["code"]), (&"ended".into(), &code.into()));
        assert!(events.iter().zip(0..).all(|(event, seq)| event["seq"] == seq), "{}", ran.stdout);
        // Each step that has started has ended, and is one of the plan's.
        assert_eq!(named("step-started"), named("step-finished"), "{}", ran.stdout);
    }
}

#[test]
fn a_failed_release_leaves_no_package_of_an_older_one_even_if_cargo_fails_beside_it() {
    let fake = two_calls(
        "[verify]\nsmoke = false\nwarn = [\"missing-pie\", \"missing-relro\", \"foreign-library\"]\n",
        &[Act::Make("app")],
    );
    let packages = || {
        let entries = std::fs::read_dir(fake.path().join("target/tachi/dist")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    dist(&fake, "human").expect_success();
    assert_eq!(packages().iter().filter(|name| name.ends_with(".tar.gz")).count(), 2);
    fake.settings(&format!(
        "[target.{MUSL}]\nfeatures = [\"app/more\"]\n[target.{HOST}.verify]\nmax-size = 10\n"
    ));
    let stage = fake.path().join("stage");
    write(&stage, &[("second", "exit 101\n")]);
    // Either may fail first; if a finding is among the failures, the older packages are removed.
    let ran = dist(&fake, "human");
    assert!(matches!(ran.code, Some(4 | 101)), "{}", ran.stderr);
    if ran.stderr.contains("error[TV032]") {
        assert_eq!(packages(), [""; 0]);
    }
}
