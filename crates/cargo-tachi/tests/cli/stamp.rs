//! Real programs, stamped and run: they print what was stamped.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::slots::{check_difference, inspect};
use crate::support::{HOST, clean, repository, run, runner, scratch, tachi, write};
use serde_json::Value;

/// Small, fast, stripped, without unwinding: the profile that removes most.
const SMALL: &str = "[profile.small]\ninherits = \"release\"\nopt-level = \"z\"\nlto = \"fat\"\n\
    codegen-units = 1\npanic = \"abort\"\nstrip = \"symbols\"\n";

/// A program of version 1.2.3 with a library of version 0.9.9, both of which ask.
fn program(dir: &Path) {
    let crate_dir = repository().join("crates/tachi-build-info");
    let dependency = format!("tachi-build-info = {{ path = \"{}\" }}\n", crate_dir.display());
    let package = |name: &str, version: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\nrust-version = \"1.85\"\n"
        )
    };
    let root = package("it", "1.2.3")
        + "[workspace]\nmembers = [\"part\"]\n"
        + SMALL
        + "[dependencies]\npart = { path = \"part\" }\n"
        + &dependency;
    let main = "
        #![forbid(unsafe_code)]
        use tachi_build_info::{LazyBuildInfo, build_info, lazy_build_info};
        static BUILD_INFO: LazyBuildInfo = lazy_build_info!();
        fn main() {
            match std::env::args().nth(1).as_deref() {
                Some(\"--version\") => println!(\"it {}\", BUILD_INFO.version_string()),
                Some(\"--json\") => println!(\"{}\", BUILD_INFO.to_json()),
                Some(\"--part\") => println!(\"{}\", part::version()),
                _ => println!(\"{}\", build_info!().user_agent(\"It\")),
            }
        }";
    let part = "pub fn version() -> String { tachi_build_info::build_info!().version_string() }";
    write(
        dir,
        &[
            ("Cargo.toml", &root),
            ("src/main.rs", main),
            ("part/Cargo.toml", &(package("part", "0.9.9") + "[dependencies]\n" + &dependency)),
            ("part/src/lib.rs", part),
            (".gitignore", "target\nCargo.lock\n"),
        ],
    );
}

/// Builds the program and returns the folder of its files.
fn build(dir: &Path, args: &[&str], flags: &str) -> PathBuf {
    let mut cargo = Command::new("cargo");
    cargo.arg("build").args(["--quiet", "--offline"]).args(args).current_dir(dir);
    clean(&mut cargo);
    run(cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", dir.join("target"))).expect_success();
    dir.join("target")
}

/// A repository's git, without a user's settings; returns what it prints.
fn git(dir: &Path, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=T", "-c", "user.email=t@t"]).args(args).current_dir(dir);
    let date = "2026-01-31T23:59:59Z";
    git.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
    run(&mut git).expect_success().stdout.trim().to_owned()
}

fn repository_of(dir: &Path) -> String {
    git(dir, &["init", "--quiet", "--initial-branch=main"]);
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--message", "first"]);
    git(dir, &["rev-parse", "HEAD"])
}

fn said(program: &mut Command, flag: &str) -> String {
    run(program.arg(flag)).expect_success().stdout.trim().to_owned()
}

/// Builds for `target`, stamps from a repository, runs, and compares.
fn check(profile: &str, target: &str, flags: &str) {
    let dir = scratch();
    program(dir.path());
    let full = repository_of(dir.path());
    let short = git(dir.path(), &["rev-parse", "--short", "HEAD"]);
    let args = ["--profile", profile, "--target", target, "--bin", "it"];
    let folder = if profile == "dev" { "debug" } else { profile };
    let file = build(dir.path(), &args, flags).join(target).join(folder).join("it");
    let before = std::fs::read(&file).unwrap();
    let run_it = |flag: &str| said(&mut runner(target, &file), flag);

    let assumed = if profile == "dev" { "debug" } else { "release" };
    assert_eq!(run_it("--version"), format!("it 1.2.3 (unknown) built unknown [{assumed}]"));
    assert_eq!(run_it("--agent"), format!("It/1.2.3 ({target})"));
    assert_eq!(inspect(&file)["stamp"], serde_json::json!({}));

    let mut stamp = tachi(dir.path());
    stamp.arg("stamp").arg(&file);
    run(stamp.args(["--set", "build_profile=dist", "--set", "build_target=t"])).expect_success();
    check_difference(&before, &std::fs::read(&file).unwrap(), 1);
    let built = format!("({short}) built 2026-01-31T23:59:59Z [dist]");
    assert_eq!(run_it("--version"), format!("it 1.2.3 {built}"));
    assert_eq!(run_it("--part"), format!("0.9.9 {built}"), "each package has its own version");
    assert_eq!(run_it("--agent"), "It/1.2.3 (t)");
    let own: Value = serde_json::from_str(&run_it("--json")).unwrap();
    let read = &inspect(&file)["stamp"];
    assert_eq!(own["git_hash_full"], *full);
    assert_eq!(own["rust_version"], "1.85");
    assert_eq!(own["git_dirty"], false);
    for (key, value) in read.as_object().unwrap() {
        let own = own[key].as_str().map_or_else(|| own[key].to_string(), str::to_owned);
        assert_eq!(*value, own, "{key}");
    }

    // A later commit, an edit: stamped again, nothing compiled.
    git(dir.path(), &["commit", "--quiet", "--allow-empty", "--message", "second"]);
    write(dir.path(), &[("src/main.rs", "fn main() {}")]);
    run(tachi(dir.path()).arg("stamp").arg(&file)).expect_success();
    let short = git(dir.path(), &["rev-parse", "--short", "HEAD"]);
    let built = format!("({short}-dirty) built 2026-01-31T23:59:59Z [dist]");
    assert_eq!(run_it("--version"), format!("it 1.2.3 {built}"));
}

#[test]
fn a_debug_program_prints_what_was_stamped() {
    check("dev", HOST, "");
}

#[test]
fn the_slot_survives_fat_lto_size_optimisation_gc_icf_and_strip() {
    check("small", HOST, "-Clink-arg=-Wl,--gc-sections,--icf=all,-O2");
}

#[test]
fn a_program_for_another_processor_prints_what_was_stamped() {
    let target = "aarch64-unknown-linux-musl";
    let sysroot = run(Command::new("rustc").args(["--print", "sysroot"])).expect_success().stdout;
    if !Path::new(sysroot.trim()).join("lib/rustlib").join(target).exists() {
        return;
    }
    let flags = "-Clinker=rust-lld -Clinker-flavor=ld.lld -Clink-self-contained=yes";
    check("small", target, flags);
}

/// A debug program in a repository, built once for the tests of the terminal.
fn built(dir: &Path) -> PathBuf {
    program(dir);
    repository_of(dir);
    build(dir, &["--bin", "it"], "").join("debug/it")
}

#[test]
fn links_and_permissions_stay_and_bad_input_changes_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = scratch();
    let file = built(dir.path());
    let (copy, linked) = (dir.path().join("target/copy"), dir.path().join("target/linked"));
    std::fs::copy(&file, &copy).unwrap();
    std::fs::hard_link(&copy, &linked).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o750)).unwrap();
    let before = std::fs::read(&copy).unwrap();

    let long = format!("note={}", "x".repeat(1000));
    for (set, message) in [
        ("Key=x", "the key `Key` is not made of"),
        ("git_hash", "it needs a `=`"),
        (long.as_str(), "bytes and the slot has 990; shorten or drop some"),
    ] {
        let ran = run(tachi(dir.path()).arg("stamp").arg(&copy).args(["--set", set]));
        let ran = ran.expect_code(2);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
        assert_eq!(std::fs::read(&copy).unwrap(), before);
    }
    let ran = run(tachi(dir.path()).args(["stamp", "Cargo.toml"])).expect_code(2);
    assert!(ran.stderr.contains("not an executable, library"), "{}", ran.stderr);
    let ran = run(tachi(dir.path()).args(["stamp", "/bin/true"])).expect_code(2);
    assert!(ran.stderr.contains("/bin/true has no slot for a stamp"), "{}", ran.stderr);

    run(tachi(dir.path()).arg("stamp").arg(&copy)).expect_success();
    assert_eq!(std::fs::read(&linked).unwrap(), before, "another link keeps the old bytes");
    assert_ne!(std::fs::read(&copy).unwrap(), before);
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o750);
    let ran = run(tachi(dir.path()).arg("stamp").arg(&copy)).expect_success();
    assert!(ran.stderr.contains("Fresh"), "{}", ran.stderr);
}

#[test]
fn variables_and_folders_that_mislead_git_do_not_mislead_tachi() {
    let dir = scratch();
    let file = built(dir.path());
    let other = scratch();
    write(other.path(), &[("Cargo.toml", "[workspace]\n")]);
    repository_of(other.path());
    let full = git(dir.path(), &["rev-parse", "HEAD"]);
    let hash = |change: &dyn Fn(&mut Command)| {
        let mut stamp = tachi(&dir.path().join("src"));
        change(stamp.arg("stamp").arg(&file));
        let said = run(&mut stamp).expect_success().stderr;
        (inspect(&file)["stamp"]["git_hash_full"].as_str().map(str::to_owned), said)
    };
    let (in_a_hook, _) = hash(&|stamp| {
        stamp.env("GIT_DIR", other.path().join(".git")).env("GIT_INDEX_FILE", "nowhere");
    });
    assert_eq!(in_a_hook, Some(full));
    let (of_somebody_else, said) = hash(&|stamp| {
        stamp.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    });
    assert_eq!(of_somebody_else, None, "and the commit stamped before is gone");
    assert!(said.contains("the git repository is somebody else's"), "{said}");
    let (without_git, said) = hash(&|stamp| {
        stamp.env("PATH", other.path());
    });
    assert_eq!(without_git, None);
    assert!(said.contains("git is not installed"), "{said}");
    let mut nonsense = tachi(dir.path());
    nonsense.env("TACHI_GIT_DIRTY", "maybe").arg("stamp").arg(&file);
    assert!(run(&mut nonsense).expect_code(2).stderr.contains("it takes true or false"));
}

#[test]
fn inspect_describes_a_file_in_words() {
    let dir = scratch();
    let file = built(dir.path());
    run(tachi(dir.path()).arg("stamp").arg(&file)).expect_success();
    let text = run(tachi(dir.path()).arg("inspect").arg(&file).arg("/bin/true")).expect_success();
    for part in [
        "ELF x86_64 executable,",
        "  linkage                 dynamic\n",
        "  pie                     yes\n",
        "  version needs           libgcc_s.so.1, versions GCC_",
        "    relro                   full\n",
        "libc.so.6, ",
        "    build time            2026-01-31T23:59:59Z\n",
        "/bin/true: ELF",
        "  stamp                   no slot: the program does not use tachi-build-info\n",
    ] {
        assert!(text.stdout.contains(part), "no {part:?} in\n{}", text.stdout);
    }
    assert!(!text.stdout.contains("memcpy"), "symbols are counted:\n{}", text.stdout);
    let all = run(tachi(dir.path()).args(["inspect", "-v"]).arg(&file)).expect_success();
    assert!(all.stdout.contains("memcpy@GLIBC_2.14, libc.so.6\n"), "{}", all.stdout);
}
