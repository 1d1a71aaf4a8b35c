//! Looks at the compilers, linkers and SDKs of this machine. It is the only part of the domain that
//! looks around, and it looks at no more than a plan needs: `cargo tachi plan` waits for it.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::error::ToolchainError;
use super::runner::{self, RunnerFacts};
use crate::cache::CacheRoot;
use crate::sys::env::Environment;
use crate::sys::fs;
use crate::sys::interrupt::Interrupt;

mod lld;
mod memory;
mod rustc;
mod sdk;

pub use lld::Lld;
pub use sdk::{Sdk, VERSIONS};

/// The compiler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RustcFacts {
    /// The real program, not rustup's stand-in.
    pub path: Utf8PathBuf,
    /// The triple it runs on.
    pub host: String,
    /// `1.95.0`, `1.97.0-nightly`.
    pub release: String,
    /// The commit it was built from, if it says so.
    pub commit_hash: Option<String>,
    /// LLVM's version.
    pub llvm: Option<String>,
    /// SHA-256 of everything that `-vV` prints: libraries fit one such text only.
    pub identity: String,
    /// Where its libraries are.
    pub sysroot: Utf8PathBuf,
}

/// Compiler, std, linkers and runners of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolchainFacts {
    /// cargo: `CARGO`, else from `PATH`.
    pub cargo: Utf8PathBuf,
    /// The compiler.
    pub rustc: RustcFacts,
    /// The source of std (the folder `library`), if it is installed.
    pub rust_src: Option<Utf8PathBuf>,
    /// The triples whose std is in the sysroot.
    pub installed_std: BTreeSet<String>,
    /// rustup.
    pub rustup: Option<Utf8PathBuf>,
    /// rustup's name of the toolchain in use; none if the compiler is not rustup's.
    pub rustup_toolchain: Option<String>,
    /// A `zig` on `PATH`, of whatever version.
    pub zig: Option<Utf8PathBuf>,
    /// The host's C compiler, which is rustc's default linker.
    pub cc: Option<Utf8PathBuf>,
    /// LLVM's linker for all formats: rustc's own, else one on `PATH`.
    pub lld: Option<Lld>,
    /// Apple's SDK, where `SDKROOT` names one.
    pub sdkroot: Option<Sdk>,
    /// Microsoft's CRT and SDK as `xwin splat` lays them out, where this machine has them.
    pub xwin: Option<Sdk>,
    /// sccache.
    pub sccache: Option<Utf8PathBuf>,
    /// What runs programs for other machines.
    pub runners: RunnerFacts,
}

/// The folder for what Tachi fetches and builds once: `TACHI_CACHE_DIR`, else `tachi` in
/// the user's cache folder.
///
/// # Errors
/// There is no home folder.
pub fn cache(environment: &Environment) -> Result<CacheRoot, ToolchainError> {
    if let Some(dir) = environment.var("TACHI_CACHE_DIR") {
        return Ok(CacheRoot::new(environment.absolute(Utf8Path::new(dir))));
    }
    let base = match environment
        .var("XDG_CACHE_HOME")
        .map(Utf8Path::new)
        .filter(|dir| dir.is_absolute())
    {
        Some(dir) => dir.to_owned(),
        None => home(environment).ok_or(ToolchainError::NoCacheDir)?.join(".cache"),
    };
    Ok(CacheRoot::new(base.join("tachi")))
}

/// The cargo to call: `CARGO`, which cargo sets for its subcommands, else from `PATH`.
///
/// # Errors
/// There is none.
pub fn cargo(environment: &Environment) -> Result<Utf8PathBuf, ToolchainError> {
    program(environment, environment.var("CARGO").unwrap_or("cargo"), "CARGO")
}

/// The compiler. `named` is the one that the user set (`RUSTC`, `build.rustc`), if any.
///
/// # Errors
/// There is none, or it cannot be understood.
pub fn compiler(
    environment: &Environment,
    named: Option<&str>,
    cache: &CacheRoot,
    interrupt: &Interrupt,
) -> Result<RustcFacts, ToolchainError> {
    let named = program(environment, named.unwrap_or("rustc"), "RUSTC")?;
    rustc::facts(environment, &named, cache, interrupt)
}

/// Looks for all that belongs to the compiler `rustc`, and for the other tools.
///
/// # Errors
/// The user interrupted.
pub fn probe(
    environment: &Environment,
    cargo: &Utf8Path,
    rustc: RustcFacts,
    cache: &CacheRoot,
    interrupt: &Interrupt,
) -> Result<ToolchainFacts, ToolchainError> {
    let rustlib = rustc.sysroot.join("lib/rustlib");
    let library = rustlib.join("src/rust/library");
    let rustup = environment.find_program("rustup");
    Ok(ToolchainFacts {
        cargo: cargo.to_owned(),
        rust_src: fs::exists(&library.join("std/Cargo.toml")).then_some(library),
        installed_std: installed_std(&rustlib),
        rustup_toolchain: rustup
            .as_ref()
            .and_then(|_| rustup_toolchain(environment, &rustc.sysroot)),
        rustup,
        zig: environment.find_program("zig"),
        cc: environment.find_program("cc"),
        lld: lld::find(environment, &rustc, cache, interrupt)?,
        sdkroot: sdk::apples(environment),
        xwin: sdk::microsofts(environment, cache),
        sccache: environment.find_program("sccache"),
        runners: runner::probe::probe(environment),
        rustc,
    })
}

fn program(
    environment: &Environment,
    name: &str,
    variable: &'static str,
) -> Result<Utf8PathBuf, ToolchainError> {
    let found = environment.find_program(name);
    found.ok_or_else(|| ToolchainError::NotFound { program: name.to_owned(), variable })
}

fn home(environment: &Environment) -> Option<Utf8PathBuf> {
    match environment.var("HOME") {
        Some(dir) => Some(dir.into()),
        None => Utf8PathBuf::from_path_buf(etcetera::home_dir().ok()?).ok(),
    }
}

/// rustup's own folder.
fn rustup_home(environment: &Environment) -> Option<Utf8PathBuf> {
    match environment.var("RUSTUP_HOME") {
        Some(dir) => Some(environment.absolute(Utf8Path::new(dir))),
        None => Some(home(environment)?.join(".rustup")),
    }
}

fn rustup_toolchain(environment: &Environment, sysroot: &Utf8Path) -> Option<String> {
    let toolchains = rustup_home(environment)?.join("toolchains");
    (sysroot.parent() == Some(&toolchains))
        .then(|| sysroot.file_name().map(str::to_owned))
        .flatten()
}

/// The folders of `rustlib` that hold a std: `<triple>/lib/libstd-<hash>.rlib` or `.so`.
fn installed_std(rustlib: &Utf8Path) -> BTreeSet<String> {
    let holds_std = |dir: &Utf8PathBuf| {
        let files = fs::list(&dir.join("lib")).unwrap_or_default();
        files.iter().any(|file| file.file_name().is_some_and(|name| name.starts_with("libstd-")))
    };
    let dirs = fs::list(rustlib).unwrap_or_default();
    dirs.iter()
        .filter(|dir| holds_std(dir))
        .filter_map(|dir| dir.file_name().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::new(
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            "/w",
        )
    }

    #[test]
    fn the_cache_is_where_the_user_or_the_system_wants_caches() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("TACHI_CACHE_DIR", "/t"), ("HOME", "/h")], "/t"),
            (&[("TACHI_CACHE_DIR", "t"), ("HOME", "/h")], "/w/t"),
            (&[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")], "/x/tachi"),
            (&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")], "/h/.cache/tachi"),
            (&[("HOME", "/h")], "/h/.cache/tachi"),
        ];
        for (variables, expected) in cases {
            let root = cache(&environment(variables)).unwrap();
            assert_eq!(root.folder(), *expected, "{variables:?}");
        }
    }

    #[test]
    fn only_a_compiler_inside_rustups_folder_is_rustups() {
        let environment = environment(&[("HOME", "/h")]);
        let of = |sysroot: &str| rustup_toolchain(&environment, Utf8Path::new(sysroot));
        assert_eq!(of("/h/.rustup/toolchains/stable-x"), Some("stable-x".into()));
        assert_eq!(of("/usr"), None);
    }

    #[test]
    fn a_compiler_that_is_not_there_is_named_with_its_variable() {
        let error = cargo(&environment(&[("PATH", "/nowhere")])).unwrap_err();
        assert!(error.to_string().starts_with("`cargo` is not on PATH"), "{error}");
    }
}
