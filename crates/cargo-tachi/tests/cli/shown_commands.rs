//! Runs the commands that docs and CONTRIBUTING.md show, on small files with the names that they use.
//! The README's are run by `e2e/example/readme.rs`.

#[path = "../../../../xtask/src/tidy/console_blocks.rs"]
mod console_blocks;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fake_cargo::FakeCargo;
use crate::support::{repository, run, write};

/// The files that commands name, and the files of tachi-binary's corpus that they are.
const FILES: [(&str, &str); 8] = [
    ("app-arm64", "macho-arm64"),
    ("app-x86_64", "macho-x86_64"),
    ("libapp.dylib", "macho-x86_64-dylib"),
    ("app.exe", "pe-x86_64"),
    ("old.dll", "pe-i386-dll"),
    ("app-linux", "elf-x86_64"),
    ("libapp.so", "elf-x86_64-shared"),
    ("target/release/it", "elf-x86_64"),
];

/// A released workspace with all files that commands name. Its `cargo` knows Tachi only.
fn workspace() -> FakeCargo {
    let fake = FakeCargo::new(&["app"]);
    run(fake.tachi().args(["dist", "--quiet"])).expect_success();
    let dir = fake.path();
    let corpus = repository().join("crates/tachi-binary/tests/corpus");
    std::fs::create_dir_all(dir.join("target/release")).unwrap();
    for (name, file) in FILES {
        std::fs::copy(corpus.join(file), dir.join(name)).unwrap();
    }
    std::fs::copy("/bin/true", dir.join("target/release/app")).unwrap();
    let archive = "app-1.0.0-x86_64-pc-windows-msvc.tar.gz";
    run(Command::new("tar").current_dir(dir).args(["-czf", archive, "app.exe"])).expect_success();
    write(dir, &[("bin/cargo", "exec \"$TACHI\" \"$@\"\n")]);
    run(Command::new("chmod").current_dir(dir).args(["+x", "bin/cargo"])).expect_success();
    fake
}

/// The documents whose commands are run here.
fn documents() -> Vec<PathBuf> {
    let root = repository();
    let folders = [root.join("docs"), root.join("docs/findings")];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let pages = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.chain([root.join("CONTRIBUTING.md")]).collect()
}

fn commands(document: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(document).unwrap();
    let blocks = console_blocks::read(&text).expect("tidy checks the blocks");
    let run = blocks.into_iter().filter(|block| block.not_run.is_none());
    run.flat_map(|block| block.commands).collect()
}

/// Cost: about 2 s.
#[test]
fn the_commands_of_all_documents_work_as_written() {
    let mut count = 0;
    for document in documents() {
        let commands = commands(&document);
        if commands.is_empty() {
            continue;
        }
        let workspace = workspace();
        for text in commands {
            println!("{}: {text}", document.display());
            let mut shell = workspace.tachi_through("sh");
            let path = std::env::var("PATH").unwrap();
            shell.env("PATH", format!("{}:{path}", workspace.path().join("bin").display()));
            shell.env("TACHI", env!("CARGO_BIN_EXE_cargo-tachi"));
            run(shell.args(["-c", &text])).expect_success();
            count += 1;
        }
    }
    assert!(count >= 17, "only {count} commands were found");
}
