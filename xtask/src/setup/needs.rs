//! What the tests need from the machine, and why.

use std::path::Path;

use crate::process;

/// How to see that something else than its Debian package meets a need.
pub(crate) enum Shown {
    /// A program on `PATH`.
    Program(&'static str),
    /// A file.
    File(&'static str),
}

/// One thing that tests need.
pub(crate) struct Need {
    /// Debian's name for it.
    pub(crate) package: &'static str,
    /// What tests use it for.
    pub(crate) why: &'static str,
    /// What it installs.
    pub(crate) shown: Shown,
    /// Whether tests can do without it if a distribution has no such package.
    pub(crate) optional: bool,
}

/// The table. rustup's targets are not in it: Tachi installs those itself.
pub(crate) const NEEDS: &[Need] = &[
    Need {
        package: "git",
        why: "tests read a commit's hash and time, tidy lists the tracked files",
        shown: Shown::Program("git"),
        optional: false,
    },
    Need {
        package: "qemu-user",
        why: "runs arm64 programs that tests have built",
        shown: Shown::Program("qemu-aarch64"),
        optional: false,
    },
    Need {
        package: "libc6-arm64-cross",
        why: "the dynamic loader and libc of arm64 glibc programs, for `qemu-aarch64 -L /usr/aarch64-linux-gnu`",
        shown: Shown::File("/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1"),
        optional: false,
    },
    Need {
        package: "libc6-armhf-cross",
        why: "the dynamic loader and libc of armv7 glibc programs, as above",
        shown: Shown::File("/usr/arm-linux-gnueabihf/lib/ld-linux-armhf.so.3"),
        optional: false,
    },
    Need {
        package: "libc6-i386-cross",
        why: "the dynamic loader and libc of i686 glibc programs, as above",
        shown: Shown::File("/usr/i686-linux-gnu/lib/ld-linux.so.2"),
        optional: false,
    },
    Need {
        package: "libc6-riscv64-cross",
        why: "the dynamic loader and libc of riscv64gc glibc programs, as above",
        shown: Shown::File("/usr/riscv64-linux-gnu/lib/ld-linux-riscv64-lp64d.so.1"),
        optional: false,
    },
    Need {
        package: "libc6-s390x-cross",
        why: "the dynamic loader and libc of s390x glibc programs, as above",
        shown: Shown::File("/usr/s390x-linux-gnu/lib/ld64.so.1"),
        optional: false,
    },
    Need {
        package: "binutils",
        why: "readelf is the second opinion on what tachi-binary reads from ELF files",
        shown: Shown::Program("readelf"),
        optional: false,
    },
    Need {
        package: "devscripts",
        why: "hardening-check is the second opinion on the hardening of ELF files",
        shown: Shown::Program("hardening-check"),
        optional: false,
    },
    Need {
        package: "python3-pip",
        why: "fetches wheels of all systems, whose native code is read by LLVM and by Tachi",
        shown: Shown::Program("pip3"),
        optional: false,
    },
    Need {
        package: "nodejs",
        why: "loads the example's Node.js module, runs WebAssembly",
        shown: Shown::Program("node"),
        optional: false,
    },
    Need {
        package: "wine",
        why: "runs Windows programs that tests have built",
        shown: Shown::Program("wine"),
        optional: false,
    },
    Need {
        package: "wine64",
        why: "the part of wine that runs 64-bit programs",
        shown: Shown::File("/usr/lib/wine/wine64"),
        optional: false,
    },
    Need {
        package: "llvm",
        why: "llvm-lipo, llvm-strip, llvm-readobj, llvm-objdump and llvm-nm are the second opinion on files, llvm-mc and llvm-dlltool make what file tests link",
        shown: Shown::Program("llvm-mc"),
        optional: false,
    },
    Need {
        package: "openssl",
        why: "makes the certificates that signing is tested with",
        shown: Shown::Program("openssl"),
        optional: false,
    },
    Need {
        package: "osslsigncode",
        why: "signs Windows programs in tests, and verifies the signatures",
        shown: Shown::Program("osslsigncode"),
        optional: false,
    },
    Need {
        package: "faketime",
        why: "gives the second build of `verify --rebuild` another clock; without it, only the clock is not varied",
        shown: Shown::Program("faketime"),
        optional: true,
    },
    Need {
        package: "diffoscope-minimal",
        why: "reports on files that differ between two builds",
        shown: Shown::Program("diffoscope"),
        optional: true,
    },
    Need {
        package: "shellcheck",
        why: "checks the repository's shell scripts",
        shown: Shown::Program("shellcheck"),
        optional: false,
    },
    Need {
        package: "sccache",
        why: "tests that sccache is used as the compiler wrapper and that its figures are reported",
        shown: Shown::Program("sccache"),
        optional: true,
    },
    Need {
        package: "rustc-web",
        why: "a compiler without rustup: tests build std from source with it",
        shown: Shown::File("/usr/share/doc/rustc-web/copyright"),
        optional: true,
    },
    Need {
        package: "cargo-web",
        why: "the cargo that belongs to rustc-web",
        shown: Shown::File("/usr/share/doc/cargo-web/copyright"),
        optional: true,
    },
    Need {
        package: "rust-web-src",
        why: "the std source that belongs to rustc-web",
        shown: Shown::File("/usr/share/doc/rust-web-src/copyright"),
        optional: true,
    },
];

impl Need {
    /// Whether std is built from source with it.
    pub(crate) fn is_for_std(&self) -> bool {
        ["rustc-web", "cargo-web", "rust-web-src"].contains(&self.package)
    }

    /// Whether the machine has it, from whichever source.
    pub(crate) fn is_met(&self) -> bool {
        match self.shown {
            Shown::Program(name) => process::on_path(name).is_some(),
            Shown::File(path) => Path::new(path).exists(),
        }
    }
}

/// The needs that this machine lacks, without dpkg.
#[expect(clippy::unnecessary_wraps, reason = "the same shape as debian::missing")]
pub(crate) fn missing<'a>(needs: &[&'a Need]) -> Result<Vec<&'a Need>, String> {
    Ok(needs.iter().filter(|need| !need.is_met()).copied().collect())
}

/// Outside Debian nothing is installed: prints which programs and files are needed.
pub(crate) fn advise(missing: &[&Need]) -> Result<(), String> {
    let (optional, wanted): (Vec<&Need>, Vec<&Need>) =
        missing.iter().partition(|need| need.optional);
    for need in optional {
        println!("setup: tests go on without {}; some of them will do less", need.package);
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = wanted
        .iter()
        .map(|need| match need.shown {
            Shown::Program(name) => format!("  the program {name} on PATH"),
            Shown::File(path) => format!("  the file {path}"),
        })
        .collect();
    Err(format!(
        "setup: this is not a Debian system; install these by its own means, then try again:\n{}",
        list.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(shown: Shown, optional: bool) -> Need {
        Need { package: "p", why: "w", shown, optional }
    }

    #[test]
    fn a_need_is_met_by_a_program_or_a_file_from_any_source() {
        assert!(need(Shown::Program("sh"), false).is_met());
        assert!(need(Shown::File("/"), false).is_met());
        assert!(!need(Shown::Program("no-such-program-anywhere"), false).is_met());
        assert!(!need(Shown::File("/no/such/file"), false).is_met());
    }

    #[test]
    fn outside_debian_only_a_missing_required_program_is_an_error() {
        let optional = need(Shown::Program("frob"), true);
        let wanted = need(Shown::Program("knob"), false);
        assert_eq!(advise(&[&optional]), Ok(()));
        let error = advise(&[&optional, &wanted]).unwrap_err();
        assert!(error.contains("knob") && !error.contains("frob"), "{error}");
    }

    #[test]
    fn each_package_is_named_once_and_says_why() {
        let mut names: Vec<_> = NEEDS.iter().map(|need| need.package).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NEEDS.len());
        assert!(NEEDS.iter().all(|need| !need.why.is_empty()));
    }
}
