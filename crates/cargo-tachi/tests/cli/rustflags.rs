//! Flags from all sources reach rustc together, which cargo alone would not do.

use std::path::Path;

use crate::support::{HOST, run, runner, scratch, tachi, write};

const SOURCES: [&str; 7] =
    ["build", "target", "cfg", "variable", "environment", "argument", "tachi"];

/// A program that prints which sources' flags it was compiled with.
fn main_rs() -> String {
    let lines =
        SOURCES.map(|name| format!("    if cfg!(from_{name}) {{ print!(\"{name} \"); }}\n"));
    format!("#![allow(unexpected_cfgs)]\nfn main() {{\n{}}}\n", lines.concat())
}

fn project(dir: &Path) {
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    let config = format!(
        "[build]\nrustflags = [\"--cfg=from_build\"]\n[target.{HOST}]\nrustflags = [\"--cfg=from_target\"]\n\
         [target.'cfg(unix)']\nrustflags = [\"--cfg=from_cfg\"]\n"
    );
    let tachi_toml = format!("[target.{HOST}]\nrustflags = [\"--cfg=from_tachi\"]\n");
    write(
        dir,
        &[
            ("Cargo.toml", manifest),
            ("src/main.rs", &main_rs()),
            (".cargo/config.toml", &config),
            ("tachi.toml", &tachi_toml),
            ("argument.toml", &format!("target.{HOST}.rustflags = [\"--cfg=from_argument\"]\n")),
        ],
    );
}

#[test]
fn flags_of_all_sources_reach_the_program_together() {
    let dir = scratch();
    project(dir.path());
    let mut command = tachi(dir.path());
    command
        .args(["build", "--target", "host", "--config", "argument.toml"])
        .env("RUSTFLAGS", "--cfg=from_environment")
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "--cfg=from_variable");
    run(&mut command).expect_success();
    let program = dir.path().join("target/tachi/debug").join(HOST).join("app");
    let said = run(&mut runner(HOST, &program)).expect_success().stdout;
    assert_eq!(said.split_whitespace().collect::<Vec<_>>(), SOURCES);
}

#[test]
fn encoded_flags_may_have_spaces_and_replace_rustflags() {
    let dir = scratch();
    project(dir.path());
    write(
        dir.path(),
        &[(
            "src/main.rs",
            "#![allow(unexpected_cfgs)]\nfn main() { print!(\"{}\", cfg!(word = \"a b\")); }\n",
        )],
    );
    let mut command = tachi(dir.path());
    command
        .args(["build", "--target", "host"])
        .env("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}word=\"a b\"")
        .env("RUSTFLAGS", "--no-such-flag");
    run(&mut command).expect_success();
    let program = dir.path().join("target/tachi/debug").join(HOST).join("app");
    assert_eq!(run(&mut runner(HOST, &program)).expect_success().stdout, "true");
}

#[test]
fn flags_are_left_to_cargo_if_it_would_use_them_all() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    write(dir.path(), &[("Cargo.toml", manifest), ("src/main.rs", "fn main() {}\n")]);
    let mut command = tachi(dir.path());
    command.args(["plan", "-v"]).env("RUSTFLAGS", "--cfg=from_environment");
    let plan = run(&mut command).expect_success().stdout;
    assert!(!plan.contains("rustflags"), "{plan}");
    assert!(!plan.contains("-u RUSTFLAGS"), "{plan}");
}
