//! Tachi does as cargo does: profiles, folders, diagnostics, selection.

use std::path::Path;
use std::process::Command;

use crate::support::{HOST, clean, run, scratch, tachi, write};

const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";

fn project(dir: &Path) {
    write(
        dir,
        &[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", "fn main() { println!(\"{}\", cfg!(panic = \"abort\")); }\n"),
        ],
    );
}

fn has_debug_info(file: &Path) -> bool {
    let sections =
        run(Command::new("readelf").args(["--sections", "--wide"]).arg(file)).expect_success();
    sections.stdout.contains(".debug_info")
}

#[test]
fn the_specifications_profiles_work_in_a_workspace_without_profiles() {
    let dir = scratch();
    project(dir.path());
    for (profile, aborts, debuggable) in [
        ("ci", false, false),
        ("profiling", false, true),
        ("release-small", true, false),
        ("test", false, true),
    ] {
        run(tachi(dir.path()).args(["build", "--profile", profile])).expect_success();
        let folder = if profile == "test" { "debug" } else { profile };
        let program = dir.path().join("target/tachi").join(folder).join(HOST).join("app");
        let said = run(&mut Command::new(&program)).expect_success().stdout;
        assert_eq!(said.trim(), aborts.to_string(), "{profile}");
        assert_eq!(has_debug_info(&program), debuggable, "{profile}");
    }
    let manifest = std::fs::read_to_string(dir.path().join("Cargo.toml")).unwrap();
    assert_eq!(manifest, MANIFEST, "no file is edited");
}

#[test]
fn a_profile_that_the_user_defined_wins() {
    let dir = scratch();
    project(dir.path());
    let own = format!("{MANIFEST}[profile.release-small]\ninherits = \"release\"\nopt-level = 1\n");
    write(dir.path(), &[("Cargo.toml", &own)]);
    run(tachi(dir.path()).args(["build", "--profile", "release-small"])).expect_success();
    let program = dir.path().join("target/tachi/release-small").join(HOST).join("app");
    assert_eq!(
        run(&mut Command::new(&program)).expect_success().stdout.trim(),
        "false",
        "it unwinds"
    );
}

#[test]
fn finished_files_are_in_the_target_folder_that_cargo_would_choose() {
    let dir = scratch();
    project(dir.path());
    let finished = Path::new("tachi/debug").join(HOST).join("app");
    run(tachi(dir.path()).args(["build", "--target-dir", "by-flag"])).expect_success();
    assert!(dir.path().join("by-flag").join(&finished).exists());
    run(tachi(dir.path()).arg("build").env("CARGO_TARGET_DIR", "by-variable")).expect_success();
    assert!(dir.path().join("by-variable").join(&finished).exists());
    write(dir.path(), &[(".cargo/config.toml", "[build]\ntarget-dir = \"by-file\"\n")]);
    run(tachi(dir.path()).arg("build")).expect_success();
    assert!(dir.path().join("by-file").join(&finished).exists());
    assert!(!dir.path().join("target").exists());
}

#[test]
fn diagnostics_are_the_compilers_byte_for_byte() {
    let dir = scratch();
    project(dir.path());
    write(dir.path(), &[("src/main.rs", "fn main() { let unused = 1; let x: u8 = \"text\"; }\n")]);
    for (color, flag) in [("always", "human"), ("never", "human"), ("never", "short")] {
        let ours =
            run(tachi(dir.path()).args(["build", "--color", color, "--message-format", flag]))
                .expect_code(101);
        let mut cargo = Command::new("cargo");
        clean(&mut cargo);
        cargo.args(["build", "--color", color, "--message-format", flag]).current_dir(dir.path());
        let cargos = run(cargo.env("RUSTC_WRAPPER", "")).expect_code(101);
        // Cargo's own status lines come before and its summary after; the rest is the compiler's.
        let start = cargos
            .stderr
            .find("Compiling")
            .and_then(|at| Some(at + cargos.stderr[at..].find('\n')? + 1));
        let end =
            cargos.stderr.find("could not compile").and_then(|at| cargos.stderr[..at].rfind('\n'));
        let diagnostics = cargos.stderr[start.unwrap()..end.unwrap()].trim_end();
        assert!(diagnostics.contains("E0308"), "{diagnostics}");
        assert!(
            ours.stderr.contains(diagnostics),
            "{color} {flag}:\n{}\n--- cargo\n{diagnostics}",
            ours.stderr
        );
        assert_eq!(ours.stderr.contains("\u{1b}["), color == "always");
    }
}

#[test]
fn the_folder_decides_which_package_is_built() {
    let dir = scratch();
    let member = |name: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
    };
    let workspace =
        "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\ndefault-members = [\"b\"]\n";
    write(
        dir.path(),
        &[
            ("Cargo.toml", workspace),
            ("a/Cargo.toml", &member("a")),
            ("a/src/main.rs", "fn main() {}\n"),
            ("b/Cargo.toml", &member("b")),
            ("b/src/main.rs", "fn main() {}\n"),
        ],
    );
    let built = |folder: &str, args: &[&str]| {
        let _ = std::fs::remove_dir_all(dir.path().join("target/tachi"));
        run(tachi(&dir.path().join(folder)).arg("build").args(args)).expect_success();
        let made = std::fs::read_dir(dir.path().join("target/tachi/debug").join(HOST)).unwrap();
        let mut names: Vec<String> =
            made.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names.join(" ")
    };
    assert_eq!(built(".", &[]), "b");
    assert_eq!(built("a", &[]), "a");
    assert_eq!(built("a", &["--workspace"]), "a b");
    assert_eq!(built(".", &["-p", "a"]), "a");
    assert_eq!(built(".", &["--exclude", "b"]), "a");
    assert_eq!(built(".", &["--manifest-path", "a/Cargo.toml"]), "a");
}

#[test]
fn a_compiler_in_the_checkout_is_found_from_every_folder_in_it() {
    let dir = scratch();
    project(dir.path());
    let real = std::env::var("TACHI_TEST_RUSTC").unwrap_or_else(|_| "rustc".into());
    let script = format!("#!/bin/sh\nexec {real} \"$@\"\n");
    write(
        dir.path(),
        &[("tools/rustc", &script), (".cargo/config.toml", "build.rustc = \"tools/rustc\"\n")],
    );
    run(Command::new("chmod").arg("+x").arg(dir.path().join("tools/rustc"))).expect_success();
    let mut plan = tachi(&dir.path().join("src"));
    run(plan.arg("plan").env_remove("RUSTC")).expect_success();
}
