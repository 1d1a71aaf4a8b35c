//! Clippy for the workspace and the example, and for the systems that the tests do not run on: the
//! file tools, `verify`, `inspect` and `plan` are for everybody.
//!
//! All in a target folder of their own, so that they can run beside the end-to-end tests, which
//! leave a core idle now and then.

use super::EXAMPLE;
use super::phase::{Phase, Work};
use crate::{process, repository, schemas};

const SYSTEMS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-apple-darwin"];

/// One phase for each. In turn with others they say what they do; beside them they are silent
/// unless they fail.
pub(crate) fn phases(in_turn: bool) -> [Phase; 3] {
    let phase = |name, work: fn(bool) -> Result<(), String>| {
        let work: Work = Box::new(move || work(in_turn).into());
        if in_turn { Phase::new(name, work) } else { Phase::beside(name, work) }
    };
    [
        phase("clippy", |aloud| clippy(schemas::FEATURE, aloud)),
        phase("clippy, example", |aloud| clippy(&["--manifest-path", EXAMPLE], aloud)),
        phase("other systems", systems),
    ]
}

fn clippy(which: &[&str], aloud: bool) -> Result<(), String> {
    let mut command = process::command("cargo", &["clippy", "--workspace", "--all-targets"]);
    command.arg("--locked").args(which).args(["--", "-D", "warnings"]);
    command.env("CARGO_TARGET_DIR", repository::target_directory()?.join("lints"));
    if aloud { process::run(&mut command) } else { process::capture(&mut command).map(drop) }
}

/// All code for each target whose std rustup brings.
fn systems(aloud: bool) -> Result<(), String> {
    for target in SYSTEMS {
        let std = process::capture(&mut process::command("rustup", &["target", "add", target]));
        if let Err(why) = std {
            let why = why.lines().find(|line| line.starts_with("error")).unwrap_or(&why);
            println!("{target}: not checked, as rustup brings no standard library ({why})");
            continue;
        }
        if aloud {
            println!("{target}:");
        }
        clippy(&["--target", target], aloud)?;
    }
    Ok(())
}
