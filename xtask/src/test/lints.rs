//! Clippy for the workspace and the example, and for the systems that the tests do not run on: the
//! file tools, `verify`, `inspect` and `plan` are for everybody.
//!
//! All in a target folder of their own, so that they can run beside the end-to-end tests, which
//! leave a core idle now and then.

use super::EXAMPLE;
use super::phase::{Outcome, Phase, Work};
use crate::{process, repository, schemas};

const SYSTEMS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-apple-darwin"];

/// Alone they print what they do; beside other phases they are silent unless they fail.
pub(crate) fn phases(in_turn: bool) -> [Phase; 4] {
    let phase = |name, work: fn(bool) -> Result<(), String>| {
        let work: Work = Box::new(move || work(in_turn).into());
        if in_turn { Phase::new(name, work) } else { Phase::beside(name, work) }
    };
    [
        Phase::new("other systems' std", Box::new(bring_std)),
        phase("clippy", |aloud| clippy(schemas::FEATURE, aloud)),
        phase("clippy, example", |aloud| clippy(&["--manifest-path", EXAMPLE], aloud)),
        phase("other systems", systems),
    ]
}

/// Never beside tests, in which Tachi asks rustup for the same.
fn bring_std() -> Outcome {
    for target in SYSTEMS {
        let std = process::capture(&mut process::command("rustup", &["target", "add", target]));
        if let Err(why) = std {
            let why = why.lines().find(|line| line.starts_with("error")).unwrap_or(&why);
            println!("{target}: not checked, as rustup brings no standard library ({why})");
        }
    }
    Ok(()).into()
}

fn clippy(which: &[&str], aloud: bool) -> Result<(), String> {
    let mut command = process::command("cargo", &["clippy", "--workspace", "--all-targets"]);
    command.arg("--locked").args(which).args(["--", "-D", "warnings"]);
    command.env("CARGO_TARGET_DIR", repository::target_directory()?.join("lints"));
    if aloud { process::run(&mut command) } else { process::capture(&mut command).map(drop) }
}

/// All code for each target whose std is installed.
fn systems(aloud: bool) -> Result<(), String> {
    let list = ["target", "list", "--installed"];
    let installed = process::capture(&mut process::command("rustup", &list)).unwrap_or_default();
    for target in SYSTEMS.into_iter().filter(|target| installed.lines().any(|one| one == *target)) {
        clippy(&["--target", target], aloud)?;
    }
    Ok(())
}
