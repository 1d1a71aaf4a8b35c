//! The compiler for other targets: the one in use, if rustup has their standard libraries for it;
//! else Debian's, whose std source is a package.

use std::process::Command;

use crate::{process, setup};

/// A target whose std no toolchain has at first on the machines that tests run on.
const PROBE: &str = "aarch64-unknown-linux-musl";

/// Debian's compiler and cargo, if they have to replace those in use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Debians {
    rustc: &'static str,
    cargo: &'static str,
}

const DEBIANS: Debians = Debians { rustc: "/usr/bin/rustc", cargo: "/usr/bin/cargo" };

/// Asks rustup for a target. If it has none, installs Debian's compiler.
pub(crate) fn stand_in() -> Result<Option<Debians>, String> {
    let Err(why) = process::capture(&mut process::command("rustup", &["target", "add", PROBE]))
    else {
        return Ok(None);
    };
    let why = why.lines().find(|line| line.starts_with("error")).unwrap_or(&why);
    println!("setup: rustup has no standard library ({why}); Debian's compiler has the source");
    Ok(setup::for_building_std()?.then_some(DEBIANS))
}

impl Debians {
    /// Makes `command` build with them.
    pub(crate) fn used_by(self, command: &mut Command) {
        command.env("RUSTC", self.rustc).env("CARGO", self.cargo).env_remove("RUSTUP_TOOLCHAIN");
    }

    /// Makes tests build with them.
    pub(crate) fn told_to(self, command: &mut Command) {
        command.env("TACHI_TEST_RUSTC", self.rustc).env("TACHI_TEST_CARGO", self.cargo);
    }
}
