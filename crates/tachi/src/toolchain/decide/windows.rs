//! Windows: LLVM's linker for MSVC's targets, zig with its mingw-w64 for GNU's.

use super::{Choice, Linker, TargetFacts, ToolchainFacts};

pub(super) fn choose(row: &TargetFacts, facts: &ToolchainFacts) -> Option<Choice> {
    let arch = match row.rustc_arch {
        "x86_64" | "aarch64" => row.rustc_arch,
        _ => return None,
    };
    if row.vendor != "pc" {
        return None;
    }
    if row.env == "gnu" {
        let reason = "zig brings mingw-w64 and the UCRT's import libraries";
        return Some(Choice::new(Linker::Zig, reason).with_zig(format!("{arch}-windows-gnu")));
    }
    if facts.rustc.host.ends_with("-windows-msvc") {
        return Some(Choice::new(Linker::Native, "Visual Studio's tools"));
    }
    let (lld, sdk) = (facts.lld.clone(), facts.xwin.clone());
    let reason = match &sdk {
        Some(sdk) => format!("lld links PE, with the SDK that `xwin` laid out in {}", sdk.folder),
        None => "lld links PE, with Tachi's own import libraries and start-up code".into(),
    };
    let choice = Choice::new(Linker::LldLink { lld, sdk }, reason);
    Some(choice.with_zig(format!("{arch}-windows-msvc")))
}
