//! macOS: lld, which writes the same files as Apple's linker; zig's linker, where there is no lld.

use super::{Choice, Linker, NoKit, TargetFacts, ToolchainFacts, Wishes};

/// The oldest macOS that runs the result, by default: the first one for both architectures.
pub(super) const MINIMUM_OS: &str = "11.0";

pub(super) fn choose(
    row: &TargetFacts,
    wishes: &Wishes,
    facts: &ToolchainFacts,
) -> Result<Option<Choice>, NoKit> {
    if facts.rustc.host.ends_with("-apple-darwin") {
        return Ok(Some(Choice::new(Linker::Native, "Xcode's tools link for every Mac")));
    }
    let arch = match row.rustc_arch {
        "aarch64" if row.triple == "aarch64-apple-darwin" => "aarch64",
        "x86_64" if row.triple == "x86_64-apple-darwin" => "x86_64",
        _ => return Ok(None),
    };
    let minimum_os = minimum_os(row, wishes)?;
    let zig_target = format!("{arch}-macos.{minimum_os}-none");
    let choice = match (&facts.lld, &facts.sdkroot) {
        (Some(lld), sdk) => {
            let reason = match sdk {
                Some(sdk) => format!("SDKROOT names Apple's SDK: {}", sdk.folder),
                None => "lld links Mach-O; without SDKROOT, stubs stand for Apple's SDK".into(),
            };
            Choice::new(Linker::Ld64 { lld: lld.clone(), sdk: sdk.clone() }, reason)
        }
        (None, _) => Choice::new(
            Linker::Zig,
            "there is no lld here, neither rustc's nor on PATH, so zig links. Frameworks and symbols that the stubs lack \
             are errors then, and SDKROOT has no effect. To change that: `apt-get install lld`, or rustup's rustc",
        ),
    };
    Ok(Some(Choice { minimum_os: Some(minimum_os), ..choice.with_zig(zig_target) }))
}

fn minimum_os(row: &TargetFacts, wishes: &Wishes) -> Result<String, NoKit> {
    let Some(wish) = &wishes.minimum_os else { return Ok(MINIMUM_OS.to_owned()) };
    let oldest = row.minimum_os.unwrap_or(MINIMUM_OS);
    match (version(wish), version(oldest)) {
        (Some(asked), Some(least)) if asked >= least => {
            Ok(if wish.contains('.') { wish.clone() } else { format!("{wish}.0") })
        }
        _ => Err(NoKit::usage(
            row.triple,
            format!("minimum-os = {wish:?} is no version of macOS that Rust compiles for"),
            format!("give {oldest} or later, or leave minimum-os out for {MINIMUM_OS}"),
        )),
    }
}

/// `11`, `11.0` and `11.0.1` as numbers.
fn version(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = (parts.next()??, parts.next().unwrap_or(Some(0))?);
    let patch: Option<u16> = parts.next().unwrap_or(Some(0));
    (patch.is_some() && parts.next().is_none()).then_some(version)
}
