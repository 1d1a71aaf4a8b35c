//! The BSDs and WebAssembly.

use super::{Choice, Linker, TargetFacts};

pub(super) fn choose(row: &TargetFacts) -> Option<Choice> {
    let arch = match row.rustc_arch {
        "x86_64" | "aarch64" | "wasm32" => row.rustc_arch,
        _ => return None,
    };
    match row.os {
        "freebsd" => {
            let reason = "zig brings FreeBSD's libc and a C compiler";
            Some(Choice::new(Linker::Zig, reason).with_zig(format!("{arch}-freebsd-none")))
        }
        "wasi" if row.env == "p1" => {
            let reason = "rustc brings wasi-libc and the linker; zig compiles C";
            Some(Choice::new(Linker::Rustc, reason).with_zig(format!("{arch}-wasi-musl")))
        }
        _ => None,
    }
}
