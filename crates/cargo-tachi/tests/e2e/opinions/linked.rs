//! Files for Windows and macOS with rare properties: linked by the toolchain's lld from a page of
//! assembly, with libraries that are names only.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{HOST, run, write};

const WINDOWS: &str = "
.globl mainCRTStartup, __delayLoadHelper2
.text
mainCRTStartup:
  call now
  call by_number
  call late
__delayLoadHelper2:
  ret
";
const NUMBERED: &str = "LIBRARY a.dll\nEXPORTS\nnow\nby_number @17 NONAME\n";
const API_SET: &str = "LIBRARY api-ms-win-it-l1-1-0.dll\nEXPORTS\nlate\n";

const MACOS: &str = "
.globl _main
.weak_reference _maybe
_main:
  jmp _exit
.data
.quad _maybe
.quad ___stack_chk_guard
";
const SYSTEM: &str = "--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
exports:
  - targets: [ x86_64-macos ]
    symbols: [ _exit, _maybe, ___stack_chk_guard, dyld_stub_binder ]
...
";

/// Programs for Windows: one with every protection, one with none, one of each kind of import.
pub(crate) fn windows(dir: &Path) -> Vec<PathBuf> {
    write(dir, &[("it.s", WINDOWS), ("a.def", NUMBERED), ("b.def", API_SET)]);
    assemble(dir, "x86_64-pc-windows-msvc", "it.s", "it.obj");
    for (definition, library) in [("a.def", "a.lib"), ("b.def", "b.lib")] {
        let mut make = Command::new("llvm-dlltool");
        make.args(["-m", "i386:x86-64", "-d", definition, "-l", library]).current_dir(dir);
        run(&mut make).expect_success();
    }
    let variants = [
        (
            "hardened.exe",
            &[
                "/highentropyva",
                "/guard:cf",
                "/cetcompat",
                "/integritycheck",
                "/debug",
                "/delayload:api-ms-win-it-l1-1-0.dll",
            ][..],
        ),
        (
            "bare.exe",
            &[
                "/dynamicbase:no",
                "/highentropyva:no",
                "/nxcompat:no",
                "/fixed",
                "/section:.text,RWE",
                "/subsystem:console,6.1",
                "/timestamp:1234567",
            ],
        ),
    ];
    let link = |(name, flags): (&str, &[&str])| {
        let inputs = ["it.obj", "a.lib", "b.lib", "/entry:mainCRTStartup", "/subsystem:console"];
        let output = format!("/out:{name}");
        lld(dir, "link", &[&inputs[..], flags, &[&output]].concat());
        dir.join(name)
    };
    variants.into_iter().map(link).collect()
}

/// Programs for macOS whose data can be executed, bound in the old way and in the new one.
pub(crate) fn macos(dir: &Path) -> Vec<PathBuf> {
    write(dir, &[("it.s", MACOS), ("libSystem.tbd", SYSTEM)]);
    assemble(dir, "x86_64-apple-macos11", "it.s", "it.o");
    let link = |version: &str| {
        let name = format!("macos-{version}");
        let platform = ["-arch", "x86_64", "-platform_version", "macos", version, version];
        let more = ["-segprot", "__DATA", "rwx", "rwx", "-rpath", "@loader_path/lib"];
        let files = ["-o", &name, "it.o", "libSystem.tbd"];
        lld(dir, "darwin", &[&platform[..], &more, &files].concat());
        dir.join(name)
    };
    ["11.0", "13.0"].map(link).into()
}

fn assemble(dir: &Path, triple: &str, source: &str, object: &str) {
    let mut assemble = Command::new("llvm-mc");
    assemble.args(["-filetype=obj", "-triple", triple, source, "-o", object]).current_dir(dir);
    run(&mut assemble).expect_success();
}

/// Links with the toolchain's own lld.
fn lld(dir: &Path, flavour: &str, arguments: &[&str]) {
    let sysroot = run(Command::new("rustc").args(["--print", "sysroot"])).expect_success().stdout;
    let program = Path::new(sysroot.trim()).join("lib/rustlib").join(HOST).join("bin/rust-lld");
    let mut link = Command::new(program);
    run(link.args(["-flavor", flavour]).args(arguments).current_dir(dir)).expect_success();
}
