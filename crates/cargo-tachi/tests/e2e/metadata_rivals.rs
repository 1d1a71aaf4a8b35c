//! Mistakes of other crates about the commit, replayed on real repositories beside Tachi.
//!
//! Pinned: vergen-gitcl 9.1.0, the last for Rust 1.95 (10.0.3 watches the same files),
//! git-version 0.3.9 and shadow-rs 2.0.0, the newest of November 2026. A rival's behaviour is
//! asserted, too, if it is the same every time: a better release of it changes this file and
//! docs/build-info.md. shadow-rs calls git here, and not libgit2, whose C takes longer to compile
//! than all the rest.
//!
//! Cost: 90 CPU seconds for whichever test comes first and compiles them, 20 for each scenario.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{HOST, clean, repository, run, tachi, write};

/// Programs that print their commit in full, then ` changed` if they know of changed files.
struct Programs {
    /// The scenario, and the beginning of every package's name: packages of one name would
    /// overwrite each other's files in the target folder that all scenarios share.
    name: &'static str,
    dir: PathBuf,
}

/// What the programs print.
#[derive(Debug, PartialEq)]
struct Said {
    tachi: String,
    vergen: String,
    git_version: String,
    /// In a debug build.
    shadow: String,
    /// In a release build.
    shadow_release: String,
}

impl Said {
    /// All say the same.
    fn all(text: &str) -> Self {
        let [tachi, vergen, git_version, shadow, shadow_release] = [text; 5].map(str::to_owned);
        Self { tachi, vergen, git_version, shadow, shadow_release }
    }
}

impl Programs {
    /// A committed workspace, at a place that is the same in each run of the tests.
    fn new(name: &'static str) -> Self {
        let programs = Self::in_folder(name, &shared().join(name));
        programs.git(&["init", "--quiet", "--initial-branch=main"]);
        programs.git(&["add", "--all"]);
        programs.commit();
        programs
    }

    fn in_folder(name: &'static str, dir: &Path) -> Self {
        let _ = std::fs::remove_dir_all(dir);
        let build_info = repository().join("crates/tachi-build-info");
        let ours = format!("[dependencies]\ntachi-build-info.path = \"{}\"", build_info.display());
        let members = ["tachi", "vergen", "git-version", "shadow"];
        let members = members.map(|member| format!("\"{member}\"")).join(", ");
        let manifest = |rival: &str, dependencies: &str| {
            format!(
                "[package]\nname = \"{name}-{rival}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n{dependencies}\n"
            )
        };
        write(
            dir,
            &[
                (
                    "Cargo.toml",
                    &format!(
                        "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\
                         [profile.dev]\ndebug = false\n"
                    ),
                ),
                (".gitignore", "Cargo.lock\n/tree\n/vendor\n"),
                ("notes", "read by nobody\n"),
                ("tachi/Cargo.toml", &manifest("tachi", &ours)),
                (
                    "tachi/src/main.rs",
                    "fn main() {
                        let info = tachi_build_info::build_info!();
                        let changed = if info.git_dirty { \" changed\" } else { \"\" };
                        println!(\"{}{changed}\", info.git_hash_full);
                    }",
                ),
                (
                    "vergen/Cargo.toml",
                    &manifest("vergen", "[build-dependencies]\nvergen-gitcl = \"=9.1.0\""),
                ),
                (
                    "vergen/build.rs",
                    "fn main() {
                        let mut git = vergen_gitcl::GitclBuilder::default();
                        let git = git.sha(false).dirty(false).build().unwrap();
                        vergen_gitcl::Emitter::default().add_instructions(&git).unwrap().emit().unwrap();
                    }",
                ),
                (
                    "vergen/src/main.rs",
                    "fn main() {
                        let changed = env!(\"VERGEN_GIT_DIRTY\") == \"true\";
                        println!(\"{}{}\", env!(\"VERGEN_GIT_SHA\"), if changed { \" changed\" } else { \"\" });
                    }",
                ),
                (
                    "git-version/Cargo.toml",
                    &manifest("git-version", "[dependencies]\ngit-version = \"=0.3.9\""),
                ),
                (
                    "git-version/src/main.rs",
                    "const VERSION: &str = git_version::git_version!(
                        args = [\"--abbrev=40\", \"--always\", \"--dirty= changed\"]);
                    fn main() { println!(\"{VERSION}\"); }",
                ),
                (
                    "shadow/Cargo.toml",
                    &manifest(
                        "shadow",
                        "[dependencies]\nshadow-rs = { version = \"=2.0.0\", default-features = false }\n\
                         [build-dependencies]\nshadow-rs = { version = \"=2.0.0\", default-features = false, features = [\"build\"] }",
                    ),
                ),
                (
                    "shadow/build.rs",
                    "fn main() { shadow_rs::ShadowBuilder::builder().build().unwrap(); }",
                ),
                (
                    "shadow/src/main.rs",
                    "shadow_rs::shadow!(build);
                    fn main() {
                        let changed = if build::GIT_CLEAN { \"\" } else { \" changed\" };
                        println!(\"{}{changed}\", build::COMMIT_HASH);
                    }",
                ),
            ],
        );
        Self { name, dir: dir.to_owned() }
    }

    /// The same programs in another folder.
    fn at(&self, dir: PathBuf) -> Self {
        Self { name: self.name, dir }
    }

    /// Git without a user's settings; returns what it prints.
    fn git(&self, args: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=T", "-c", "user.email=t@t"]).args(args).current_dir(&self.dir);
        run(&mut git).expect_success().stdout.trim().to_owned()
    }

    /// Commits what is added; returns the commit.
    fn commit(&self) -> String {
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Builds a rival's program with cargo; returns how many crates were compiled.
    fn build(&self, rival: &str, more: &[&str]) -> usize {
        let mut cargo = Command::new("cargo");
        self.counted(cargo.arg("build").args(more).current_dir(&self.dir), rival)
    }

    /// Builds Tachi's program with `cargo tachi`; returns how many crates were compiled.
    fn build_ours(&self, more: &[&str]) -> usize {
        self.counted(tachi(&self.dir).arg("build").args(more), "tachi")
    }

    /// Runs a build with a script around rustc that notes each compilation.
    fn counted(&self, build: &mut Command, package: &str) -> usize {
        use std::os::unix::fs::PermissionsExt;
        let [script, notes] =
            ["rustc", "compiled"].map(|end| shared().join(self.name).with_extension(end));
        if !script.exists() {
            // Cargo asks for the compiler's version and settings, too.
            let text = "#!/bin/sh\ncase \"$*\" in *'--crate-name ___'*) ;;\n\
                *--crate-name*) echo x >> \"$COMPILED\" ;; esac\nexec \"$@\"\n";
            std::fs::write(&script, text).unwrap();
            std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
        }
        std::fs::write(&notes, "").unwrap();
        clean(build);
        build.args(["--quiet", "--package", &format!("{}-{package}", self.name)]);
        build.env("RUSTC_WRAPPER", &script).env("COMPILED", &notes);
        run(build.env("CARGO_TARGET_DIR", shared().join("target"))).expect_success();
        std::fs::read_to_string(&notes).unwrap().lines().count()
    }

    /// Builds until git-version finds nothing new in the index that it had git write.
    fn settle(&self) {
        self.said();
        assert!((0..5).any(|_| self.build("git-version", &[]) == 0), "git-version never rests");
    }

    /// Builds all of them, and asks them for the commit.
    fn said(&self) -> Said {
        let target = shared().join("target");
        let said = |folder: &str, rival: &str| {
            let file = target.join(folder).join(format!("{}-{rival}", self.name));
            run(&mut Command::new(file)).expect_success().stdout.trim_end().to_owned()
        };
        self.build_ours(&[]);
        for rival in ["vergen", "git-version", "shadow"] {
            self.build(rival, &[]);
        }
        self.build("shadow", &["--release"]);
        Said {
            tachi: said(&format!("tachi/debug/{HOST}"), "tachi"),
            vergen: said("debug", "vergen"),
            git_version: said("debug", "git-version"),
            shadow: said("debug", "shadow"),
            shadow_release: said("release", "shadow"),
        }
    }
}

/// A target folder for all scenarios, so that each rival is compiled once.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("metadata-rivals")
}

#[test]
#[ignore = "tests other crates; what Tachi says of a commit is tested in every run"]
fn a_commit_after_refs_were_packed() {
    let programs = Programs::new("packed");
    programs.git(&["pack-refs", "--all"]);
    let first = programs.git(&["rev-parse", "HEAD"]);
    assert_eq!(programs.said(), Said::all(&first));
    let second = programs.commit();
    // git-version watches the reflog, not the branch's file. shadow-rs looks at nothing in debug
    // builds.
    let expected = Said { vergen: first.clone(), shadow: first, ..Said::all(&second) };
    assert_eq!(programs.said(), expected);
}

#[test]
#[ignore = "tests other crates; what Tachi says of a commit is tested in every run"]
fn a_commit_in_a_worktree() {
    let programs = Programs::new("worktree");
    programs.git(&["worktree", "add", "--quiet", "-b", "side", "tree"]);
    let tree = programs.at(programs.dir.join("tree"));
    let first = tree.git(&["rev-parse", "HEAD"]);
    assert_eq!(tree.said(), Said::all(&first));
    let second = tree.commit();
    // git-version asks git for the worktree's own folder.
    let expected = Said { vergen: first.clone(), shadow: first, ..Said::all(&second) };
    assert_eq!(tree.said(), expected);
}

#[test]
#[ignore = "tests other crates; what Tachi says of a commit is tested in every run"]
fn an_edit_of_a_tracked_file() {
    let programs = Programs::new("edited");
    let commit = programs.git(&["rev-parse", "HEAD"]);
    programs.settle();
    write(&programs.dir, &[("notes", "edited\n")]);
    let changed = format!("{commit} changed");
    let expected =
        Said { tachi: changed.clone(), shadow_release: changed.clone(), ..Said::all(&commit) };
    assert_eq!(programs.said(), expected);
    // Each knows of its own sources, as they are compiled again; but even then vergen's build
    // script does not run.
    for rival in ["vergen", "git-version", "shadow"] {
        let main = programs.dir.join(rival).join("src/main.rs");
        let text = std::fs::read_to_string(&main).unwrap();
        std::fs::write(main, text + "\n").unwrap();
    }
    assert_eq!(programs.said(), Said { vergen: commit, ..Said::all(&changed) });
}

#[test]
#[ignore = "tests other crates; what Tachi says of a commit is tested in every run"]
fn a_copy_inside_another_repository() {
    let outer = Programs::new("vendored");
    let copy = Programs::in_folder("vendored", &outer.dir.join("vendor/it"));
    let outers = outer.git(&["rev-parse", "HEAD"]);
    assert_eq!(copy.said(), Said { tachi: "unknown".into(), ..Said::all(&outers) });
}

#[test]
#[ignore = "tests other crates; what Tachi says of a commit is tested in every run"]
fn a_build_with_nothing_to_do_and_one_with_nothing_but_a_commit() {
    let programs = Programs::new("nothing");
    let index = || std::fs::read(programs.dir.join(".git/index")).unwrap();
    let compiled = |more: &[&str]| {
        [
            programs.build_ours(more),
            programs.build("vergen", more),
            programs.build("git-version", more),
            programs.build("shadow", more),
        ]
    };
    assert!(compiled(&[])[0] > 0, "nothing was counted");
    programs.settle();
    assert_eq!(compiled(&[]), [0, 0, 0, 0]);

    programs.commit();
    // Git wants to record in the index that this file's new time means no change.
    run(Command::new("touch").args(["-d", "@1"]).arg(programs.dir.join("notes"))).expect_success();
    let before = index();
    assert_eq!(programs.build_ours(&[]), 0);
    assert_eq!(index(), before, "Tachi wrote the index");
    assert_eq!(compiled(&[]), [0, 1, 1, 0]);
    assert_ne!(index(), before, "git-version let git write the index");
    assert_eq!(compiled(&[]), [0, 0, 1, 0], "and so compiles again, though nothing happened");

    compiled(&["--release"]);
    assert_eq!(compiled(&["--release"])[0], 0);
    assert_eq!(programs.build("shadow", &["--release"]), 1, "shadow-rs compiles every time");
}
