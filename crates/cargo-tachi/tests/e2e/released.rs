//! The released sources of real programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{clean, run, write};

/// The sources of a released crate, as crates.io has them, copied into `dir`.
pub(crate) fn released(name: &str, version: &str, dir: &Path) -> PathBuf {
    let fetcher = dir.join("fetch");
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n{name} = \"={version}\"\n"
    );
    write(&fetcher, &[("Cargo.toml", &manifest), ("src/lib.rs", "")]);
    let mut fetch = Command::new("cargo");
    fetch.args(["fetch", "--quiet"]).current_dir(&fetcher);
    clean(&mut fetch);
    run(&mut fetch).expect_success();
    // Cargo's metadata leaves out a dependency that is only a program; its sources are here.
    let home =
        std::env::var("CARGO_HOME").unwrap_or_else(|_| std::env::var("HOME").unwrap() + "/.cargo");
    let registries = std::fs::read_dir(Path::new(&home).join("registry/src")).unwrap();
    let source = registries
        .map(|registry| registry.unwrap().path().join(format!("{name}-{version}")))
        .find(|source| source.exists())
        .expect("cargo fetch unpacks what it fetches");
    let target = dir.join(name);
    run(Command::new("cp").arg("-r").arg(source).arg(&target)).expect_success();
    // Cargo refuses to treat a folder with this marker as a project of its own.
    let _ = std::fs::remove_file(target.join(".cargo-ok"));
    target
}
