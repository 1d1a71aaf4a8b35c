//! `cargo xtask demo`: the README's first command.

use crate::arguments::Arguments;
use crate::{compiler, process, repository, setup};

/// Developers build the example with their uncommitted changes.
const DIST: &[&str] = &[
    "tachi",
    "dist",
    "--manifest-path",
    "examples/tachikoma/Cargo.toml",
    "--target",
    "all",
    "--allow-dirty",
];

/// Builds and packages the example, and lists what came out.
pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    arguments.finish()?;
    setup::for_building()?;
    process::run(&mut process::command("cargo", repository::BUILD_TACHI))?;
    let tachi = repository::programs()?.join("cargo-tachi");
    let mut dist = process::command(&tachi.display().to_string(), DIST);
    if let Some(debians) = compiler::stand_in()? {
        debians.used_by(&mut dist);
    }
    process::run(&mut dist)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || repository::root().join("examples/tachikoma/target"),
        |dir| repository::root().join(dir),
    );
    let dist = target.join("tachi/dist");
    println!("\nin {}:", dist.display());
    for (name, bytes) in files(&dist)? {
        println!("  {bytes:>12} bytes  {name}");
    }
    Ok(())
}

fn files(folder: &std::path::Path) -> Result<Vec<(String, u64)>, String> {
    let unreadable = |error| format!("cannot list {}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let facts = entry.metadata().map_err(unreadable)?;
        if facts.is_file() {
            found.push((entry.file_name().to_string_lossy().into_owned(), facts.len()));
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(format!("{} is empty: dist packaged nothing", folder.display()));
    }
    Ok(found)
}
