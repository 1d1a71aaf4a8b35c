//! Linux: zig for every libc, so that old systems run the result.

use super::{Choice, Linker, NoKit, TargetFacts, ToolchainFacts, Wishes};
use crate::target::facts::Endian;
use crate::toolchain::glibc;

pub(super) fn choose(
    row: &TargetFacts,
    wishes: &Wishes,
    facts: &ToolchainFacts,
) -> Result<Option<Choice>, NoKit> {
    let wish = wishes.glibc.as_deref();
    if wish == Some("host") {
        if row.triple == facts.rustc.host && facts.cc.is_some() {
            let reason = "glibc = \"host\": the host's own tools";
            return Ok(Some(Choice::new(Linker::Native, reason)));
        }
        return Err(glibc_error(
            row,
            "glibc = \"host\" works for the host's own target only, and needs its C compiler",
        ));
    }
    let Some(name) = zig_name(row) else { return Ok(None) };
    if row.env != "gnu" {
        let reason = "zig brings musl for every architecture, and a C compiler";
        return Ok(Some(Choice::new(Linker::Zig, reason).with_zig(name)));
    }
    let floor = glibc::floor(row.rustc_arch, wish).map_err(|cause| glibc_error(row, cause))?;
    let reason = match wish {
        Some(_) => format!("zig links against glibc {floor}, as asked"),
        None => format!("zig links against glibc {floor}, so that old systems can run it"),
    };
    Ok(Some(Choice::new(Linker::Zig, reason).with_zig(format!("{name}.{floor}"))))
}

/// zig's name of a Linux target, without the glibc version. None for targets that nobody tried with
/// zig.
fn zig_name(row: &TargetFacts) -> Option<String> {
    let arch = match (row.rustc_arch, row.endian) {
        ("x86_64", _) if row.pointer_width == 64 => "x86_64",
        ("aarch64", Endian::Little) if row.pointer_width == 64 => "aarch64",
        ("arm", Endian::Little) => "arm",
        ("x86", _) => "x86",
        ("riscv64", _) => "riscv64",
        ("powerpc64", Endian::Little) => "powerpc64le",
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

fn glibc_error(row: &TargetFacts, cause: impl Into<String>) -> NoKit {
    let oldest = glibc::oldest(row.rustc_arch);
    let remedy =
        format!("valid versions for it are {oldest} to {}; or leave glibc out", glibc::NEWEST);
    NoKit::usage(row.triple, cause, remedy)
}
