//! Toolchains: if rustup does not have the one that a project names, the error has the command
//! that installs it.

use crate::support::{run, scratch, tachi, write};

#[test]
fn a_toolchain_that_is_not_installed_is_a_missing_kit_with_the_command_that_installs_it() {
    let dir = scratch();
    write(
        dir.path(),
        &[
            ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
            ("src/main.rs", "fn main() {}\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.31.1\"\n"),
        ],
    );
    for command in ["build", "plan", "dist"] {
        let mut tachi = tachi(dir.path());
        // As from a shell: not through the cargo of a toolchain that is installed.
        for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "CARGO"] {
            tachi.env_remove(name);
        }
        let ran = run(tachi.arg(command).env("RUSTUP_AUTO_INSTALL", "0")).expect_code(3);
        let help = "\n  help: rustup toolchain install 1.31.1-x86_64-unknown-linux-gnu\n";
        assert!(ran.stderr.ends_with(help), "{}", ran.stderr);
    }
}
