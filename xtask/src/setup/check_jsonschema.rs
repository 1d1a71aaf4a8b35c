//! check-jsonschema, a Python program: an independent validator of what Tachi writes, by docs/schema.
//! It has a folder of its own below the target folder, so that the system's Python stays unchanged.

use std::path::PathBuf;

use crate::{process, repository};

const PINNED: &str = "check-jsonschema==0.39.0";

/// Installs it if it is missing. With `check`, only says so.
pub(crate) fn bring(check: bool) -> Result<(), String> {
    let folder = folder()?;
    if answers(&folder) {
        return Ok(());
    }
    println!("setup: {PINNED} is missing; it validates what Tachi writes by docs/schema");
    if check {
        return Err("setup: run `cargo xtask setup`".to_owned());
    }
    let pip = ["-m", "pip", "install", "--quiet", "--upgrade", "--target"];
    process::run(process::command("python3", &pip).arg(&folder).arg(PINNED))
}

/// Where the end-to-end tests look for it.
fn folder() -> Result<PathBuf, String> {
    Ok(repository::target_directory()?.join("tools/check-jsonschema"))
}

/// Another Python than the one that it was installed for may not load it.
fn answers(folder: &PathBuf) -> bool {
    let asked = ["-m", "check_jsonschema", "--version"];
    process::capture(process::command("python3", &asked).env("PYTHONPATH", folder)).is_ok()
}
