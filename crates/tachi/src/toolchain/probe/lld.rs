//! LLVM's linker for all formats, and its version.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::{RustcFacts, memory};
use crate::cache::CacheRoot;
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, fs, run};
use crate::toolchain::error::ToolchainError;

/// LLVM's linker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lld {
    /// The program, which takes `-flavor`.
    pub program: Utf8PathBuf,
    /// Its version, or the compiler that it belongs to.
    pub version: String,
}

/// rustc's own lld, else one on `PATH`. rustc brings one that its targets are tested with;
/// distributions' compilers leave it out.
pub(super) fn find(
    environment: &Environment,
    rustc: &RustcFacts,
    cache: &CacheRoot,
    interrupt: &Interrupt,
) -> Result<Option<Lld>, ToolchainError> {
    let own = rustc.sysroot.join("lib/rustlib").join(&rustc.host).join("bin/rust-lld");
    if fs::is_executable(&own) {
        let identity = rustc.identity.get(..8).unwrap_or(&rustc.identity);
        let version = format!("of rustc {} ({identity})", rustc.release);
        return Ok(Some(Lld { program: own, version }));
    }
    let Some(program) = environment.find_program("lld") else { return Ok(None) };
    let ask = || version(&program, interrupt);
    let version = memory::recall(&program, &cache.answers_of("lld"), ask)?;
    Ok(Some(Lld { program, version }))
}

/// The first line that lld prints for `--version`; its length, if it prints nothing.
fn version(program: &Utf8Path, interrupt: &Interrupt) -> Result<String, ToolchainError> {
    let ask = Command::new(program.as_str()).args(["-flavor", "gnu", "--version"]);
    let said = match run::capture(&ask, interrupt) {
        Ok(said) => said,
        Err(SysError::Interrupted) => return Err(SysError::Interrupted.into()),
        Err(_) => String::new(),
    };
    let line = said.lines().next().map(str::trim).filter(|line| !line.is_empty());
    let len = fs::state(program).map_or(0, |state| state.len);
    Ok(line.map_or_else(|| format!("unknown, of {len} bytes"), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(root: &Utf8Path) -> Option<Lld> {
        let rustc = RustcFacts {
            path: root.join("rustc"),
            host: "x86_64-unknown-linux-gnu".into(),
            release: "1.95.0".into(),
            commit_hash: None,
            llvm: None,
            identity: "0123456789".into(),
            sysroot: root.join("sysroot"),
        };
        let environment = Environment::new([("PATH".into(), root.join("bin").into_string())], root);
        find(&environment, &rustc, &CacheRoot::new(root.join("cache")), &Interrupt::default())
            .unwrap()
    }

    fn program(path: &Utf8Path, says: &str) {
        let script = format!("#!/bin/sh\n[ \"$*\" = '-flavor gnu --version' ] && echo '{says}'\n");
        fs::write_atomic_with(path, 0o755, |file| {
            use std::io::Write;
            file.write_all(script.as_bytes()).map_err(SysError::file("write", path))
        })
        .unwrap();
        // Another test's child may hold the file open for writing until it becomes its program.
        let command = Command::new(path.as_str());
        assert!((0..100).any(|_| run::aloud(&command, &Interrupt::default()).is_ok()));
    }

    #[test]
    fn rustcs_own_lld_comes_first_and_another_is_known_by_what_it_says() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        assert_eq!(look(root), None);
        let on_path = root.join("bin/lld");
        program(&on_path, "LLD 19.1.7 (compatible with GNU linkers)");
        let version = |lld: Option<Lld>| lld.unwrap().version;
        assert_eq!(version(look(root)), "LLD 19.1.7 (compatible with GNU linkers)");
        program(&on_path, "LLD 20.1");
        assert_eq!(version(look(root)), "LLD 20.1");
        program(&on_path, "");
        assert!(version(look(root)).starts_with("unknown, of "));

        let own = root.join("sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
        program(&own, "");
        let found = look(root).unwrap();
        assert_eq!((found.program, &*found.version), (own, "of rustc 1.95.0 (01234567)"));
    }
}
