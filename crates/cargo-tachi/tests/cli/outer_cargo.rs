//! A call through `cargo run` (an alias in a checkout, an xtask) after a direct one compiles nothing
//! again: the outer cargo's variables about its own package are not passed on.

use crate::support::{clean, run, scratch, tachi, write};

#[test]
fn the_outer_cargos_package_does_not_reach_build_scripts() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    let script = "fn main() { println!(\"cargo:rerun-if-env-changed=CARGO_PKG_NAME\"); }\n";
    write(
        dir.path(),
        &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n"), ("build.rs", script)],
    );
    run(tachi(dir.path()).arg("build")).expect_success();
    let again = run(tachi(dir.path()).arg("build").env("CARGO_PKG_NAME", "xtask")).expect_success();
    assert!(again.stderr.contains("Fresh"), "{}", again.stderr);
    // Bare cargo is not as careful, or this test would prove nothing.
    let mut cargo = std::process::Command::new("cargo");
    clean(&mut cargo);
    cargo
        .args(["build", "-v"])
        .current_dir(dir.path())
        .env("CARGO_PKG_NAME", "xtask")
        .env("RUSTC_WRAPPER", "");
    assert!(run(&mut cargo).expect_success().stderr.contains("Dirty app"));
}
