//! qemu's user-mode emulators for Linux, and where glibc's loaders for them are.

use crate::target::TargetFacts;
use crate::target::facts::Endian;

/// An emulator and what programs of glibc need beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emulator {
    /// rustc's `target_arch`.
    arch: &'static str,
    /// rustc's `target_endian`.
    endian: Endian,
    /// rustc's `target_abi`.
    abi: &'static str,
    /// The emulator.
    pub program: &'static str,
    /// The GNU name of the system, which Debian's cross libraries have for a folder's name.
    pub gnu: &'static str,
    /// glibc's dynamic loader, below a root.
    pub loader: &'static str,
    /// Debian's package of cross libraries.
    pub package: &'static str,
}

const fn little([arch, abi, program, gnu, loader, package]: [&'static str; 6]) -> Emulator {
    Emulator { arch, endian: Endian::Little, abi, program, gnu, loader, package }
}

/// The emulators of qemu's user mode, by architecture.
pub const EMULATORS: [Emulator; 9] = [
    little([
        "aarch64",
        "",
        "qemu-aarch64",
        "aarch64-linux-gnu",
        "lib/ld-linux-aarch64.so.1",
        "libc6-arm64-cross",
    ]),
    little([
        "arm",
        "eabi",
        "qemu-arm",
        "arm-linux-gnueabi",
        "lib/ld-linux.so.3",
        "libc6-armel-cross",
    ]),
    little([
        "arm",
        "eabihf",
        "qemu-arm",
        "arm-linux-gnueabihf",
        "lib/ld-linux-armhf.so.3",
        "libc6-armhf-cross",
    ]),
    little([
        "loongarch64",
        "",
        "qemu-loongarch64",
        "loongarch64-linux-gnu",
        "lib64/ld-linux-loongarch-lp64d.so.1",
        "libc6-loong64-cross",
    ]),
    little([
        "powerpc64",
        "elfv2",
        "qemu-ppc64le",
        "powerpc64le-linux-gnu",
        "lib64/ld64.so.2",
        "libc6-ppc64el-cross",
    ]),
    little([
        "riscv64",
        "",
        "qemu-riscv64",
        "riscv64-linux-gnu",
        "lib/ld-linux-riscv64-lp64d.so.1",
        "libc6-riscv64-cross",
    ]),
    Emulator {
        endian: Endian::Big,
        ..little([
            "s390x",
            "",
            "qemu-s390x",
            "s390x-linux-gnu",
            "lib/ld64.so.1",
            "libc6-s390x-cross",
        ])
    },
    little(["x86", "", "qemu-i386", "i686-linux-gnu", "lib/ld-linux.so.2", "libc6-i386-cross"]),
    little([
        "x86_64",
        "",
        "qemu-x86_64",
        "x86_64-linux-gnu",
        "lib64/ld-linux-x86-64.so.2",
        "libc6-amd64-cross",
    ]),
];

/// The emulator for a Linux target.
pub fn find(row: &TargetFacts) -> Option<&'static Emulator> {
    let fits =
        |one: &&Emulator| (one.arch, one.endian, one.abi) == (row.rustc_arch, row.endian, row.abi);
    EMULATORS.iter().filter(|_| row.os == "linux").find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::catalogue;

    #[test]
    fn each_target_of_linux_has_its_own_emulator() {
        for (target, expected) in [
            ("aarch64-unknown-linux-musl", Some("libc6-arm64-cross")),
            ("armv7-unknown-linux-gnueabihf", Some("libc6-armhf-cross")),
            ("armv5te-unknown-linux-gnueabi", Some("libc6-armel-cross")),
            ("powerpc64le-unknown-linux-gnu", Some("libc6-ppc64el-cross")),
            ("powerpc64-unknown-linux-gnu", None),
            ("loongarch64-unknown-linux-gnu", Some("libc6-loong64-cross")),
            ("s390x-unknown-linux-gnu", Some("libc6-s390x-cross")),
            ("i686-unknown-linux-gnu", Some("libc6-i386-cross")),
            ("x86_64-unknown-linux-gnux32", None),
            ("aarch64-apple-darwin", None),
        ] {
            let found = find(catalogue::find(target).unwrap()).map(|one| one.package);
            assert_eq!(found, expected, "{target}");
        }
    }
}
