//! What Tachi writes and reads is valid by the schemas in `docs/schema`, as an independent validator
//! sees it: Python's check-jsonschema, which `cargo xtask setup` installs.
//!
//! Cost: 3 CPU seconds for a release of one small crate, and one for each call of the validator.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{HOST, repository, run, scratch, tachi, write};

/// Asks check-jsonschema about texts that are files with the ending `kind`.
fn validated(schema: &str, kind: &str, texts: &[String]) -> Result<(), String> {
    assert!(!texts.is_empty(), "nothing to look at");
    let dir = scratch();
    let files = texts.iter().zip(0..).map(|(text, number)| {
        let path = dir.path().join(format!("{number}.{kind}"));
        std::fs::write(&path, text).unwrap();
        path
    });
    let files: Vec<PathBuf> = files.collect();
    let schema = repository().join(format!("docs/schema/{schema}.schema.json"));
    let tool = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools");
    let mut command = Command::new("python3");
    command.args(["-m", "check_jsonschema", "--schemafile"]).arg(schema).args(files);
    let ran = run(command.env("PYTHONPATH", tool.join("check-jsonschema")));
    let said = format!("{}{}", ran.stdout, ran.stderr);
    let is_there = !said.contains("No module named check_jsonschema");
    assert!(is_there, "check-jsonschema is missing: run `cargo xtask setup`\n{said}");
    if ran.code == Some(0) { Ok(()) } else { Err(said) }
}

#[track_caller]
fn assert_valid(schema: &str, kind: &str, texts: &[String]) {
    if let Err(said) = validated(schema, kind, texts) {
        panic!("{schema}: {said}");
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn files_of_a_release_are_valid() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    let lock = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n";
    let main = "fn main() {}\n";
    write(dir.path(), &[("Cargo.toml", manifest), ("Cargo.lock", lock), ("src/main.rs", main)]);
    let plan = ["plan", "--dist", "--format", "json", "--target", "all"];
    let plan = run(tachi(dir.path()).args(plan)).expect_success().stdout;
    assert_valid("plan", "json", &[plan]);
    let dist = ["dist", "--message-format", "json", "--target", HOST];
    let events = lines(&run(tachi(dir.path()).args(dist)).expect_success().stdout);
    assert_valid("event", "json", &events);
    let of = |folder: &str| read(&dir.path().join(format!("target/tachi/{folder}/manifest.json")));
    let manifests = [of("release"), of("dist")];
    assert!(manifests[1].contains(".tar.gz"), "a package is in it: {}", manifests[1]);
    assert_valid("manifest", "json", &manifests);
}

#[test]
fn recorded_events_with_findings_and_tests_are_valid() {
    let streams = repository().join("crates/tachi-report/tests/streams");
    let entries = std::fs::read_dir(streams).unwrap();
    let events: Vec<String> =
        entries.flat_map(|entry| lines(&read(&entry.unwrap().path()))).collect();
    let has = |kind: &str| {
        events.iter().any(|line| serde_json::from_str::<Value>(line).unwrap()["event"] == kind)
    };
    assert!(["finding", "test", "tests", "ran"].into_iter().all(has), "{events:?}");
    assert_valid("event", "json", &events);
}

#[test]
fn the_settings_that_the_documentation_shows_are_valid() {
    let mut settings = Vec::new();
    for page in ["configuration", "signing", "verify"] {
        let text = read(&repository().join(format!("docs/{page}.md")));
        let before = settings.len();
        let blocks = text.split("```toml\n").skip(1);
        settings.extend(blocks.map(|block| block.split("```").next().unwrap().to_owned()));
        assert!(settings.len() > before, "{page} shows some");
    }
    assert_valid("tachi-toml", "toml", &settings);
}

#[test]
fn wrong_texts_are_not_valid() {
    for (schema, kind, wrong) in [
        ("tachi-toml", "toml", "[target.x86_64-unknown-linux-gnu]\nglib = '2.17'"),
        ("tachi-toml", "toml", "[verify]\ndeny = ['mising-pie']"),
        ("tachi-toml", "toml", "[cache]\nsccache = 'yes'"),
        ("event", "json", r#"{"seq":0,"at":0.0,"event":"ended","success":true}"#),
        ("event", "json", r#"{"at":0.0,"event":"compiling"}"#),
    ] {
        assert!(validated(schema, kind, &[wrong.to_owned()]).is_err(), "{schema}: {wrong}");
    }
}
