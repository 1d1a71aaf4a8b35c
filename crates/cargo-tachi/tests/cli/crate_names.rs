//! A crate from outside of the workspace has the same name in every folder, and so have the files
//! made from it; the user's own wrapper around rustc is still called.

use std::path::{Path, PathBuf};

use crate::support::{HOST, clean, run, scratch, tachi, write};

const APP: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n\
    [dependencies]\nbeside = { path = \"../beside\" }\n";
const BESIDE: &str =
    "[package]\nname = \"beside\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
const MAIN: &str =
    "fn main() { println!(\"{} {}\", beside::answer(), std::any::type_name::<beside::It>()) }\n";

fn project(root: &Path) -> PathBuf {
    write(
        root,
        &[
            ("app/Cargo.toml", APP),
            ("app/src/main.rs", MAIN),
            ("beside/Cargo.toml", BESIDE),
            (
                "beside/src/lib.rs",
                "pub struct It;\n#[inline(never)]\npub fn answer() -> u32 { 42 }\n",
            ),
        ],
    );
    root.join("app")
}

fn release(project: &Path, wrapper: Option<&Path>) -> Vec<u8> {
    let mut command = tachi(project);
    command.args(["build", "--release", "--strip", "none", "--target", HOST]);
    if let Some(wrapper) = wrapper {
        command.env("RUSTC_WRAPPER", wrapper);
    }
    run(&mut command).expect_success();
    std::fs::read(project.join(format!("target/tachi/release/{HOST}/app"))).unwrap()
}

#[test]
fn files_made_from_an_outside_crate_are_the_same_in_every_folder() {
    let dir = scratch();
    let (one, other) = (project(&dir.path().join("a")), project(&dir.path().join("b/deeper")));
    let (one_file, other_file) = (release(&one, None), release(&other, None));
    assert!(one_file == other_file, "the folder is in a name");

    // Cargo's own names differ, or this test would prove nothing.
    let cargos = |project: &Path| {
        let mut cargo = std::process::Command::new("cargo");
        clean(&mut cargo);
        cargo.args(["build", "--release", "--verbose", "--target-dir", "cargos"]);
        let said = run(cargo.current_dir(project)).expect_success().stderr;
        said.split("metadata=").nth(1).unwrap()[..16].to_owned()
    };
    assert_ne!(cargos(&one), cargos(&other));
}

#[test]
fn tachis_wrapper_calls_the_users_wrapper() {
    let dir = scratch();
    let project = project(dir.path());
    let (wrapper, notes) = (dir.path().join("wrapper"), dir.path().join("notes"));
    let script = format!("#!/bin/sh\necho \"$@\" >> {}\nexec \"$@\"\n", notes.display());
    write(dir.path(), &[("wrapper", &script)]);
    run(std::process::Command::new("chmod").arg("+x").arg(&wrapper)).expect_success();
    release(&project, Some(&wrapper));
    let notes = std::fs::read_to_string(&notes).unwrap();
    let of =
        |name: &str| notes.lines().find(|line| line.contains(&format!("--crate-name {name} ")));
    for name in ["beside", "app"] {
        let line = of(name).unwrap_or_else(|| panic!("{name} was not compiled: {notes}"));
        assert!(line.contains("rustc --crate-name"), "{line}");
    }
}
