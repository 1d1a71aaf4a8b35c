//! Provides rcodesign for the comparison of signing: from `PATH`, else built once.

use std::path::PathBuf;

use crate::{process, repository};

const VERSION: &str = "0.29.0";

/// Finds it, or builds it, which takes minutes; the program stays in the workspace's target folder.
pub(super) fn provide() -> Result<PathBuf, String> {
    if let Some(program) = process::on_path("rcodesign") {
        return Ok(program);
    }
    let target = repository::target_directory()?;
    let root = target.join("bench-tools").join(format!("rcodesign-{VERSION}"));
    let program = root.join("bin/rcodesign");
    if !program.is_file() {
        eprintln!("rcodesign is not on PATH: building {VERSION} into {}", root.display());
        let exactly = format!("={VERSION}");
        let install = ["install", "apple-codesign", "--version", &exactly, "--locked"];
        let mut cargo = process::command("cargo", &install);
        cargo.args(["--bin", "rcodesign", "--root"]).arg(&root);
        // A folder of its own: it has other versions of many crates than the workspace.
        cargo.env("CARGO_TARGET_DIR", target.join("bench-tools/build"));
        process::capture(&mut cargo)?;
    }
    Ok(program)
}
