//! Real files to compare: from Debian's packages, from `PyPI`'s wheels, and made here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{repository, run, write};

/// Small packages of all kinds: C, C++, Go and Rust programs, static and dynamic, of glibc,
/// musl and klibc, hardened and not; an assembler that says nothing of its stack.
const PACKAGES: [&str; 19] = [
    "bc",
    "busybox-static",
    "dash",
    "fasm",
    "gosu",
    "hello",
    "hexyl",
    "klibc-utils",
    "libatomic1",
    "libffi8",
    "libgcc-s1",
    "libklibc",
    "libstdc++6",
    "luajit",
    "musl",
    "ninja-build",
    "qalc",
    "sl",
    "zlib1g",
];

/// Wheels with native code: C (markupsafe, multidict, wrapt), C++ (ujson), Rust (rpds-py).
const WHEELS: [&str; 5] =
    ["markupsafe==3.0.2", "multidict==6.1.0", "rpds-py==0.20.0", "ujson==5.10.0", "wrapt==1.16.0"];

/// The systems that wheels are fetched for. pip takes the first that a package has.
const PLATFORMS: [&[&str]; 8] = [
    &["manylinux_2_12_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64"],
    &["manylinux2014_aarch64", "manylinux_2_28_aarch64"],
    &["manylinux_2_5_i686", "manylinux_2_12_i686", "manylinux2014_i686"],
    &["musllinux_1_1_x86_64", "musllinux_1_2_x86_64"],
    &["macosx_11_0_arm64"],
    &["macosx_10_9_x86_64", "macosx_10_9_universal2", "macosx_10_12_x86_64"],
    &["win_amd64"],
    &["win32"],
];

/// The files of Debian's packages, unpacked into `dir`.
pub(crate) fn debian(dir: &Path) -> Vec<PathBuf> {
    let mut fetch = Command::new("apt-get");
    fetch.arg("download").args(PACKAGES).current_dir(dir);
    // apt's own user may not enter the folder.
    fetch.args(["-o", "APT::Sandbox::User=root"]);
    let fetched = run(&mut fetch);
    assert!(
        fetched.code == Some(0),
        "apt-get downloads no packages, and without them nothing is compared; is there a \
         network, and has `apt-get update` run?\n{}",
        fetched.stderr
    );
    for package in listed(dir).iter().filter(|file| ends_with(file, "deb")) {
        run(Command::new("dpkg-deb").arg("-x").arg(package).arg(dir.join("root"))).expect_success();
    }
    binaries(&dir.join("root"))
}

/// Fetches wheels, all systems side by side, and unpacks each into a folder of its name.
pub(crate) fn wheels(dir: &Path) -> Vec<(String, Vec<PathBuf>)> {
    std::thread::scope(|scope| {
        for (index, platforms) in PLATFORMS.iter().enumerate() {
            scope.spawn(move || pip(&dir.join(index.to_string()), platforms, &WHEELS));
        }
    });
    let mut found = Vec::new();
    for folder in listed(dir) {
        for wheel in listed(&folder).iter().filter(|file| ends_with(file, "whl")) {
            let unpacked = unpack(wheel);
            let name = wheel.file_name().unwrap().to_string_lossy().into_owned();
            found.push((name, binaries(&unpacked)));
        }
    }
    found
}

/// auditwheel, unpacked.
pub(crate) fn auditwheel(dir: &Path) -> PathBuf {
    pip(dir, &["any"], &["auditwheel==6.1.0"]);
    let wheel = listed(dir).into_iter().find(|file| ends_with(file, "whl")).unwrap();
    unpack(&wheel)
}

/// Fetches packages for other systems; what a system lacks is left out by the caller's list.
fn pip(dir: &Path, platforms: &[&str], packages: &[&str]) {
    let mut fetch = Command::new("python3");
    fetch.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    fetch.args(["--only-binary=:all:", "--python-version=3.11", "--dest"]).arg(dir);
    for platform in platforms {
        fetch.arg(format!("--platform={platform}"));
    }
    let fetched = run(fetch.args(packages));
    assert!(
        fetched.code == Some(0),
        "pip downloads no wheels for {platforms:?}, and without them nothing is compared; is \
         there a network?\n{}",
        fetched.stderr
    );
}

fn unpack(wheel: &Path) -> PathBuf {
    let folder = wheel.with_extension("d");
    let mut unpack = Command::new("python3");
    run(unpack.args(["-m", "zipfile", "-e"]).arg(wheel).arg(&folder)).expect_success();
    folder
}

/// Programs as the C compiler makes them, each with another hardening.
pub(crate) fn compiled(dir: &Path) -> Vec<PathBuf> {
    const SOURCE: &str = "
        #include <stdio.h>
        #include <string.h>
        int main(int count, char **words) {
            char text[64];
            strcpy(text, words[0]);
            printf(\"%s %d\\n\", text, count);
            return 0;
        }
    ";
    write(dir, &[("it.c", SOURCE), ("f.c", "int f(int (*g)(void)) { return g() + 1; }\n")]);
    let mut files = Vec::new();
    for (name, source, flags) in [
        ("plain", "it.c", &["-O0"][..]),
        ("no-pie", "it.c", &["-no-pie", "-fno-pie"]),
        ("static", "it.c", &["-static"]),
        ("static-pie", "it.c", &["-static-pie"]),
        ("guarded", "it.c", &["-O2", "-fstack-protector-all", "-D_FORTIFY_SOURCE=2"]),
        ("lazy", "it.c", &["-Wl,-z,lazy,-z,relro"]),
        ("now", "it.c", &["-Wl,-z,now,-z,relro"]),
        ("no-relro", "it.c", &["-Wl,-z,norelro"]),
        ("stack", "it.c", &["-Wl,-z,execstack"]),
        ("omagic.so", "f.c", &["-shared", "-fPIC", "-nostdlib", "-Wl,--omagic"]),
        ("sysv-hash", "it.c", &["-Wl,--hash-style=sysv", "-s"]),
        ("imports-only", "it.c", &["-Wl,--hash-style=gnu", "-s"]),
        ("cet.so", "f.c", &["-shared", "-fPIC", "-nostdlib", "-fcf-protection=full"]),
        ("no-cet.so", "f.c", &["-shared", "-fPIC", "-nostdlib", "-fcf-protection=none"]),
    ] {
        let file = dir.join(name);
        let mut compile = Command::new("cc");
        compile.args(flags).arg("-o").arg(&file).arg(source).current_dir(dir);
        run(&mut compile).expect_success();
        files.push(file);
    }
    files
}

/// The small files that fuzzing starts from, as lld made them, for a format.
pub(crate) fn corpus(format: &str) -> Vec<PathBuf> {
    let mut files = listed(&repository().join("crates/tachi-binary/tests/corpus"));
    files.retain(|file| file.file_name().unwrap().to_string_lossy().starts_with(format));
    files
}

/// All that an ELF, Mach-O or PE file may be, below a folder; links are not followed.
pub(crate) fn binaries(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in listed(dir) {
        let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            found.extend(binaries(&path));
        } else if kind.is_file() {
            let start = std::fs::read(&path).unwrap();
            let magics: [&[u8]; 5] =
                [b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"];
            if magics.iter().any(|magic| start.starts_with(magic)) {
                found.push(path);
            }
        }
    }
    found
}

fn listed(dir: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn ends_with(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|one| one == extension)
}
