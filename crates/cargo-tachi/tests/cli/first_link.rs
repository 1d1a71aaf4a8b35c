//! What people read while a target is linked for the first time. A slow script replaces zig, which
//! takes up to a minute to compile a C library.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{HOST, run, scratch, tachi, write};

/// Links with the host's own compiler, after a while.
const ZIG: &str = r#"#!/bin/sh
[ "$1" = version ] && { echo 0.17.1; exit; }
shift 3
for arg; do
    shift
    [ "$arg" = -lunwind ] && arg=-lgcc_s
    set -- "$@" "$arg"
done
sleep 2.5
exec cc "$@"
"#;

/// The notices of a build into a target folder of its own.
fn notices(dir: &Path, target_dir: &str) -> Vec<String> {
    let path = format!("{}:{}", dir.join("bin").display(), std::env::var("PATH").unwrap());
    let mut command = tachi(dir);
    command
        .args(["build", "--message-format", "json", "--target", HOST, "--target-dir", target_dir])
        .env("PATH", path)
        .env("TACHI_CACHE_DIR", dir.join("cache"));
    let events = run(&mut command).expect_success().stdout;
    let events = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events
        .filter(|event| event["event"] == "notice")
        .map(|event| event["message"].as_str().unwrap().to_owned())
        .filter(|message| message.starts_with("zig compiles "))
        .collect()
}

/// Costs about 6 s, most of which is waiting.
#[test]
fn only_the_first_link_says_what_it_waits_for_and_how_long_it_took() {
    let scratch = scratch();
    let dir = scratch.path();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";
    write(dir, &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n"), ("bin/zig", ZIG)]);
    run(Command::new("chmod").arg("+x").arg(dir.join("bin/zig"))).expect_success();

    let first = notices(dir, "one");
    let sentence = "zig compiles glibc's stubs and start files for x86_64, which the first link of this kind needs";
    assert_eq!(first.len(), 2, "{first:?}");
    assert_eq!(first[0], sentence);
    let took = first[1].strip_prefix(sentence).unwrap();
    assert!(took.starts_with(": done in ") && took.ends_with(" s"), "{took}");

    assert_eq!(notices(dir, "two"), [""; 0]);
}
