//! One program, which knows its commit through one crate or another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{process, repository};

/// How the program comes to know its commit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variant {
    /// The crate, with its version.
    pub(super) name: &'static str,
    /// Tables of the manifest; `{repository}` stands for this repository's root.
    dependencies: &'static str,
    /// The build script, if it has one.
    build_script: Option<&'static str>,
    /// Items of the program, and an expression for the full commit.
    commit: (&'static str, &'static str),
    /// Cargo's subcommand that builds it, and the folder of its programs below the target folder.
    build: (&'static [&'static str], &'static str),
}

const CARGO: (&[&str], &str) = (&["build"], "release");

/// Tachi, then the others, in releases that compile with Rust 1.95; each as its
/// documentation begins.
pub(super) const VARIANTS: [Variant; 4] = [
    Variant {
        name: "tachi-build-info",
        dependencies: "[dependencies]\ntachi-build-info.path = \"{repository}/crates/tachi-build-info\"\n",
        build_script: None,
        commit: ("", "tachi_build_info::build_info!().git_hash_full"),
        build: (&["tachi", "build", "--no-sccache"], "tachi/release/{host}"),
    },
    Variant {
        name: "vergen-gitcl 9.1.0",
        dependencies: "[build-dependencies]\nvergen-gitcl = \"=9.1.0\"\n[dependencies]\n",
        build_script: Some(
            "fn main() {
                let git = vergen_gitcl::GitclBuilder::all_git().unwrap();
                vergen_gitcl::Emitter::default().add_instructions(&git).unwrap().emit().unwrap();
            }",
        ),
        commit: ("", "env!(\"VERGEN_GIT_SHA\")"),
        build: CARGO,
    },
    Variant {
        name: "shadow-rs 2.0.0",
        dependencies: "[build-dependencies]\nshadow-rs = \"=2.0.0\"\n\
            [dependencies]\nshadow-rs = { version = \"=2.0.0\", default-features = false }\n",
        build_script: Some("fn main() { shadow_rs::ShadowBuilder::builder().build().unwrap(); }"),
        commit: ("shadow_rs::shadow!(build);", "build::COMMIT_HASH"),
        build: CARGO,
    },
    Variant {
        name: "built 0.8.1",
        dependencies: "[build-dependencies]\nbuilt = { version = \"=0.8.1\", features = [\"git2\"] }\n\
            [dependencies]\n",
        build_script: Some("fn main() { built::write_built_file().unwrap(); }"),
        commit: (
            "mod built_info { include!(concat!(env!(\"OUT_DIR\"), \"/built.rs\")); }",
            "built_info::GIT_COMMIT_HASH.unwrap_or_default()",
        ),
        build: CARGO,
    },
];

/// A command-line program of a common size: it counts the words of a text, and prints them as JSON.
const PROGRAM: &str = r#"
#![allow(dead_code)]
use std::collections::BTreeMap;
use clap::Parser;

/// Counts words.
#[derive(Parser)]
#[command(version = commit())]
struct Arguments {
    /// The text.
    text: Vec<String>,
}

#[derive(serde::Serialize)]
struct Report {
    commit: &'static str,
    words: BTreeMap<String, usize>,
}

fn main() {
    let arguments = Arguments::parse();
    let word = regex::Regex::new(r"\w+").unwrap();
    let mut report = Report { commit: commit(), words: BTreeMap::new() };
    for text in &arguments.text {
        for word in word.find_iter(text) {
            *report.words.entry(word.as_str().to_lowercase()).or_default() += 1;
        }
    }
    println!("{}", serde_json::to_string_pretty(&report).unwrap());
}
"#;

/// The program's own dependencies.
const DEPENDENCIES: &str = "clap = { version = \"=4.6.9\", features = [\"derive\"] }\n\
    regex = \"=1.13.2\"\nserde = { version = \"=1.0.229\", features = [\"derive\"] }\n\
    serde_json = \"=1.0.154\"\n";

/// A variant's program in a repository of its own.
pub(super) struct Program {
    variant: Variant,
    folder: PathBuf,
    target: PathBuf,
}

impl Program {
    /// Writes the program into a new folder of `folder`, and commits it. Build output goes to
    /// `target`, which programs may share.
    pub(super) fn new(variant: Variant, folder: &Path, target: &Path) -> Result<Self, String> {
        let folder = folder.join(variant.name.replace(' ', "-"));
        let program = Self { variant, folder, target: target.to_owned() };
        program.write().map_err(|error| format!("{}: {error}", program.folder.display()))?;
        program.git(&["init", "--quiet", "--initial-branch=main"])?;
        program.git(&["add", "--all"])?;
        program.commit()?;
        Ok(program)
    }

    fn write(&self) -> std::io::Result<()> {
        let root = repository::root().display().to_string();
        let (items, commit) = self.variant.commit;
        let manifest = format!(
            "[package]\nname = \"{}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[workspace]\n{}{DEPENDENCIES}",
            self.package(),
            self.variant.dependencies.replace("{repository}", &root)
        );
        let source = format!("{PROGRAM}\nfn commit() -> &'static str {{ {commit} }}\n\n{items}\n");
        fs::create_dir_all(self.folder.join("src"))?;
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join("src/main.rs"), source)?;
        if let Some(script) = self.variant.build_script {
            fs::write(self.folder.join("build.rs"), script)?;
        }
        Ok(())
    }

    fn package(&self) -> String {
        let name = self.variant.name.split(' ').next().unwrap_or_default();
        format!("knows-by-{name}")
    }

    /// Makes a commit without any change.
    pub(super) fn commit(&self) -> Result<(), String> {
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]).map(drop)
    }

    /// The command that builds the program, as a user gives it.
    pub(super) fn build(&self) -> Command {
        let mut command = process::command("cargo", self.variant.build.0);
        command.args(["--release"]).current_dir(&self.folder);
        for variable in ["CARGO", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(variable);
        }
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Whether the built program prints the commit that is checked out.
    pub(super) fn knows(&self, host: &str) -> Result<bool, String> {
        let folder = self.target.join(self.variant.build.1.replace("{host}", host));
        let file = folder.join(self.package()).display().to_string();
        let said = process::capture(&mut process::command(&file, &["one two two"]))?;
        Ok(said.contains(self.git(&["rev-parse", "HEAD"])?.trim()))
    }

    fn git(&self, args: &[&str]) -> Result<String, String> {
        let mut git = process::command("git", &["-c", "user.name=T", "-c", "user.email=t@t"]);
        process::capture(git.args(args).current_dir(&self.folder))
    }
}
