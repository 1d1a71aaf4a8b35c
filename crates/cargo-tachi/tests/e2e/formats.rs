//! Checks files for Linux, macOS and Windows with binutils and LLVM's tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{run, tachi};

/// An LLVM tool, which Debian may name with its version only.
pub(crate) fn llvm(tool: &str) -> Command {
    let path = std::env::var_os("PATH").unwrap();
    let names: Vec<String> = std::iter::once(tool.to_owned())
        .chain((14..30).map(|version| format!("{tool}-{version}")))
        .collect();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.exists());
    Command::new(found.unwrap_or_else(|| panic!("{tool} is not on PATH; run `cargo xtask setup`")))
}

fn architecture(target: &str) -> &str {
    if target.starts_with("aarch64") { "aarch64" } else { "x86_64" }
}

/// Checks a thin Mach-O file: its processor, the oldest macOS, that it loads the system's
/// libraries only, each once, and its signature.
#[track_caller]
pub(crate) fn check_macho(file: &Path, target: &str) {
    let shown = file.display();
    let headers = run(llvm("llvm-readobj").arg("--file-headers").arg(file)).expect_success().stdout;
    assert!(headers.contains(&format!("Arch: {}", architecture(target))), "{shown}: {headers}");
    let commands = run(llvm("llvm-otool").arg("-l").arg(file)).expect_success().stdout;
    assert!(commands.contains("minos 11.0"), "{shown}: {commands}");
    let listed = run(llvm("llvm-otool").arg("-L").arg(file)).expect_success().stdout;
    let mut libraries: Vec<&str> =
        listed.lines().skip(1).filter_map(|line| line.trim().split(" (").next()).collect();
    for library in &libraries {
        let is_systems =
            library.starts_with("/usr/lib/") || library.starts_with("/System/Library/");
        let is_own_name = library.starts_with("@rpath/lib");
        assert!(is_systems || is_own_name, "{shown}: {library}");
    }
    let count = libraries.len();
    libraries.sort_unstable();
    libraries.dedup();
    assert_eq!(libraries.len(), count, "{shown} loads a library twice: {listed}");
    run(tachi(file.parent().unwrap()).args(["sign", "--check"]).arg(file)).expect_success();
}

/// Checks a universal file: both processors, as llvm-lipo and our own reader see it, and every
/// slice by itself.
#[track_caller]
pub(crate) fn check_universal(file: &Path, scratch: &Path) {
    let archs = run(llvm("llvm-lipo").arg(file).arg("-archs")).expect_success().stdout;
    let mut archs: Vec<&str> = archs.split_whitespace().collect();
    archs.sort_unstable();
    assert_eq!(archs, ["arm64", "x86_64"], "{}", file.display());
    for (arch, target) in [("arm64", "aarch64-apple-darwin"), ("x86_64", "x86_64-apple-darwin")] {
        let slice = scratch.join(format!("slice-{arch}"));
        run(llvm("llvm-lipo").arg(file).args(["-thin", arch, "-output"]).arg(&slice))
            .expect_success();
        check_macho(&slice, target);
    }
}

/// The libraries that every Windows from version 10 on has.
const OF_WINDOWS: [&str; 18] = [
    "advapi32.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "combase.dll",
    "crypt32.dll",
    "gdi32.dll",
    "iphlpapi.dll",
    "kernel32.dll",
    "ntdll.dll",
    "ole32.dll",
    "oleaut32.dll",
    "psapi.dll",
    "secur32.dll",
    "shell32.dll",
    "shlwapi.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

/// Checks a PE file: its processor, and that it asks for nothing that has to be installed.
#[track_caller]
pub(crate) fn check_pe(file: &Path, target: &str) {
    let shown = file.display();
    let read = run(llvm("llvm-readobj").args(["--file-headers", "--coff-imports"]).arg(file))
        .expect_success()
        .stdout;
    assert!(read.contains(&format!("Arch: {}", architecture(target))), "{shown}: {read}");
    let imports: Vec<String> = read
        .lines()
        .filter_map(|line| Some(line.strip_prefix("  Name: ")?.trim().to_ascii_lowercase()))
        .collect();
    assert!(!imports.is_empty(), "{shown} imports nothing");
    for import in imports {
        let is_api_set = import.starts_with("api-ms-win-");
        assert!(is_api_set || OF_WINDOWS.contains(&import.as_str()), "{shown} needs {import}");
    }
}

/// The highest glibc version that an ELF file asks for, as binutils' readelf reads it.
pub(crate) fn glibc_need(file: &Path) -> Option<(u32, u32)> {
    let listing =
        run(Command::new("readelf").args(["--version-info", "--wide"]).arg(file)).expect_success();
    let versions = listing.stdout.split("GLIBC_").skip(1).filter_map(|rest| {
        let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = number.split('.').map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    });
    versions.max()
}

/// Checks a released ELF file: it keeps its floor, or needs no loader at all.
#[track_caller]
pub(crate) fn check_elf(file: &Path, target: &str) {
    let header = run(Command::new("readelf")
        .args(["--file-header", "--program-headers", "--wide"])
        .arg(file));
    let header = header.expect_success().stdout;
    let machine =
        if target.starts_with("aarch64") { "AArch64" } else { "Advanced Micro Devices X86-64" };
    assert!(header.contains(machine), "{}: not for {target}:\n{header}", file.display());
    let need = glibc_need(file);
    if target.ends_with("-gnu") {
        let need = need.expect("a program linked against glibc asks for some version");
        assert!(need <= (2, 17), "{} needs glibc {need:?}", file.display());
    } else {
        assert_eq!(need, None, "{}", file.display());
    }
}

/// Checks a package's checksum with sha256sum, unpacks it with tar, and returns its folder.
pub(crate) fn unpack(dist: &Path, stem: &str, into: &Path) -> PathBuf {
    let archive = format!("{stem}.tar.gz");
    run(Command::new("sha256sum")
        .args(["--check", &format!("{archive}.sha256")])
        .current_dir(dist))
    .expect_success();
    run(Command::new("tar").arg("-xzf").arg(dist.join(&archive)).arg("-C").arg(into))
        .expect_success();
    into.join(stem)
}
