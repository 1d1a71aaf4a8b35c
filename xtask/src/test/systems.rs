//! The workspace has to compile for the systems that its tests do not run on: the file tools,
//! `verify`, `inspect` and `plan` are for everybody.

use crate::process;

const TARGETS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-apple-darwin"];

/// Checks all code for each target whose std rustup brings.
pub(crate) fn check() -> Result<(), String> {
    for target in TARGETS {
        let std = process::capture(&mut process::command("rustup", &["target", "add", target]));
        if let Err(why) = std {
            let why = why.lines().find(|line| line.starts_with("error")).unwrap_or(&why);
            println!("{target}: not checked, as rustup brings no standard library ({why})");
            continue;
        }
        println!("{target}:");
        let line = ["clippy", "--workspace", "--all-targets", "--locked", "--target", target];
        process::run(process::command("cargo", &line).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}
