//! `verify --rebuild` on small workspaces: it names the cause of each difference. Released programs
//! are rebuilt where they are built (`ripgrep.rs`, `fd.rs`, `example/rebuild.rs`).

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{HOST, run, scratch, write};
use crate::two_builds::{check_identical, events, rebuild};

const BUILD: &str = r#"
use std::collections::HashMap;
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let words: HashMap<u32, ()> = (100_000..100_200).map(|word| (word, ())).collect();
    let words: Vec<String> = words.keys().map(u32::to_string).collect();
    let constants = format!(
        "pub const BUILT: &str = \"built at {} seconds\";\npub const WORDS: &str = \"{}\";\n",
        now.as_secs(),
        words.join(","),
    );
    std::fs::write(format!("{out}/constants.rs"), constants).unwrap();
}
"#;

/// Cost: 37 CPU seconds.
#[test]
fn the_cause_of_a_difference_is_named() {
    let dir = scratch();
    let main = |what: &str| {
        format!(
            "#![allow(dead_code)]\ninclude!(concat!(env!(\"OUT_DIR\"), \"/constants.rs\"));\n\
             fn main() {{ println!(\"{{}}\", {what}); }}\n"
        )
    };
    write(
        dir.path(),
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
            ),
            ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n"),
            ("build.rs", BUILD),
            ("src/bin/timed.rs", &main("BUILT")),
            ("src/bin/shuffled.rs", &main("WORDS")),
            ("src/bin/placed.rs", &main("env!(\"CARGO_MANIFEST_DIR\")")),
            ("src/bin/sound.rs", "fn main() { println!(\"{}\", file!()); }\n"),
            (
                "tachi.toml",
                "[verify]\nallow = [\"home-folder\", \"build-folder\", \"absolute-path\"]\n",
            ),
        ],
    );
    let ran = rebuild(dir.path(), &[HOST], &[]).expect_code(5);
    let compared = events(&ran, "compared");
    for (program, cause) in [
        ("timed", Some("the time of the build is in it")),
        ("shuffled", Some("the same things are in another order")),
        ("placed", Some("the folder of the build is in it")),
        ("sound", None),
    ] {
        let own =
            |event: &&Value| event["path"].as_str().unwrap().ends_with(&format!("/{program}"));
        let event = compared.iter().find(own).unwrap();
        let comparison = if cause.is_some() { "different" } else { "identical" };
        assert_eq!(event["comparison"], comparison, "{event}");
        if let Some(cause) = cause {
            assert_eq!(event["differences"][0]["cause"], cause, "{event}");
            let place = event["differences"][0]["place"].as_str().unwrap();
            assert!(place.starts_with("section .rodata"), "{event}");
            assert!(Path::new(event["second"].as_str().unwrap()).exists(), "{event}");
        }
    }
    let package = |event: &&Value| event["path"].as_str().unwrap().ends_with(".tar.gz");
    let event = compared.iter().find(package).unwrap();
    assert!(event["differences"][0]["place"].as_str().unwrap().starts_with("entry "), "{event}");
}

/// Fails if files were copied that git ignores.
const LOOK: &str = "fn main() {\n    \
     let again = std::env::var_os(\"TACHI_REBUILD\").is_some();\n    \
     assert!(!again || !std::path::Path::new(\"ignored\").exists());\n}\n";

/// Cost: 10 CPU seconds.
#[test]
fn uncommitted_changes_are_refused_or_built_with() {
    let dir = scratch();
    write(
        dir.path(),
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
            ),
            ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n"),
            ("src/main.rs", "mod gone;\nfn main() {}\n"),
            ("src/gone.rs", "compile_error!(\"it should be gone\");\n"),
            ("src/bin/before.rs", "fn main() { println!(\"a program that gets another name\") }\n"),
            ("build.rs", LOOK),
            (".gitignore", "/ignored\n/target\n"),
            ("ignored/large", ""),
        ],
    );
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        run(git.args(who).args(args).current_dir(dir.path())).expect_success();
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    std::fs::remove_file(dir.path().join("src/gone.rs")).unwrap();
    git(&["mv", "src/bin/before.rs", "src/bin/after.rs"]);
    let main = "mod new;\nfn main() { println!(\"{}\", new::TEXT) }\n";
    let new = "pub const TEXT: &str = \"not in a commit\";\n";
    write(dir.path(), &[("src/main.rs", main), ("src/new.rs", new)]);
    let ran = rebuild(dir.path(), &[HOST], &[]).expect_code(2);
    assert!(ran.stderr.contains("have changes that no commit holds"), "{}", ran.stderr);
    check_identical(rebuild(dir.path(), &[HOST], &["--allow-dirty"]), 3);
}
