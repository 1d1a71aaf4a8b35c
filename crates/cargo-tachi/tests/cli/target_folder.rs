//! Where finished files go: a relative folder with `..` in its path is shown as a plain path.

use crate::support::{run, scratch, tachi, write};

#[test]
fn a_relative_target_folder_is_shown_as_a_plain_path_and_is_the_one_that_cargo_uses() {
    let dir = scratch();
    let root = dir.path().canonicalize().unwrap();
    let app = root.join("app");
    write(
        &app,
        &[
            ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
            ("src/main.rs", "fn main() {}\n"),
        ],
    );
    let finished = format!("{}/tgt/tachi/debug/", root.display());
    for (variable, flag) in [(Some("../tgt"), None), (None, Some("./../app/../tgt"))] {
        let mut build = tachi(&app);
        build.arg("build").envs(variable.map(|folder| ("CARGO_TARGET_DIR", folder)));
        build.args(flag.iter().flat_map(|folder| ["--target-dir", folder]));
        let said = run(&mut build).expect_success().stderr;
        assert!(said.contains(&format!("{finished}x86_64-unknown-linux-gnu/app ")), "{said}");
        assert!(!said.contains("/../"), "{said}");
    }
    assert!(root.join("tgt/debug/app").exists(), "cargo's own file");
    let left: Vec<_> = std::fs::read_dir(&root).unwrap().flatten().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
