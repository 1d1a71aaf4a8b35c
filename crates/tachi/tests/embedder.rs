//! A program that embeds the library: it answers its own linker's calls, makes a release with the
//! builder, and verifies it. Compiles one small crate without dependencies: about five seconds.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a program of its own, which prepares and looks at the machine directly"
)]

use std::path::Path;
use std::process::ExitCode;

use tachi::{Builder, Session};

const NAME: &str = "a_release_is_made_verified_and_refused_once_it_has_changed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(answer) = tachi::ops::driver::answer(&arguments) {
        let outcome = answer.unwrap();
        eprint!("{}", outcome.stderr);
        return if outcome.success { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let (is_listing, is_ignored) = (has("--list"), has("--ignored"));
    let filters = arguments.iter().filter(|argument| !argument.starts_with('-'));
    let is_selected =
        filters.clone().next().is_none() || filters.clone().any(|one| NAME.contains(&**one));
    // The answers that cargo-nextest expects of a test executable.
    match (is_listing, is_ignored) {
        (true, false) => println!("{NAME}: test"),
        (false, false) if is_selected => release(),
        _ => {}
    }
    ExitCode::SUCCESS
}

fn release() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let write = |name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
    std::fs::create_dir(root.join("src")).unwrap();
    write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[workspace]\n");
    write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n");
    write("src/main.rs", "fn main() {}");
    let session = Session::of_this_process().unwrap();
    let manifest = root.join("Cargo.toml");
    let builder = Builder::new().manifest_path(manifest.to_str().unwrap()).sccache(false);
    let errors = || builder.verify(&session, &|_| {});

    let missing = errors().unwrap_err().to_string();
    assert!(missing.contains("there is no release"), "{missing}");
    builder.dist(&session, &|_| {}).unwrap();
    assert_eq!(errors().unwrap(), 0);

    let package = package_in(&root.join("target/tachi/dist"));
    let mut bytes = std::fs::read(&package).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&package, bytes).unwrap();
    assert!(errors().unwrap() > 0);
    assert!(builder.verify_files([package.to_str().unwrap()], &session, &|_| {}).unwrap() > 0);
}

fn package_in(folder: &Path) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.extension().is_some_and(|end| end == "gz")).unwrap()
}
