//! Compares what Tachi reads from files with what binutils, LLVM, Debian's hardening-check and
//! auditwheel read from them: real files from Debian, from `PyPI`, and made here.
//!
//! Where Tachi differs on purpose, the difference is in a table with its reason.

use std::path::{Path, PathBuf};

use crate::opinions::policy::Policies;
use crate::opinions::{Comparison, Exception, elf, facts, linked, macho, pe, samples};
use crate::support::scratch;

/// hardening-check takes a file for a program if it lists its own headers (`PT_PHDR`).
const fn pie(file: &'static str, reason: &'static str) -> Exception {
    Exception { file, about: "PIE", reason }
}

/// hardening-check looks for words of the dynamic section, which static programs lack.
const fn binding(file: &'static str) -> Exception {
    let reason = "without a dynamic section nothing is looked up late";
    Exception { file, about: "immediate binding", reason }
}

const DEBIAN: &[Exception] = &[binding("/bin/busybox")];

const OTHER_PROCESSORS: &[Exception] = &[
    pie("/libc.so.6", "it can be run, but has a library's name, and is linked as one"),
    Exception {
        file: "/libc.so.6",
        about: "canaries",
        reason: "it imports __stack_chk_guard of the loader and has __stack_chk_fail itself; \
                 hardening-check looks for imports of the second alone",
    },
];

const MADE_HERE: &[Exception] = &[
    binding("/static"),
    pie("/static-pie", "the linker marked it as a program (DF_1_PIE), but it lists no headers"),
    pie("/corpus/elf-i386-shared", "lld lists the headers of libraries, too"),
    pie("/corpus/elf-x86_64-shared", "lld lists the headers of libraries, too"),
];

/// readelf reads notes by sections; this one's lies in no segment, so no loader sees it.
const fn note(about: &'static str) -> Exception {
    let reason = "the note is in no segment: the processor's check stays off";
    Exception { file: "rpds.cpython-311-aarch64-linux-gnu.so", about, reason }
}

const WHEELS: &[Exception] = &[note("bti"), note("pac")];

/// Cost: 5 CPU seconds.
#[test]
fn tachi_agrees_with_readelf_and_hardening_check_about_debians_files() {
    let dir = scratch();
    let files = samples::debian(dir.path());
    compare_elf(&files).finish(40, DEBIAN);
}

/// Cost: 1 CPU seconds.
#[test]
fn tachi_agrees_with_readelf_and_hardening_check_about_other_processors() {
    let folders =
        ["aarch64-linux-gnu", "arm-linux-gnueabihf", "riscv64-linux-gnu", "s390x-linux-gnu"];
    let mut files = Vec::new();
    for folder in folders {
        let lib = Path::new("/usr").join(folder).join("lib");
        for name in ["libc.so.6", "libm.so.6", "libpthread.so.0", "libresolv.so.2"] {
            files.push(lib.join(name));
        }
    }
    files.push(PathBuf::from("/usr/i686-linux-gnu/lib/libc.so.6"));
    compare_elf(&files).finish(17, OTHER_PROCESSORS);
}

/// Cost: 6 CPU seconds.
#[test]
fn tachi_agrees_with_readelf_and_hardening_check_about_files_made_here() {
    let dir = scratch();
    let mut files = samples::compiled(dir.path());
    files.push(PathBuf::from(env!("CARGO_BIN_EXE_cargo-tachi")));
    files.push(std::env::current_exe().unwrap());
    files.extend(samples::corpus("elf"));
    compare_elf(&files).finish(20, MADE_HERE);
}

fn compare_elf(files: &[PathBuf]) -> Comparison {
    let mut comparison = Comparison::default();
    for (file, facts) in files.iter().zip(facts(files)) {
        let mut statements = elf::readelf(file, &facts);
        statements.extend(elf::hardening_check(file, &facts));
        comparison.add(file, statements);
    }
    comparison
}

/// Cost: 1 CPU seconds.
#[test]
fn tachi_agrees_with_llvm_about_pe_files_of_wine_and_lld() {
    let wine = Path::new("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows");
    let names = [
        "advapi32.dll",
        "amsi.dll",
        "arp.exe",
        "bcrypt.dll",
        "cabinet.dll",
        "cmd.exe",
        "comctl32.dll",
        "crypt32.dll",
        "gdi32.dll",
        "kernel32.dll",
        "msi.dll",
        "ntdll.dll",
        "ucrtbase.dll",
        "winhttp.dll",
        "ws2_32.dll",
    ];
    let mut files: Vec<PathBuf> = names.iter().map(|name| wine.join(name)).collect();
    files.extend(samples::corpus("pe"));
    let dir = scratch();
    files.extend(linked::windows(dir.path()));
    let mut comparison = Comparison::default();
    for (file, facts) in files.iter().zip(facts(&files)) {
        comparison.add(file, pe::readobj(file, &facts));
    }
    comparison.finish(19, &[]);
}

/// Cost: 19 CPU seconds.
#[test]
fn tachi_agrees_with_readelf_llvm_and_auditwheel_about_wheels() {
    let dir = scratch();
    let wheels = samples::wheels(&dir.path().join("wheels"));
    let policies = Policies::read(&samples::auditwheel(&dir.path().join("auditwheel")));
    let mut comparison = Comparison::default();
    let mut by_policy = 0;
    for (name, files) in &wheels {
        for (file, facts) in files.iter().zip(facts(files)) {
            let mut statements = match facts["format"].as_str().unwrap() {
                "elf" => elf::readelf(file, &facts),
                "pe" => pe::readobj(file, &facts),
                _ => macho::llvm(file, &facts),
            };
            if facts["format"] == "elf" {
                statements.extend(elf::hardening_check(file, &facts));
                let policy = policies.statements(name, &facts);
                by_policy += policy.len();
                statements.extend(policy);
            }
            comparison.add(file, statements);
        }
    }
    assert!(by_policy >= 20, "{by_policy} floors were checked against a policy");
    comparison.finish(40, WHEELS);
}

/// Cost: 1 CPU seconds.
#[test]
fn tachi_agrees_with_llvm_about_macho_files_of_lld() {
    let mut files = samples::corpus("macho");
    files.extend(samples::corpus("fat"));
    let dir = scratch();
    files.extend(linked::macos(dir.path()));
    let mut comparison = Comparison::default();
    for (file, facts) in files.iter().zip(facts(&files)) {
        comparison.add(file, macho::llvm(file, &facts));
    }
    comparison.finish(6, &[]);
}
