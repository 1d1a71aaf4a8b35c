//! Bad input: every case has a message that says what is wrong, where, and what to do; and
//! an exit code that scripts can tell apart. Real cargo, real files.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::process::Command;

use crate::support::{run, scratch, tachi, write};

const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[features]\nfast = []\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n";
const MAIN: &str = "fn main() {}\n";

struct Case {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
}

const GOOD: [(&str, &str); 3] =
    [("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK), ("src/main.rs", MAIN)];

const CASES: &[Case] = &[
    Case {
        name: "nothing to run",
        files: &[
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\nautobins = false\n",
            ),
            ("src/lib.rs", ""),
        ],
        args: &["run"],
        code: 2,
        says: &["a bin target must be available for `cargo tachi run`"],
    },
    Case {
        name: "no Cargo.toml",
        files: &[],
        args: &["build", "--manifest-path", "elsewhere/Cargo.toml"],
        code: 2,
        says: &["elsewhere/Cargo.toml", "does not exist"],
    },
    Case {
        name: "a broken manifest",
        files: &[("Cargo.toml", "[package\nname = 1")],
        args: &["build"],
        code: 2,
        says: &["unclosed table", "Cargo.toml:1:9"],
    },
    Case {
        name: "an unknown target",
        files: &[],
        args: &["build", "--target", "x86_64-unkown-linux-gnu"],
        code: 2,
        says: &[
            "unknown target `x86_64-unkown-linux-gnu`",
            "did you mean `x86_64-unknown-linux-gnu`?",
        ],
    },
    Case {
        name: "an unknown package",
        files: &[],
        args: &["build", "-p", "apq"],
        code: 2,
        says: &["no package `apq` in this workspace", "did you mean `app`?"],
    },
    Case {
        name: "an unknown feature",
        files: &[],
        args: &["build", "--features", "fats", "--target", "host"],
        code: 2,
        says: &["none of the selected packages has the feature `fats`", "did you mean `fast`?"],
    },
    Case {
        name: "an unknown feature without --target",
        files: &[],
        args: &["build", "--features", "fats"],
        code: 2,
        says: &["none of the selected packages has the feature `fats`"],
    },
    Case {
        name: "an unknown binary",
        files: &[],
        args: &["build", "--bin", "ap"],
        code: 2,
        says: &["none of the selected packages has the binary `ap`", "did you mean `app`?"],
    },
    Case {
        name: "an unknown profile",
        files: &[],
        args: &["build", "--profile", "relaese"],
        code: 2,
        says: &["there is no profile `relaese`", "did you mean `release`?", "[profile.relaese]"],
    },
    Case {
        name: "an unknown key in tachi.toml",
        files: &[("tachi.toml", "\n[target.x86_64-unknown-linux-gnu]\nglib = \"2.17\"\n")],
        args: &["build"],
        code: 2,
        says: &["tachi.toml:3: unknown field `glib`", "did you mean `glibc`?"],
    },
    Case {
        name: "a mistyped value in tachi.toml",
        files: &[("tachi.toml", "targets = \"all\"\n")],
        args: &["build"],
        code: 2,
        says: &["tachi.toml:1: invalid type: string \"all\", expected a sequence"],
    },
    Case {
        name: "a package in tachi.toml that does not exist",
        files: &[("tachi.toml", "[package.apq]\nfeatures = []\n")],
        args: &["build"],
        code: 2,
        says: &["tachi.toml: [package.apq]: there is no package `apq`", "did you mean `app`?"],
    },
    Case {
        name: "a glibc that does not exist",
        files: &[("tachi.toml", "[target.x86_64-unknown-linux-gnu]\nglibc = \"2.17.99\"\n")],
        args: &["build", "--target", "x86_64-unknown-linux-gnu"],
        code: 2,
        says: &["x86_64-unknown-linux-gnu", "2.17.99"],
    },
    Case {
        name: "a lockfile that --locked would change",
        files: &[(
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.0.9\"\n",
        )],
        args: &["dist"],
        code: 2,
        says: &["--locked", "cargo update --workspace"],
    },
    Case {
        name: "a release of what is in no package",
        files: &[("tachi.toml", "[package.app]\ndist = false\n")],
        args: &["dist"],
        code: 2,
        says: &[
            "nothing to package: users download programs, shared libraries",
            "\n  app: it says `dist = false`\n  help: choose",
        ],
    },
    Case {
        name: "a release of a library for Rust programs",
        files: &[
            ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nautobins = false\n"),
            ("src/lib.rs", ""),
        ],
        args: &["dist"],
        code: 2,
        says: &["\n  app: no program, cdylib or staticlib of it is selected\n"],
    },
    Case {
        name: "a release of a program that needs a feature",
        files: &[(
            "Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[features]\nfast = []\n\n\
             [[bin]]\nname = \"app\"\npath = \"src/main.rs\"\nrequired-features = [\"fast\"]\n",
        )],
        args: &["dist"],
        code: 2,
        says: &["\n  app: it needs --features fast\n"],
    },
    Case {
        name: "a target without a way to a std",
        files: &[],
        args: &["build", "--target", "thumbv7neon-unknown-linux-musleabihf"],
        code: 3,
        says: &["thumbv7neon-unknown-linux-musleabihf", "rust-src"],
    },
    Case {
        name: "a target that this machine has no kit for",
        files: &[],
        args: &["build", "--target", "x86_64-unknown-haiku"],
        code: 3,
        says: &["no kit for x86_64-unknown-haiku", "linker"],
    },
    Case {
        name: "an unknown key of a signer",
        files: &[("tachi.toml", "[sign.windows]\ncertficate = \"a.pem\"\n")],
        args: &["build"],
        code: 2,
        says: &["tachi.toml:2: unknown field `certficate`", "did you mean `certificate`?"],
    },
    Case {
        name: "settings of a signer that do not go together",
        files: &[("tachi.toml", "[sign.windows]\ncertificate = \"a.pem\"\n")],
        args: &["build"],
        code: 2,
        says: &["tachi.toml: [sign.windows]: `key` is missing", "help: name the file"],
    },
    Case {
        name: "a certificate that is not there",
        files: &[(
            "tachi.toml",
            "[sign.windows]\ncertificate = \"a.pem\"\nkey = \"k.pem\"\nwhen = \"always\"\n",
        )],
        args: &["build", "--target", "x86_64-pc-windows-msvc"],
        code: 2,
        says: &["[sign.windows]: `certificate` names a.pem, which is not there"],
    },
    Case {
        name: "a --config that is not TOML",
        files: &[],
        args: &["build", "--config", "build.jobs=\"x"],
        code: 2,
        says: &["--config build.jobs=\"x"],
    },
    Case {
        name: "a flag that does not exist",
        files: &[],
        args: &["build", "--relase"],
        code: 2,
        says: &["unexpected argument '--relase'", "--release"],
    },
];

#[test]
fn every_mistake_has_its_message_and_its_exit_code() {
    let mut failures = Vec::new();
    for case in CASES {
        let dir = scratch();
        let root = dir.path().join("project");
        write(&root, &GOOD);
        write(&root, case.files);
        let ran = run(tachi(&root).args(case.args));
        let missing: Vec<_> =
            case.says.iter().filter(|text| !ran.stderr.contains(**text)).collect();
        if ran.code != Some(case.code) || !missing.is_empty() {
            failures.push(format!(
                "{}: exit {:?}, missing {missing:?} in:\n{}",
                case.name, ran.code, ran.stderr
            ));
        }
        assert!(!root.join("target/tachi").exists(), "{}: something was written", case.name);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn arguments_and_variables_that_are_not_utf8_are_named_and_refused() {
    let strange = |text: &[u8]| OsString::from_vec(text.to_vec());
    let dir = scratch();
    let argument = run(tachi(dir.path()).arg("inspect").arg(strange(b"a\xff"))).expect_code(2);
    let expected = "error: the argument \"a\\xFF\" is not UTF-8;";
    assert!(argument.stderr.starts_with(expected), "{}", argument.stderr);

    let driver = env!("CARGO_BIN_EXE_cargo-tachi");
    let mut link = Command::new(driver);
    link.args(["__driver", "cc", "--"]).arg(strange(b"a\xff.o"));
    let link = run(&mut link).expect_code(2);
    assert!(link.stderr.contains("the argument \"a\\xFF.o\" is not UTF-8"), "{}", link.stderr);

    let flags = run(tachi(dir.path()).arg("targets").env("RUSTFLAGS", strange(b"-C\xff")));
    let flags = flags.expect_code(2);
    assert!(flags.stderr.contains("variable RUSTFLAGS is \"-C\\xFF\""), "{}", flags.stderr);

    let folder = dir.path().join(strange(b"here\xff"));
    std::fs::create_dir(&folder).unwrap();
    let place = run(tachi(&folder).arg("targets")).expect_code(2);
    assert!(place.stderr.contains("here\\xFF\" is not UTF-8; rename it"), "{}", place.stderr);
}

#[test]
fn a_panic_ends_with_the_code_for_bugs_and_a_text_to_report() {
    let dir = scratch();
    // A stack that no machine has: std panics when it cannot start a thread.
    let mut targets = tachi(dir.path());
    targets.arg("targets").env("RUST_MIN_STACK", "100000000000000000");
    // The cache is empty: rustc is asked, and a thread reads its answer.
    let ran = run(targets.env("TACHI_CACHE_DIR", dir.path())).expect_code(1);
    let version = env!("CARGO_PKG_VERSION");
    for said in [
        format!("error: this is a bug in cargo-tachi {version}: "),
        "cargo-tachi tachi targets\n  help: please report it at ".to_owned(),
    ] {
        assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    }
}

#[test]
fn a_folder_without_a_manifest_above_is_an_error_with_a_remedy() {
    let dir = scratch();
    let ran = run(tachi(dir.path()).arg("build")).expect_code(2);
    assert!(ran.stderr.contains("could not find `Cargo.toml`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--manifest-path"), "{}", ran.stderr);
}

#[test]
fn a_compile_error_is_shown_once_and_has_cargos_exit_code() {
    let dir = scratch();
    write(dir.path(), &GOOD);
    write(dir.path(), &[("src/main.rs", "fn main() { let x: u8 = \"text\"; }\n")]);
    let ran = run(tachi(dir.path()).arg("build")).expect_code(101);
    assert_eq!(ran.stderr.matches("error[E0308]: mismatched types").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("compilation failed"), "{}", ran.stderr);
    assert!(ran.stderr.contains("cargo build"), "the command is shown: {}", ran.stderr);
}

/// A small file system of its own, so that running out of space is real.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(path: std::path::PathBuf, options: &str) -> Self {
        std::fs::create_dir_all(&path).unwrap();
        run(Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&path))
            .expect_success();
        Self(path)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_is_named_and_leaves_no_half_written_file() {
    let dir = scratch();
    write(dir.path(), &GOOD);
    let finished = dir.path().join("target/tachi");
    let _mount = Mount::new(finished.clone(), "size=64k");
    let ran = run(tachi(dir.path()).arg("build")).expect_code(2);
    assert!(ran.stderr.contains("no space left on the device"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--target-dir"), "{}", ran.stderr);
    // The lock file is empty, and stays: another run may wait for it.
    let mut find = Command::new("find");
    let left = run(find.arg(&finished).args(["-type", "f", "-size", "+0"])).expect_success();
    assert_eq!(left.stdout, "", "files are left");
}

#[test]
fn a_read_only_target_folder_is_named_before_anything_is_compiled() {
    let dir = scratch();
    write(dir.path(), &GOOD);
    let _mount = Mount::new(dir.path().join("target"), "ro,size=64k");
    let ran = run(tachi(dir.path()).arg("build")).expect_code(2);
    assert!(ran.stderr.contains("read-only"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--target-dir"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Compiling"), "{}", ran.stderr);
}

#[test]
fn a_source_date_epoch_that_is_no_number_is_refused() {
    let dir = scratch();
    write(dir.path(), &GOOD);
    let ran =
        run(tachi(dir.path()).arg("dist").env("SOURCE_DATE_EPOCH", "yesterday")).expect_code(2);
    assert!(ran.stderr.contains("SOURCE_DATE_EPOCH is `yesterday`"), "{}", ran.stderr);
}

#[test]
fn a_failed_link_is_explained_below_the_linkers_output() {
    let dir = scratch();
    let script = "fn main() { println!(\"cargo::rustc-link-lib=frobnicate\"); }\n";
    write(dir.path(), &[GOOD[0], GOOD[1], GOOD[2], ("build.rs", script)]);
    let ran = run(tachi(dir.path()).arg("build")).expect_code(101);
    let linker = ran.stderr.find("error: linking with `cc` failed").expect("rustc's message");
    let help =
        ran.stderr.find("help: the library `frobnicate` is not there for x86_64-unknown-linux-gnu");
    assert!(help.is_some_and(|help| help > linker), "{}", ran.stderr);

    let args = ["build", "--message-format", "json"];
    let events = run(tachi(dir.path()).args(args)).expect_code(101).stdout;
    let events =
        events.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let remedy = events.into_iter().find(|event| event["event"] == "remedy").expect("an event");
    assert!(remedy["remedy"].as_str().unwrap().contains("`bundled`"), "{remedy}");
}
