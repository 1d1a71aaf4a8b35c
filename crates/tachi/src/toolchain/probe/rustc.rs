//! What rustc says about itself.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::{RustcFacts, memory, rustup_home};
use crate::cache::CacheRoot;
use crate::digest;
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, fs, run};
use crate::toolchain::error::ToolchainError;

/// The facts of the compiler that `named` runs.
pub(super) fn facts(
    environment: &Environment,
    named: &Utf8Path,
    cache: &CacheRoot,
    interrupt: &Interrupt,
) -> Result<RustcFacts, ToolchainError> {
    let path = real(environment, named, interrupt)?;
    memory::recall(&path, &cache.answers_of("rustc"), || ask(&path, interrupt))
}

fn ask(path: &Utf8Path, interrupt: &Interrupt) -> Result<RustcFacts, ToolchainError> {
    let version = run::capture(&Command::new(path.as_str()).arg("-vV"), interrupt)?;
    let sysroot =
        run::capture(&Command::new(path.as_str()).args(["--print", "sysroot"]), interrupt)?;
    parse(path, &version, sysroot.trim())
}

fn parse(path: &Utf8Path, version: &str, sysroot: &str) -> Result<RustcFacts, ToolchainError> {
    let field = |name: &str| {
        let value = version.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        Some(value.to_owned()).filter(|value| value != "unknown")
    };
    let needed = |name: &'static str| {
        field(name)
            .ok_or_else(|| ToolchainError::StrangeRustc { rustc: path.to_owned(), missing: name })
    };
    Ok(RustcFacts {
        path: path.to_owned(),
        host: needed("host")?,
        release: needed("release")?,
        commit_hash: field("commit-hash"),
        llvm: field("LLVM version"),
        identity: digest::hex(&Sha256::digest(version)),
        sysroot: sysroot.into(),
    })
}

/// The compiler behind rustup's stand-in, as cargo finds it: through `RUSTUP_TOOLCHAIN`,
/// which rustup sets for cargo and cargo leaves for us. Without it rustup itself has to
/// answer, for the choice may depend on the folder.
fn real(
    environment: &Environment,
    named: &Utf8Path,
    interrupt: &Interrupt,
) -> Result<Utf8PathBuf, ToolchainError> {
    if !is_rustups(named) {
        return Ok(named.to_owned());
    }
    let program = format!("rustc{}", std::env::consts::EXE_SUFFIX);
    if let (Some(toolchain), Some(home)) =
        (environment.var("RUSTUP_TOOLCHAIN"), rustup_home(environment))
    {
        let path = home.join("toolchains").join(toolchain).join("bin").join(&program);
        if fs::is_executable(&path) {
            return Ok(path);
        }
    }
    let ask = Command::new(named.as_str())
        .args(["--print", "sysroot"])
        .current_dir(environment.current_dir().as_str());
    let sysroot = run::capture(&ask, interrupt).map_err(|error| match &error {
        SysError::Failed { stderr, .. } => no_toolchain(stderr).unwrap_or(error.into()),
        _ => error.into(),
    })?;
    let path = Utf8Path::new(sysroot.trim()).join("bin").join(program);
    Ok(if fs::is_executable(&path) { path } else { named.to_owned() })
}

/// What rustup says where it does not have the toolchain that it is to use:
/// `error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed`, or for one that
/// the user linked `error: custom toolchain 'mine' specified in … is not installed`.
fn no_toolchain(stderr: &str) -> Option<ToolchainError> {
    let line = stderr.lines().find(|line| line.ends_with("is not installed"))?;
    let (before, name) = line.split_once("toolchain '")?;
    let toolchain = name.split_once('\'')?.0.to_owned();
    let command = if before.ends_with("custom ") {
        format!("link {toolchain} PATH")
    } else {
        format!("install {toolchain}")
    };
    Some(ToolchainError::NoToolchain { toolchain, command })
}

/// Whether `rustc` is rustup under another name: a link to, or a copy of, the `rustup`
/// beside it.
fn is_rustups(rustc: &Utf8Path) -> bool {
    let rustup = rustc.with_file_name(format!("rustup{}", std::env::consts::EXE_SUFFIX));
    let (rustc, rustup) = (fs::state(rustc), fs::state(&rustup));
    rustup.is_some() && rustc.map(|state| state.len) == rustup.map(|state| state.len)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\ncommit-hash: unknown\n\
                          host: x86_64-unknown-linux-gnu\nrelease: 1.95.0\nLLVM version: 22.1.2\n";

    /// A compiler that counts how often it is asked.
    fn stand_in(dir: &Utf8Path) -> Utf8PathBuf {
        let path = dir.join("rustc");
        let script = format!(
            "#!/bin/sh\necho x >> {dir}/asked\n[ $1 = -vV ] && printf '{ANSWER}' || echo /s\n"
        );
        fs::write_new(&path, 0o755, &mut script.as_bytes()).unwrap();
        path
    }

    #[test]
    fn a_compiler_is_asked_once_until_it_changes_and_a_broken_memory_does_no_harm() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let environment = Environment::new([], dir);
        let path = stand_in(dir);
        let cache = CacheRoot::new(dir.join("cache"));
        let look = || facts(&environment, &path, &cache, &Interrupt::default()).unwrap();
        let asked = || fs::read_to_string(&dir.join("asked")).unwrap().lines().count();

        let first = look();
        assert_eq!((first.release.as_str(), first.sysroot.as_str()), ("1.95.0", "/s"));
        assert_eq!(first.commit_hash, None);
        assert_eq!(asked(), 2);
        assert_eq!(look(), first);
        assert_eq!(asked(), 2);

        let memory = fs::list(&cache.answers_of("rustc")).unwrap().remove(0);
        fs::write_atomic(&memory, b"{ broken").unwrap();
        assert_eq!(look(), first);
        assert_eq!(asked(), 4);

        fs::remove_file(&path).unwrap();
        let script = "#!/bin/sh\necho host: a; echo release: 2; echo more\n";
        fs::write_new(&path, 0o755, &mut script.as_bytes()).unwrap();
        assert_eq!(look().release, "2");
    }

    #[test]
    fn a_toolchain_that_rustup_does_not_have_is_named_with_the_command_that_brings_it() {
        for (said, help) in [
            (
                "error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed\nhelp: run `rustup`",
                "help: rustup toolchain install 1.70.0-x86_64-unknown-linux-gnu",
            ),
            (
                "info: a\nerror: custom toolchain 'mine' specified in override file '/w/rust-toolchain.toml' is not installed",
                "help: rustup toolchain link mine PATH",
            ),
        ] {
            let error = no_toolchain(said).unwrap().to_string();
            assert!(error.ends_with(help), "{error}");
        }
        for other in
            ["", "error: could not compile", "error: component 'rust-src' is not installed"]
        {
            assert!(no_toolchain(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_program_that_is_no_compiler_is_named() {
        let error = parse("/bin/true".into(), "", "").unwrap_err();
        assert!(error.to_string().starts_with("`/bin/true -vV` did not say its host"), "{error}");
    }
}
