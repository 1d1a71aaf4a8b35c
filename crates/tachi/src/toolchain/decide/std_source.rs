//! Where a target's standard library comes from.

use tachi_schema::plan::StdSource;

use super::{NoKit, ToolchainFacts, catalogue};

pub(super) fn decide(target: &str, facts: &ToolchainFacts) -> Result<(StdSource, String), NoKit> {
    if facts.installed_std.contains(target) {
        return Ok((StdSource::Sysroot, "it is in the compiler's sysroot".into()));
    }
    let distributed = catalogue::find(target).is_some_and(|row| row.distributed);
    if let (Some(toolchain), true) = (&facts.rustup_toolchain, distributed) {
        return Ok((StdSource::Rustup, format!("rustup brings it for the toolchain {toolchain}")));
    }
    if facts.rust_src.is_some() {
        let why = "it is built from rust-src: the sysroot has none, and rustup brings none".into();
        return Ok((StdSource::Source, why));
    }
    Err(NoKit::machine(
        target,
        "its standard library is not installed, and there is no way to get it",
        std_remedy(target),
    ))
}

/// The ways to a standard library, best first.
pub fn std_remedy(target: &str) -> String {
    format!(
        "one of\n    rustup target add {target}\n    rustup component add rust-src\n    apt-get install rustc-web \
         cargo-web rust-web-src   (Debian; then build with RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo)"
    )
}
