//! Translates the arguments that the crates `cc` and `cmake` give a C compiler for `zig cc`.

/// Whether the call only compiles, preprocesses or assembles, and does not link.
pub fn is_compile(args: &[String]) -> bool {
    args.iter()
        .any(|arg| matches!(arg.as_str(), "-c" | "-E" | "-S" | "-M" | "-MM" | "-fsyntax-only"))
}

/// Whether the next argument is the target. zig gets its own name of it instead.
pub fn takes_target(arg: &str) -> bool {
    matches!(arg, "-target" | "--target")
}

/// Whether the next argument is for Apple's tools only. zig needs neither: its target names the
/// processor, and its headers stand for the SDK's.
fn is_apples(arg: &str, zig_target: &str) -> bool {
    zig_target.contains("-macos") && matches!(arg, "-arch" | "-isysroot")
}

/// Rewrites the arguments of a compilation. Pure; response files are expanded before.
pub fn filter(args: &[String], zig_target: &str) -> Vec<String> {
    // zig's default for unoptimised C is a sanitiser that traps where gcc and clang do
    // not, and whose runtime rustc's link lacks.
    // zig also makes an error of `__DATE__`, which gcc and clang accept.
    let mut out = vec!["-fno-sanitize=undefined".to_owned(), "-Wno-error=date-time".to_owned()];
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if takes_target(arg) || is_apples(arg, zig_target) {
            rest.next();
        } else {
            out.extend(machine(arg, zig_target));
        }
    }
    out
}

/// An argument that may choose the target or the processor, in zig's names. Any other argument
/// stays as it is.
pub fn machine(arg: &str, zig_target: &str) -> Vec<String> {
    let arch = zig_target.split('-').next().unwrap_or_default();
    let version = ["-mmacosx-version-min=", "-mmacos-version-min="];
    if arg.starts_with("--target=")
        || arg == "-mtune=generic"
        || version.iter().any(|option| arg.starts_with(option))
    {
        return Vec::new();
    }
    let Some(cpu) = arg.strip_prefix("-march=") else {
        // x86's `generic` is `x86-64`, which is zig's default.
        let generic_x86 = arg == "-mcpu=generic" && arch.starts_with("x86");
        return if generic_x86 { Vec::new() } else { vec![arg.to_owned()] };
    };
    match arch {
        "x86_64" | "x86" => vec![format!("-march={}", x86_cpu(cpu))],
        "aarch64" => vec![format!("-mcpu={}", aarch64_cpu(cpu))],
        // The target says the same: armv7-a, rv64gc. zig has no words for a profile beyond it.
        "arm" | "riscv64" => Vec::new(),
        _ => vec![arg.to_owned()],
    }
}

fn x86_cpu(cpu: &str) -> String {
    cpu.replace('-', "_")
}

/// `armv8.2-a+dotprod+fp16` → `generic+v8_2a+dotprod+fullfp16`; names of processors
/// (`native`, `neoverse-n1`) only change their hyphens.
fn aarch64_cpu(cpu: &str) -> String {
    let mut parts = cpu.split('+');
    let base = parts.next().unwrap_or_default();
    let version = base.strip_prefix("armv").and_then(|version| version.strip_suffix("-a"));
    let mut out = match version {
        Some("8") => "generic".to_owned(),
        Some(version) => format!("generic+v{}a", version.replace('.', "_")),
        None => base.replace('-', "_"),
    };
    for feature in parts {
        let (sign, name) = match feature.strip_prefix("no") {
            Some(name) => ('-', name),
            None => ('+', feature),
        };
        let name = match name {
            "fp16" => "fullfp16",
            "simd" => "neon",
            "fp" => "fp_armv8",
            "rng" => "rand",
            "memtag" => "mte",
            other => other,
        };
        out.push(sign);
        out.push_str(&name.replace('-', "_"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_processors_get_zigs_names() {
        let cases = [
            ("x86_64-linux-gnu.2.17", "--target=x86_64-unknown-linux-gnu -c a.c", "-c a.c"),
            ("x86_64-linux-gnu.2.17", "--target x86_64-unknown-linux-gnu -c a.c", "-c a.c"),
            ("x86_64-linux-gnu.2.17", "-march=x86-64-v2", "-march=x86_64_v2"),
            ("x86_64-linux-gnu.2.17", "-march=haswell -mtune=generic -m64", "-march=haswell -m64"),
            ("x86_64-linux-gnu.2.17", "-mcpu=generic", ""),
            ("aarch64-linux-musl", "-mcpu=generic", "-mcpu=generic"),
            ("aarch64-linux-musl", "-march=armv8-a", "-mcpu=generic"),
            ("aarch64-linux-musl", "-march=armv8-a+crypto", "-mcpu=generic+crypto"),
            (
                "aarch64-linux-musl",
                "-march=armv8.2-a+dotprod+fp16",
                "-mcpu=generic+v8_2a+dotprod+fullfp16",
            ),
            ("aarch64-linux-musl", "-march=armv8-a+nosimd", "-mcpu=generic-neon"),
            ("arm-linux-gnueabihf.2.17", "-march=armv7-a -mfpu=vfpv3-d16", "-mfpu=vfpv3-d16"),
            ("riscv64-linux-gnu.2.27", "-march=rv64gc -mabi=lp64d", "-mabi=lp64d"),
        ];
        for (target, given, expected) in cases {
            let args: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
            let out = filter(&args, target).join(" ");
            let expected = format!("-fno-sanitize=undefined -Wno-error=date-time {expected}");
            assert_eq!(out.trim_end(), expected.trim_end(), "{target}: {given}");
        }
    }

    #[test]
    fn a_call_is_a_compilation_if_it_does_not_link() {
        let is = |line: &str| is_compile(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(is("-O2 -c a.c -o a.o"));
        assert!(is("-E a.c"));
        assert!(!is("a.o -o a"));
    }
}
