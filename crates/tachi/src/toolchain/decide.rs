//! Which kit a target gets: a pure function of the target, the user's wishes and what this
//! machine has.

use camino::Utf8PathBuf;
use serde::Serialize;
use tachi_schema::plan::StdSource;

use super::probe::{Lld, Sdk, ToolchainFacts};
use crate::target::{TargetFacts, catalogue};

mod linux;
mod macos;
mod other;
mod std_source;
mod windows;

pub use std_source::std_remedy;

/// What the user wants of one target.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// `target.<triple>.linker` of cargo's configuration, or its variable.
    pub linker: Option<String>,
    /// The glibc floor: a version, or `host`.
    pub glibc: Option<String>,
    /// The oldest macOS that has to run the result: `11.0`.
    pub minimum_os: Option<String>,
    /// The user named the target. If not, the target is the host, built as cargo alone builds it.
    pub explicit: bool,
}

/// Who links for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Linker {
    /// The user's own.
    Configured(Utf8PathBuf),
    /// rustc's default on this machine.
    Native,
    /// The linker that rustc brings for the target.
    Rustc,
    /// `zig cc`.
    Zig,
    /// LLVM's linker for Mach-O, called `-flavor darwin`.
    Ld64 {
        /// lld.
        lld: Lld,
        /// Apple's SDK, where the user has one; Tachi's own stubs otherwise.
        sdk: Option<Sdk>,
    },
    /// LLVM's linker for PE, called `-flavor link`.
    LldLink {
        /// lld; zig's if there is none.
        lld: Option<Lld>,
        /// Microsoft's CRT and SDK as `xwin splat` lays them out, where the user has them;
        /// Tachi's own import libraries and start-up code otherwise.
        sdk: Option<Sdk>,
    },
}

impl Linker {
    /// The lld of this machine, if that one links.
    pub fn lld(&self) -> Option<&Lld> {
        match self {
            Self::Ld64 { lld, .. } => Some(lld),
            Self::LldLink { lld, .. } => lld.as_ref(),
            Self::Configured(_) | Self::Native | Self::Rustc | Self::Zig => None,
        }
    }

    /// The SDK of this machine, if it is linked against one.
    pub fn sdk(&self) -> Option<&Sdk> {
        match self {
            Self::Ld64 { sdk, .. } | Self::LldLink { sdk, .. } => sdk.as_ref(),
            Self::Configured(_) | Self::Native | Self::Rustc | Self::Zig => None,
        }
    }
}

/// What this host uses to link and compile C for one target, and where std comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kit {
    /// The rustc triple.
    pub target: String,
    /// The linker.
    pub linker: Linker,
    /// zig's name of the target, glibc version included, if zig compiles C for it.
    pub zig_target: Option<String>,
    /// The oldest system that runs the result, where the linker writes it into the file:
    /// `11.0` for macOS.
    pub minimum_os: Option<String>,
    /// Why that linker.
    pub reason: String,
    /// Where std comes from.
    pub std: StdSource,
    /// Why from there.
    pub std_reason: String,
}

impl Kit {
    /// Whether zig has to be on this machine.
    pub fn needs_zig(&self) -> bool {
        self.zig_target.is_some()
    }

    /// Whether this machine lacks a linker that would do better. The reason says which.
    pub fn is_makeshift(&self) -> bool {
        self.linker == Linker::Zig && self.minimum_os.is_some()
    }

    /// The glibc version that zig links against, if it links against glibc.
    pub fn glibc(&self) -> Option<&str> {
        let (_, rest) = self.zig_target.as_deref()?.split_once("-linux-gnu")?;
        Some(rest.split_once('.')?.1)
    }

    /// The kit's name in the plan and in manifests: `zig cc -target x86_64-linux-gnu.2.17`. It
    /// holds no path: a manifest is the same wherever the same release is made.
    pub fn name(&self) -> String {
        let zig_target = self.zig_target.as_deref().unwrap_or_default();
        match &self.linker {
            Linker::Configured(path) => {
                format!("the configured linker {}", path.file_name().unwrap_or(path.as_str()))
            }
            Linker::Native => "native".into(),
            Linker::Rustc => "rustc's own linker".into(),
            Linker::Zig => format!("zig cc -target {zig_target}"),
            Linker::Ld64 { sdk: None, .. } => "ld64.lld with stubs of the SDK".into(),
            Linker::Ld64 { sdk: Some(sdk), .. } => sdk.name("ld64.lld with Apple's SDK"),
            Linker::LldLink { sdk: None, .. } => "lld-link with generated import libraries".into(),
            Linker::LldLink { sdk: Some(sdk), .. } => sdk.name("lld-link with Microsoft's SDK"),
        }
    }
}

/// How a target is linked: a [`Kit`] before std is decided.
struct Choice {
    linker: Linker,
    zig_target: Option<String>,
    minimum_os: Option<String>,
    reason: String,
}

impl Choice {
    fn new(linker: Linker, reason: impl Into<String>) -> Self {
        Self { linker, zig_target: None, minimum_os: None, reason: reason.into() }
    }

    fn with_zig(self, zig_target: String) -> Self {
        Self { zig_target: Some(zig_target), ..self }
    }
}

/// Why a target cannot be built here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kit for {target}: {cause}\n  help: {remedy}")]
pub struct NoKit {
    /// The rustc triple.
    pub target: String,
    /// What is missing or wrong.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
    /// The request is wrong, not the machine: a usage error.
    pub usage: bool,
}

impl NoKit {
    /// The machine lacks something.
    fn machine(target: &str, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (cause, remedy) = (cause.into(), remedy.into());
        Self { target: target.to_owned(), cause, remedy, usage: false }
    }

    /// The request cannot be met by any machine.
    fn usage(target: &str, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { usage: true, ..Self::machine(target, cause, remedy) }
    }
}

/// Decides the kit of `target`.
///
/// # Errors
/// No linker of this machine serves the target, there is no way to a std for it, or no kit can
/// meet the wishes.
pub fn decide(target: &str, wishes: &Wishes, facts: &ToolchainFacts) -> Result<Kit, NoKit> {
    let choice = choose(target, wishes, facts)?;
    let (std, std_reason) = std_source::decide(target, facts)?;
    if choice.linker == Linker::Rustc && std == StdSource::Source {
        return Err(NoKit::machine(
            target,
            "its C library and its linker come only with the standard library that rustup brings",
            format!("use a compiler that rustup brought, then run `rustup target add {target}`"),
        ));
    }
    Ok(Kit {
        target: target.to_owned(),
        linker: choice.linker,
        zig_target: choice.zig_target,
        minimum_os: choice.minimum_os,
        reason: choice.reason,
        std,
        std_reason,
    })
}

fn choose(target: &str, wishes: &Wishes, facts: &ToolchainFacts) -> Result<Choice, NoKit> {
    if let Some(path) = &wishes.linker {
        let linker = Linker::Configured(path.into());
        return Ok(Choice::new(linker, "cargo's configuration names this linker"));
    }
    let is_host = target == facts.rustc.host;
    if is_host && facts.cc.is_some() && !wishes.explicit && wishes.glibc.is_none() {
        return Ok(Choice::new(
            Linker::Native,
            "the host's own tools, because no target was named",
        ));
    }
    let Some(row) = catalogue::find(target) else { return native_or_nothing(target, is_host) };
    let choice = match row.os {
        "linux" => linux::choose(row, wishes, facts)?,
        "macos" => macos::choose(row, wishes, facts)?,
        "windows" => windows::choose(row, facts),
        _ => other::choose(row),
    };
    choice.map_or_else(|| native_or_nothing(target, is_host), Ok)
}

fn native_or_nothing(target: &str, is_host: bool) -> Result<Choice, NoKit> {
    if is_host {
        return Ok(Choice::new(Linker::Native, "the host's own tools"));
    }
    Err(NoKit::machine(
        target,
        "Tachi has no linker for it yet",
        format!("set `target.{target}.linker` in .cargo/config.toml to one you have"),
    ))
}

#[cfg(test)]
mod tests;
