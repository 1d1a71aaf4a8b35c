//! Translates the arguments that rustc gives a gcc-like linker for `zig cc`.
//!
//! Each rule was found by linking with rustc 1.95 and zig 0.17.1. Arguments that zig takes as they
//! are (`-Wl,--version-script`, `-Wl,--no-undefined-version`, `-Wl,--eh-frame-hdr`, `-m64`, …) go
//! through unchanged. So do arguments that zig refuses and that cannot be left out: the error is
//! then zig's own. Some arguments are left out although a user who passes them means something by
//! them: `--exclude-libs` and `-Bsymbolic-functions` (more is exported), `--push-state` (its flags
//! then stay on), `--dynamic-list` (everything is exported). rustc passes none of them.

use camino::Utf8Path;

use super::compile_args;

/// What the filter has to know about the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// zig's name of the target: `aarch64-linux-gnu.2.17`.
    pub zig_target: &'a str,
}

impl Link<'_> {
    fn is_musl(self) -> bool {
        self.zig_target.contains("-linux-musl")
    }

    fn is_windows(self) -> bool {
        self.zig_target.contains("-windows-")
    }

    fn is_freebsd(self) -> bool {
        self.zig_target.contains("-freebsd")
    }
}

/// Rewrites the arguments of a link. Pure; response files are expanded before.
pub fn filter(args: &[String], link: Link<'_>) -> Vec<String> {
    let mut out = Vec::with_capacity(args.len());
    let mut brings_own_crt = false;
    let mut rest = args.iter().map(String::as_str).peekable();
    while let Some(arg) = rest.next() {
        if arg == "-L"
            && rest.peek().is_some_and(|dir| is_self_contained_dir(dir))
            && link.is_musl()
        {
            rest.next();
        } else if link.is_musl() && is_crt_object(arg) {
            brings_own_crt = true;
        } else if let Some(definition) = definition_file(arg).filter(|_| link.is_windows()) {
            out.push(definition.to_owned());
        } else if let Some(list) = arg.strip_prefix("-Wl,") {
            linker_words(list, &mut out);
        } else if compile_args::takes_target(arg) {
            rest.next();
        } else {
            out.extend(driver_word(arg, link));
        }
    }
    if brings_own_crt {
        // zig brings its own start files, but not with this argument.
        out.retain(|arg| arg != "-nostartfiles");
    }
    out
}

/// The module-definition file that says what a DLL exports: zig takes it as an input.
fn definition_file(arg: &str) -> Option<&str> {
    let is_definition = |file: &&str| Utf8Path::new(file).extension() == Some("def");
    arg.strip_prefix("-Wl,").filter(is_definition).filter(|file| !file.starts_with('-'))
}

/// One argument of the compiler driver.
fn driver_word(arg: &str, link: Link<'_>) -> Vec<String> {
    let words: &[&str] = match arg {
        // zig is its own lld and its own libgcc; libunwind is its unwinder.
        "-fno-use-linker-plugin" | "-lgcc" | "-static-libgcc" => &[],
        "-lgcc_s" | "-lgcc_eh" => &["-lunwind"],
        // zig ignores -static-pie and would make a program that is always loaded at the
        // same address.
        "-static-pie" => &["-static", "-pie"],
        _ if arg.starts_with("-fuse-ld=")
            || (arg.starts_with("-B") && arg.ends_with("/gcc-ld")) =>
        {
            &[]
        }
        // zig is its own mingw-w64, which it links by itself and in its own order.
        "-nolibc" | "--unwindlib=none" | "-lmingw32" | "-lmingwex" | "-lmsvcrt"
        | "-l:libpthread.a"
            if link.is_windows() =>
        {
            &[]
        }
        // The crate `libc` names them for functions that few programs call, and zig has no stubs
        // of them.
        "-lkvm" | "-lmemstat" | "-lprocstat" | "-ldevstat" if link.is_freebsd() => &[],
        _ if link.is_musl() && arg.strip_prefix("-L").is_some_and(is_self_contained_dir) => &[],
        _ => return compile_args::machine(arg, link.zig_target),
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The words between the commas of one `-Wl,…`.
fn linker_words(list: &str, out: &mut Vec<String>) {
    let mut kept = Vec::new();
    let mut words = list.split(',').peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        match word {
            "-z" if next.is_some_and(|word| UNKNOWN_Z.contains(&word)) => {
                words.next();
            }
            // The emulation of GNU ld (`-m elf_i386`) follows from the target.
            "--exclude-libs" | "-plugin-opt" | "-m" => {
                words.next();
            }
            _ if word.starts_with("-melf") => {}
            "--dynamic-list" => {
                words.next();
                out.push("-rdynamic".into());
            }
            _ if word.starts_with("--dynamic-list=") => out.push("-rdynamic".into()),
            _ if is_dispensable(word) => {}
            _ => match word.strip_prefix("--undefined=") {
                Some(symbol) => kept.extend(["-u".to_owned(), symbol.to_owned()]),
                None => kept.push(word.to_owned()),
            },
        }
    }
    if !kept.is_empty() {
        out.push(format!("-Wl,{}", kept.join(",")));
    }
}

/// Arguments of `-z` that zig refuses and that change only layout or garbage collection.
const UNKNOWN_Z: &[&str] = &[
    "nostart-stop-gc",
    "start-stop-gc",
    "separate-code",
    "noseparate-code",
    "pack-relative-relocs",
];

/// Options that zig refuses and that change nothing about what the program does.
fn is_dispensable(word: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "-plugin-opt=",
        "--icf=",
        "--threads=",
        "--exclude-libs=",
        "--package-metadata=",
        "--pack-dyn-relocs=",
    ];
    const WORDS: &[&str] = &[
        "-O0",
        "-O1",
        "-O2",
        "-O3",
        "--push-state",
        "--pop-state",
        "--warn-common",
        "--no-rosegment",
        "--no-demangle",
        "--disable-auto-image-base",
        "--demangle",
        "-Bsymbolic-functions",
    ];
    let glued_z = word.strip_prefix("-z").is_some_and(|rest| UNKNOWN_Z.contains(&rest));
    glued_z || WORDS.contains(&word) || PREFIXES.iter().any(|prefix| word.starts_with(prefix))
}

/// Start files that rustc brings for musl: from its sysroot, or by their bare name where
/// the sysroot (one built from source) has none.
fn is_crt_object(arg: &str) -> bool {
    const NAMES: &[&str] = &[
        "crt1.o",
        "rcrt1.o",
        "Scrt1.o",
        "crti.o",
        "crtn.o",
        "crtbegin.o",
        "crtbeginS.o",
        "crtend.o",
        "crtendS.o",
        "crtbeginT.o",
    ];
    let (folder, name) = arg.rsplit_once('/').unwrap_or(("", arg));
    NAMES.contains(&name) && (folder.is_empty() || is_self_contained_dir(folder))
}

fn is_self_contained_dir(dir: &str) -> bool {
    dir.trim_end_matches('/').ends_with("/self-contained")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(target: &str, line: &str) -> String {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        filter(&args, Link { zig_target: target }).join(" ")
    }

    #[test]
    fn each_argument_becomes_what_zig_takes() {
        const GNU: &str = "x86_64-linux-gnu.2.17";
        const MUSL: &str = "x86_64-linux-musl";
        const WINDOWS: &str = "x86_64-windows-gnu";
        const FREEBSD: &str = "x86_64-freebsd-none";
        let cases = [
            (GNU, "-m64 a.o -Wl,--as-needed -o x", "-m64 a.o -Wl,--as-needed -o x"),
            (GNU, "-B/s/bin/gcc-ld -fuse-ld=lld a.o", "a.o"),
            (GNU, "-lgcc_s -lutil -lc", "-lunwind -lutil -lc"),
            (GNU, "-lgcc_eh -lgcc -lc", "-lunwind -lc"),
            (GNU, "-Wl,-O1 -nodefaultlibs", "-nodefaultlibs"),
            (GNU, "-Wl,-z,relro,-z,now", "-Wl,-z,relro,-z,now"),
            (GNU, "-Wl,-z,nostart-stop-gc,-z,now", "-Wl,-z,now"),
            (GNU, "-Wl,-znostart-stop-gc", ""),
            (GNU, "-Wl,--push-state,--as-needed -la -Wl,--pop-state", "-Wl,--as-needed -la"),
            (GNU, "-Wl,--dynamic-list=/t/list", "-rdynamic"),
            (GNU, "-Wl,--undefined=f", "-Wl,-u,f"),
            (MUSL, "-m32 -Wl,-melf_i386 a.o", "-m32 a.o"),
            (MUSL, "-Wl,-m,elf_i386,-z,now a.o", "-Wl,-z,now a.o"),
            (
                GNU,
                "-Wl,--version-script=/t/list -Wl,--no-undefined-version",
                "-Wl,--version-script=/t/list -Wl,--no-undefined-version",
            ),
            (GNU, "--target=x86_64-unknown-linux-gnu -target x a.o", "a.o"),
            (
                GNU,
                "/p/self-contained/crt1.o -nostartfiles",
                "/p/self-contained/crt1.o -nostartfiles",
            ),
            (MUSL, "-static-pie", "-static -pie"),
            (MUSL, "/s/self-contained/rcrt1.o a.o -nostartfiles /s/self-contained/crtn.o", "a.o"),
            (MUSL, "rcrt1.o crti.o a.o -nostartfiles crtn.o", "a.o"),
            (MUSL, "a.o -nostartfiles", "a.o -nostartfiles"),
            (MUSL, "-L /s/lib/self-contained -L /s/lib -L/s/lib/self-contained", "-L /s/lib"),
            (MUSL, "/mine/crti.o", "/mine/crti.o"),
            (
                WINDOWS,
                "-fno-use-linker-plugin -Wl,--dynamicbase -Wl,--disable-auto-image-base -m64 a.o -lgcc_eh -l:libpthread.a -lmsvcrt -lmingwex -lmingw32 -lgcc -luser32",
                "-Wl,--dynamicbase -m64 a.o -lunwind -luser32",
            ),
            (WINDOWS, "-Wl,/t/list.def a.o -shared", "/t/list.def a.o -shared"),
            (WINDOWS, "-nolibc --unwindlib=none a.o -lunwind -lmingw32", "a.o -lunwind"),
            (FREEBSD, "a.o -lexecinfo -lkvm -lmemstat -lgcc_s", "a.o -lexecinfo -lunwind"),
        ];
        for (target, given, expected) in cases {
            assert_eq!(filtered(target, given), expected, "{target}: {given}");
        }
    }
}
