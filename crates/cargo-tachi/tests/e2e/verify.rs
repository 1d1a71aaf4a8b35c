//! Deliberately bad files, each made here by real tools, and each caught with its code; one of
//! them stops a release.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, repository, run, scratch, tachi, write};
use serde_json::Value;

const PROGRAM: &str = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

/// A folder with the sources that the bad files are made of.
fn workshop() -> tempfile::TempDir {
    let dir = scratch();
    write(
        dir.path(),
        &[
            ("main.c", PROGRAM),
            ("other.c", "int other(void) { return 1; }\n"),
            ("uses.c", "int other(void);\nint main(void) { return other(); }\n"),
            ("text.c", "static const char here[8];\nconst char *place(void) { return here; }\n"),
            ("start.s", ".globl _start\n_start: ret\n.section .note.GNU-stack,\"\",@progbits\n"),
            (
                "kernel.s",
                ".section .note.ABI-tag,\"a\",@note\n.long 4,16,1\n.asciz \"GNU\"\n.long 0,9,0,0\n\
                 .section .note.GNU-stack,\"\",@progbits\n",
            ),
            (
                "path.cc",
                "#include <filesystem>\nint main() { return std::filesystem::exists(\"x\"); }\n",
            ),
            ("tachi.toml", ""),
        ],
    );
    dir
}

/// Compiles with the host's compiler, hardened unless `args` say otherwise.
#[track_caller]
fn cc(dir: &Path, args: &str) {
    let program = if args.contains(".cc") { "g++" } else { "gcc" };
    run(Command::new(program)
        .args(["-Wl,-z,relro,-z,now", "-O1"])
        .args(args.split_whitespace())
        .current_dir(dir))
    .expect_success();
}

/// A small file of tachi-binary's corpus, under another name.
fn corpus(dir: &Path, file: &str, name: &str) -> PathBuf {
    let path = dir.join(name);
    let from = repository().join("crates/tachi-binary/tests/corpus").join(file);
    std::fs::write(&path, std::fs::read(from).unwrap()).unwrap();
    path
}

/// Replaces the only occurrence of `from`.
#[track_caller]
fn patch(path: &Path, from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let mut bytes = std::fs::read(path).unwrap();
    let places: Vec<usize> =
        (0..bytes.len() - from.len()).filter(|&at| bytes[at..].starts_with(from)).collect();
    let [at] = places[..] else { panic!("{} places in {}", places.len(), path.display()) };
    bytes[at..at + to.len()].copy_from_slice(to);
    std::fs::write(path, bytes).unwrap();
}

/// Changes two bytes of the optional header of a PE file.
fn patch_pe(path: &Path, offset: usize, change: impl FnOnce(u16) -> u16) {
    let mut bytes = std::fs::read(path).unwrap();
    let header = u32::from_le_bytes(bytes[0x3c..0x40].try_into().unwrap()) as usize + 24;
    let at = header + offset;
    let value = u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
    bytes[at..at + 2].copy_from_slice(&change(value).to_le_bytes());
    std::fs::write(path, bytes).unwrap();
}

/// What `verify` finds, as JSON events.
fn verify(dir: &Path, args: &[&str]) -> (Ran, Vec<Value>) {
    let ran = run(tachi(dir)
        .args(["verify", "--message-format", "json"])
        .args(args)
        .env("HOME", "/home/builder")
        .env("USER", "builder"));
    let events = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (ran, events)
}

/// The codes of findings that are more than notes, with their severities.
fn codes(events: &[Value]) -> BTreeSet<(String, String)> {
    let findings = events.iter().filter(|event| event["event"] == "finding");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| (text(&finding["code"]), text(&finding["severity"])))
        .collect()
}

#[track_caller]
fn caught(dir: &Path, args: &[&str], expected: &[&str]) {
    let (ran, events) = verify(dir, args);
    let codes = codes(&events);
    let found: Vec<&str> = codes.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(found, expected, "{args:?}\n{}", ran.stdout);
    let has_errors = codes.iter().any(|(_, severity)| severity == "error");
    assert_eq!(ran.code, Some(if has_errors { 4 } else { 0 }), "{args:?}: {}", ran.stderr);
}

/// Cost: 15 CPU seconds.
#[test]
fn bad_elf_files_are_caught_each_with_its_code() {
    let dir = workshop();
    let dir = dir.path();
    let old = "[target.x86_64-unknown-linux-gnu]\nglibc = \"2.17\"\n";
    cc(dir, "-shared -fPIC other.c -o libother.so.1");
    for (name, source) in [
        ("leak.c", "/home/alice/project/src/main.rs"),
        ("own.c", "/home/builder/src/main.rs"),
        ("key.c", "AKIAQ3EGRUYPZJ5WX2MN"),
    ] {
        let text =
            format!("#include <stdio.h>\nint main(void) {{ puts(\"{source}\"); return 0; }}\n");
        write(dir, &[(name, &text)]);
    }
    for (args, name, config, expected) in [
        ("main.c", "good", "", &[][..]),
        ("main.c", "tool-linux-x64", "", &[]),
        ("main.c", "tool-linux-arm64", "", &["TV009"]),
        ("main.c", "tool.exe", "", &["TV009"]),
        ("main.c", "new-glibc", old, &["TV002"]),
        ("-std=c++17 path.cc", "new-cxx", old, &["TV002", "TV010", "TV011"]),
        ("-nostartfiles kernel.s start.s", "new-kernel", old, &["TV012"]),
        ("-Wl,-rpath,/opt/build/lib main.c", "rpath", "", &["TV013"]),
        ("-Wl,-rpath,$ORIGIN/../lib main.c", "own-rpath", "", &[]),
        ("-no-pie main.c", "no-pie", "", &["TV015"]),
        ("-Wl,-z,norelro main.c", "no-relro", "", &["TV016"]),
        ("-Wl,-z,lazy main.c", "lazy", "", &["TV016"]),
        ("-Wl,-z,execstack main.c", "execstack", "", &["TV017"]),
        ("-static -nostdlib -Wl,-N start.s", "writable", "", &["TV015", "TV018"]),
        ("-shared -fno-pic -mcmodel=large -Wl,-z,notext text.c", "libtext.so", "", &["TV019"]),
        ("uses.c libother.so.1", "foreign", "", &["TV010"]),
        ("uses.c libother.so.1", "allowed", "[verify]\nallow-imports = ['libother.so.*']", &[]),
        ("leak.c", "home", "", &["TV023"]),
        ("own.c", "own-home", "", &["TV023"]),
        ("leak.c", "let-pass", "[verify]\nallow-strings = ['/home/alice/*']", &[]),
        ("key.c", "secret", "", &["TV027"]),
        ("main.c", "large", "[verify]\nmax-size = \"1 KiB\"", &["TV032"]),
        ("-no-pie main.c", "allow-no-pie", "[verify]\nallow = ['missing-pie']", &[]),
    ] {
        write(dir, &[("tachi.toml", config)]);
        cc(dir, &format!("{args} -o {name}"));
        caught(dir, &[name], expected);
    }
    write(dir, &[("tachi.toml", "")]);
    caught(dir, &["--target", "aarch64-unknown-linux-gnu", "good"], &["TV001"]);
    // A secret is never repeated in full.
    let (ran, _) = verify(dir, &["secret"]);
    assert!(!ran.stdout.contains("AKIAQ3EGRUYPZJ5WX2MN"), "{}", ran.stdout);
}

/// Cost: 2 CPU seconds.
#[test]
fn cut_files_and_changed_downloads_are_caught() {
    let dir = workshop();
    let dir = dir.path();
    cc(dir, "main.c -o good");
    cc(dir, "-no-pie main.c -o bad");
    let whole = std::fs::read(dir.join("good")).unwrap();
    for (name, length) in [("cut", whole.len() / 2), ("header", 10), ("empty", 0)] {
        std::fs::write(dir.join(name), &whole[..length]).unwrap();
        caught(dir, &[name], &["TV008"]);
    }
    write(dir, &[("note.txt", "no program\n")]);
    caught(dir, &["note.txt"], &["TV008"]);

    let mut tar = Command::new("tar");
    tar.args(["czf", "all.tar.gz", "good", "bad", "cut", "main.c"]).current_dir(dir);
    run(&mut tar).expect_success();
    let (_, events) = verify(dir, &["all.tar.gz"]);
    for (code, path) in [("TV015", "all.tar.gz!bad"), ("TV008", "all.tar.gz!cut")] {
        let finding = events.iter().find(|event| event["code"] == code).unwrap();
        assert_eq!(finding["path"], path);
    }
    let verified: Vec<_> = events.iter().filter(|event| event["event"] == "verified").collect();
    assert_eq!(verified.len(), 3, "the source file in the archive is no concern: {verified:?}");

    let sum = run(Command::new("sha256sum").arg("good").current_dir(dir)).expect_success().stdout;
    std::fs::write(dir.join("good.sha256"), &sum).unwrap();
    caught(dir, &["good"], &[]);
    std::fs::write(dir.join("good.sha256"), sum.replace(&sum[..2], "zz")).unwrap();
    caught(dir, &["good"], &["TV037"]);
}

/// Cost: 10 CPU seconds.
#[test]
fn bad_files_for_macos_are_caught_each_with_its_code() {
    let dir = workshop();
    let dir = dir.path();
    // The corpus's programs have a place for a stamp that nobody filled.
    write(dir, &[("tachi.toml", "[verify]\nallow = ['empty-stamp']\n")]);
    corpus(dir, "macho-arm64", "good");
    caught(dir, &["good"], &[]);
    corpus(dir, "macho-x86_64", "unsigned");
    caught(dir, &["unsigned"], &["TV006"]);
    let changed = corpus(dir, "macho-arm64", "changed");
    let mut bytes = std::fs::read(&changed).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    std::fs::write(&changed, bytes).unwrap();
    caught(dir, &["changed"], &["TV006"]);
    caught(dir, &["--target", "x86_64-apple-darwin", "good"], &["TV001"]);
    caught(dir, &["--target", "aarch64-unknown-linux-gnu", "good"], &["TV001"]);

    // As from a linker that knows a library by two names, with a good signature.
    let zig = zig(dir);
    write(
        dir,
        &[("mac.c", "int one(void);\nint two(void);\nint main(void) { return one() + two(); }\n")],
    );
    for name in ["one", "two"] {
        write(dir, &[(&format!("{name}.c"), &format!("int {name}(void) {{ return 1; }}\n"))]);
        run(Command::new(&zig)
            .args(["cc", "-target", "aarch64-macos", "-dynamiclib", "-o"])
            .arg(format!("lib{name}.dylib"))
            .arg(format!("{name}.c"))
            .arg(format!("-Wl,-install_name,@rpath/lib{name}.dylib"))
            .current_dir(dir))
        .expect_success();
    }
    let link = |name: &str, more: &[&str]| {
        run(Command::new(&zig)
            .args("cc -s -target aarch64-macos mac.c libone.dylib libtwo.dylib -o".split(' '))
            .arg(name)
            .args(more)
            .current_dir(dir))
        .expect_success();
    };
    link("twice", &[]);
    patch(&dir.join("twice"), b"@rpath/libtwo.dylib", b"@rpath/libone.dylib");
    link("searched", &["-Wl,-rpath,/opt/build/lib"]);
    for (name, expected) in [("twice", "TV005"), ("searched", "TV013")] {
        run(tachi(dir).args(["sign", name])).expect_success();
        caught(dir, &[name], &[expected]);
    }
}

/// The zig that Tachi fetches.
fn zig(dir: &Path) -> PathBuf {
    let app = dir.join("app");
    write(
        &app,
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n",
            ),
            ("src/main.rs", "fn main() {}\n"),
        ],
    );
    run(tachi(&app).args(["build", "--target", "x86_64-unknown-linux-gnu"])).expect_success();
    let cache = std::env::var("TACHI_CACHE_DIR").map_or_else(
        |_| {
            let home = std::env::var("XDG_CACHE_HOME")
                .unwrap_or_else(|_| std::env::var("HOME").unwrap() + "/.cache");
            Path::new(&home).join("tachi")
        },
        PathBuf::from,
    );
    let versions = std::fs::read_dir(cache.join("zig")).unwrap();
    let mut paths = versions.map(|entry| entry.unwrap().path().join("ziglang/zig"));
    paths.find(|path| path.is_file()).expect("the build above has brought zig")
}

/// Cost: 1 CPU seconds.
#[test]
fn bad_files_for_windows_are_caught_each_with_its_code() {
    const VERSION: usize = 48;
    const CHARACTERISTICS: usize = 70;
    let dir = workshop();
    let dir = dir.path();
    write(dir, &[("tachi.toml", "[verify]\nallow = ['empty-stamp']\n")]);
    corpus(dir, "pe-x86_64", "good.exe");
    caught(dir, &["good.exe"], &[]);
    for (name, offset, change, expected) in [
        ("no-aslr.exe", CHARACTERISTICS, !0x40_u16, "TV015"),
        ("no-nx.exe", CHARACTERISTICS, !0x100, "TV017"),
        ("few-places.exe", CHARACTERISTICS, !0x20, "TV020"),
    ] {
        patch_pe(&corpus(dir, "pe-x86_64", name), offset, |flags| flags & change);
        caught(dir, &[name], &[expected]);
    }
    patch_pe(&corpus(dir, "pe-x86_64", "new.exe"), VERSION, |_| 11);
    caught(dir, &["new.exe"], &["TV033"]);
    corpus(dir, "pe-x86_64", "tool-linux");
    caught(dir, &["tool-linux"], &["TV009"]);
}
