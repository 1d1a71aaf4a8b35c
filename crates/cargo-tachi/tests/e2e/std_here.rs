//! Which targets this machine can compile for, whether rustup answers or not.
#![expect(clippy::disallowed_macros, reason = "a test says what it leaves out")]

use std::path::Path;
use std::process::Command;

use crate::support::{Ran, run, tachi};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
/// Where Debian keeps the source of its std.
const SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// A compiler for each target, and why there is none for the others.
#[derive(Debug, Default)]
pub(crate) struct StdHere {
    /// Those for the compiler in use, to which Tachi has added what rustup has.
    pub(crate) usual: Vec<&'static str>,
    /// Those that Debian's compiler can do, which builds std from its source.
    pub(crate) debians: Vec<&'static str>,
    /// The rest, each with the reason.
    pub(crate) without: Vec<(&'static str, String)>,
}

impl StdHere {
    /// Has Tachi build the project in `dir` for each target that rustup still has to install. If
    /// it cannot, Debian's compiler builds std for those in `from_source` only, as each takes
    /// minutes.
    pub(crate) fn of(targets: &[&'static str], dir: &Path, from_source: &[&str]) -> Self {
        let has_debians = Path::new(RUSTC).exists() && Path::new(SOURCE).exists();
        let mut here = Self::default();
        for &target in targets {
            match unavailable(target, dir) {
                None => here.usual.push(target),
                Some(_) if has_debians && from_source.contains(&target) => {
                    here.debians.push(target);
                }
                Some(why) => here.without.push((target, why)),
            }
        }
        for (target, why) in &here.without {
            eprintln!("not proved: {target}: {why}");
        }
        for target in &here.debians {
            eprintln!("left to Debian's compiler, as rustup brings no std: {target}");
        }
        here
    }
}

/// `cargo tachi` with the compiler in use.
pub(crate) fn tachi_with_the_usual(dir: &Path) -> Command {
    let mut command = tachi(dir);
    command.env_remove("RUSTC").env_remove("CARGO");
    command
}

/// `cargo tachi` with Debian's compiler and cargo, which rustup does not know.
pub(crate) fn tachi_with_debians(dir: &Path) -> Command {
    let mut command = tachi(dir);
    command.env("RUSTC", RUSTC).env("CARGO", CARGO).env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// Why there is no std for a target; none if there is one, or it is built from source.
fn unavailable(target: &str, dir: &Path) -> Option<String> {
    let plan =
        run(tachi_with_the_usual(dir).args(["plan", "--target", target, "--format", "json"]));
    if plan.code != Some(0) {
        return Some(complaint(&plan));
    }
    let plan: serde_json::Value = serde_json::from_str(&plan.stdout).unwrap();
    let mut kits = plan["targets"].as_array().unwrap().iter();
    if !kits.any(|kit| kit["std"] == "rustup") {
        return None;
    }
    let build = run(tachi_with_the_usual(dir).args(["build", "--target", target]));
    if build.code == Some(0) {
        return None;
    }
    // Any other error is for the tests to find.
    assert!(build.stderr.contains("no standard library for"), "{target}: {}", build.stderr);
    Some(complaint(&build))
}

/// Tachi's error and what rustup said, on one line.
fn complaint(ran: &Ran) -> String {
    let lines = ran.stderr.lines().map(|line| line.trim_start_matches(['|', ' ']));
    let said: Vec<&str> = lines.filter(|line| line.starts_with("error")).collect();
    if said.is_empty() { ran.stderr.trim().to_owned() } else { said.join("; ") }
}
