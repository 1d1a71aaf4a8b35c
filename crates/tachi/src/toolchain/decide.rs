//! Which kit a target gets: a pure function of the target, what was wished and what this
//! machine has.

use camino::Utf8PathBuf;
use serde::Serialize;
use tachi_schema::plan::StdSource;

use super::glibc;
use super::probe::ToolchainFacts;
use crate::target::{TargetFacts, catalogue};

/// What the user wants of one target.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// `target.<triple>.linker` of cargo's configuration, or its variable.
    pub linker: Option<String>,
    /// The glibc floor: a version, or `host`.
    pub glibc: Option<String>,
    /// The target was named. If not, it is the host, and built as cargo alone builds it.
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
    /// `zig cc`, which compiles C and C++ too.
    Zig {
        /// zig's name of the target, glibc version included.
        zig_target: String,
    },
}

/// What this host uses to link and compile C for one target, and whence std comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kit {
    /// The rustc triple.
    pub target: String,
    /// The linker, and with zig the C and C++ compiler and archiver too.
    pub linker: Linker,
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
        matches!(self.linker, Linker::Zig { .. })
    }

    /// The glibc floor that is linked against, if it is one of zig's.
    pub fn glibc(&self) -> Option<&str> {
        match &self.linker {
            Linker::Zig { zig_target } => {
                zig_target.split_once("-gnu").and_then(|(_, rest)| Some(rest.split_once('.')?.1))
            }
            Linker::Configured(_) | Linker::Native => None,
        }
    }

    /// What people read in the plan: `zig cc -target x86_64-linux-gnu.2.17`.
    pub fn name(&self) -> String {
        match &self.linker {
            Linker::Configured(path) => path.to_string(),
            Linker::Native => "native".into(),
            Linker::Zig { zig_target } => format!("zig cc -target {zig_target}"),
        }
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

/// Decides the kit of `target`.
///
/// # Errors
/// Nothing here can link for it, there is no way to a std for it, or the wished glibc
/// cannot be linked against.
pub fn decide(target: &str, wishes: &Wishes, facts: &ToolchainFacts) -> Result<Kit, NoKit> {
    let (linker, reason) = linker(target, wishes, facts)?;
    let (std, std_reason) = std_source(target, facts)?;
    Ok(Kit { target: target.to_owned(), linker, reason, std, std_reason })
}

fn linker(
    target: &str,
    wishes: &Wishes,
    facts: &ToolchainFacts,
) -> Result<(Linker, String), NoKit> {
    if let Some(path) = &wishes.linker {
        return Ok((
            Linker::Configured(path.into()),
            "cargo's configuration names this linker".into(),
        ));
    }
    let is_host = target == facts.rustc.host;
    if is_host && facts.cc.is_some() {
        if !wishes.explicit && wishes.glibc.is_none() {
            return Ok((Linker::Native, "the host's own tools, as no target was named".into()));
        }
        if wishes.glibc.as_deref() == Some("host") {
            return Ok((Linker::Native, "glibc = \"host\": the host's own tools".into()));
        }
    }
    let row = catalogue::find(target).filter(|row| row.os == "linux");
    let Some((row, name)) = row.and_then(|row| Some((row, zig_name(row)?))) else {
        return native_or_nothing(target, is_host);
    };
    if row.env != "gnu" {
        let reason = "zig brings musl for any architecture, and its C compiler".into();
        return Ok((Linker::Zig { zig_target: name }, reason));
    }
    let wish = wishes.glibc.as_deref();
    if wish == Some("host") {
        return Err(glibc_error(
            target,
            "glibc = \"host\" needs the host's own C tools and the host's own target",
        ));
    }
    let floor = glibc::floor(row.rustc_arch, wish).map_err(|cause| glibc_error(target, &cause))?;
    let reason = match wish {
        Some(_) => format!("zig links against glibc {floor}, as asked"),
        None => format!("zig links against glibc {floor}, so that old systems can run it"),
    };
    Ok((Linker::Zig { zig_target: format!("{name}.{floor}") }, reason))
}

/// zig's name of a Linux target, without the glibc version; none where zig was not tried.
fn zig_name(row: &TargetFacts) -> Option<String> {
    let arch = match (row.rustc_arch, row.endian) {
        ("x86_64", _) if row.pointer_width == 64 => "x86_64",
        ("aarch64", crate::target::facts::Endian::Little) if row.pointer_width == 64 => "aarch64",
        ("arm", crate::target::facts::Endian::Little) => "arm",
        ("x86", _) => "x86",
        ("riscv64", _) => "riscv64",
        ("powerpc64", crate::target::facts::Endian::Little) => "powerpc64le",
        ("s390x", _) => "s390x",
        ("loongarch64", _) => "loongarch64",
        _ => return None,
    };
    let known = match (row.env, row.abi) {
        ("gnu" | "musl", "" | "elfv2") => row.env.to_owned(),
        ("gnu" | "musl", abi @ ("eabi" | "eabihf")) => format!("{}{abi}", row.env),
        _ => return None,
    };
    Some(format!("{arch}-linux-{known}"))
}

fn native_or_nothing(target: &str, is_host: bool) -> Result<(Linker, String), NoKit> {
    if is_host {
        return Ok((Linker::Native, "the host's own tools".into()));
    }
    Err(NoKit {
        target: target.to_owned(),
        cause: "Tachi has no linker for it yet".into(),
        remedy: format!("set `target.{target}.linker` in .cargo/config.toml to one you have"),
        usage: false,
    })
}

fn glibc_error(target: &str, cause: &str) -> NoKit {
    let oldest = glibc::oldest(catalogue::find(target).map_or("", |row| row.rustc_arch));
    let remedy =
        format!("valid versions for it are {oldest} to {}; or leave glibc out", glibc::NEWEST);
    NoKit { target: target.to_owned(), cause: cause.to_owned(), remedy, usage: true }
}

fn std_source(target: &str, facts: &ToolchainFacts) -> Result<(StdSource, String), NoKit> {
    if facts.installed_std.contains(target) {
        return Ok((StdSource::Sysroot, "it is in the compiler's sysroot".into()));
    }
    let distributed = catalogue::find(target).is_some_and(|row| row.distributed);
    if let (Some(toolchain), true) = (&facts.rustup_toolchain, distributed) {
        return Ok((StdSource::Rustup, format!("rustup brings it for the toolchain {toolchain}")));
    }
    if facts.rust_src.is_some() {
        let why = "it is not in the sysroot, rustup does not bring it, and rust-src is here".into();
        return Ok((StdSource::Source, why));
    }
    Err(NoKit {
        target: target.to_owned(),
        cause: "its standard library is not installed, and there is no way to get it".into(),
        remedy: std_remedy(target),
        usage: false,
    })
}

/// The ways to a standard library, best first.
pub fn std_remedy(target: &str) -> String {
    format!(
        "one of\n    rustup target add {target}\n    rustup component add rust-src\n    apt-get install rustc-web \
         cargo-web rust-web-src   (Debian; then build with RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo)"
    )
}

#[cfg(test)]
mod tests;
