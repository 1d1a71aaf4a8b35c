//! The table: targets × wishes × machines.

use super::*;
use crate::toolchain::probe::{Lld, RustcFacts, Sdk};

const HOST: &str = "x86_64-unknown-linux-gnu";

/// A machine with rustup, cc and the host's std only.
fn machine() -> ToolchainFacts {
    ToolchainFacts {
        cargo: "/c/bin/cargo".into(),
        rustc: RustcFacts {
            path: "/c/bin/rustc".into(),
            host: HOST.into(),
            release: "1.95.0".into(),
            commit_hash: Some("59807616e1fa".into()),
            llvm: None,
            identity: "1234567890".into(),
            sysroot: "/c".into(),
        },
        rust_src: None,
        installed_std: [HOST.to_owned()].into(),
        rustup: Some("/r/rustup".into()),
        rustup_toolchain: Some("stable".into()),
        zig: None,
        cc: Some("/usr/bin/cc".into()),
        lld: Some(Lld { program: "/c/bin/rust-lld".into(), version: "of rustc 1.95.0".into() }),
        sdkroot: None,
        xwin: None,
        sccache: None,
        runners: crate::toolchain::runner::RunnerFacts::default(),
    }
}

fn without_rustup() -> ToolchainFacts {
    ToolchainFacts { rustup: None, rustup_toolchain: None, ..machine() }
}

fn debian_with_source() -> ToolchainFacts {
    ToolchainFacts {
        rust_src: Some("/usr/lib/rustlib/src/rust/library".into()),
        ..without_rustup()
    }
}

fn with_sdks() -> ToolchainFacts {
    let sdk = |folder: &str, version: Option<&str>| {
        let version = version.map(str::to_owned);
        Some(Sdk { folder: folder.into(), version, content: "0".into() })
    };
    let (sdkroot, xwin) = (sdk("/sdk/MacOSX.sdk", Some("13.3")), sdk("/sdk/xwin", None));
    ToolchainFacts { sdkroot, xwin, ..machine() }
}

fn without_lld() -> ToolchainFacts {
    ToolchainFacts { lld: None, ..machine() }
}

fn mac() -> ToolchainFacts {
    let rustc = RustcFacts { host: "x86_64-apple-darwin".into(), ..machine().rustc };
    ToolchainFacts { rustc, ..machine() }
}

fn without_cc() -> ToolchainFacts {
    ToolchainFacts { cc: None, ..machine() }
}

fn wishes(glibc: &str, linker: &str, explicit: bool) -> Wishes {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Wishes { linker: given(linker), glibc: given(glibc), minimum_os: None, explicit }
}

/// A target, the wishes, the machine, and the expected kit.
type Case<'a> = (&'a str, Wishes, ToolchainFacts, &'a str);

fn check(cases: impl IntoIterator<Item = Case<'static>>) {
    for (target, wishes, facts, expected) in cases {
        let kit =
            decide(target, &wishes, &facts).unwrap_or_else(|error| panic!("{target}: {error}"));
        let std = serde_json::to_value(kit.std).unwrap();
        assert_eq!(
            format!("{}, {}", kit.name(), std.as_str().unwrap()),
            expected,
            "{target} {wishes:?}"
        );
    }
}

fn named() -> Wishes {
    wishes("", "", true)
}

#[test]
fn each_linux_target_gets_the_kit_that_this_machine_allows() {
    check([
        (HOST, wishes("", "", false), machine(), "native, sysroot"),
        (
            HOST,
            wishes("", "", false),
            without_cc(),
            "zig cc -target x86_64-linux-gnu.2.17, sysroot",
        ),
        (HOST, named(), machine(), "zig cc -target x86_64-linux-gnu.2.17, sysroot"),
        (
            HOST,
            wishes("2.28", "", false),
            machine(),
            "zig cc -target x86_64-linux-gnu.2.28, sysroot",
        ),
        (HOST, wishes("host", "", true), machine(), "native, sysroot"),
        (HOST, wishes("", "/my/ld", true), machine(), "the configured linker ld, sysroot"),
        (
            "aarch64-unknown-linux-gnu",
            named(),
            machine(),
            "zig cc -target aarch64-linux-gnu.2.17, rustup",
        ),
        (
            "aarch64-unknown-linux-gnu",
            named(),
            debian_with_source(),
            "zig cc -target aarch64-linux-gnu.2.17, source",
        ),
        (
            "x86_64-unknown-linux-musl",
            named(),
            machine(),
            "zig cc -target x86_64-linux-musl, rustup",
        ),
        (
            "aarch64-unknown-linux-musl",
            named(),
            machine(),
            "zig cc -target aarch64-linux-musl, rustup",
        ),
        (
            "armv7-unknown-linux-gnueabihf",
            named(),
            machine(),
            "zig cc -target arm-linux-gnueabihf.2.17, rustup",
        ),
        (
            "armv7-unknown-linux-musleabihf",
            named(),
            machine(),
            "zig cc -target arm-linux-musleabihf, rustup",
        ),
        ("i686-unknown-linux-gnu", named(), machine(), "zig cc -target x86-linux-gnu.2.17, rustup"),
        (
            "riscv64gc-unknown-linux-gnu",
            named(),
            machine(),
            "zig cc -target riscv64-linux-gnu.2.27, rustup",
        ),
        (
            "powerpc64le-unknown-linux-gnu",
            named(),
            machine(),
            "zig cc -target powerpc64le-linux-gnu.2.19, rustup",
        ),
        (
            "s390x-unknown-linux-gnu",
            named(),
            machine(),
            "zig cc -target s390x-linux-gnu.2.17, rustup",
        ),
    ]);
}

#[test]
fn targets_of_macos_get_the_kit_that_this_machine_allows() {
    check([
        (
            "aarch64-apple-darwin",
            wishes("", "/my/ld", true),
            machine(),
            "the configured linker ld, rustup",
        ),
        ("aarch64-apple-darwin", named(), machine(), "ld64.lld with stubs of the SDK, rustup"),
        ("x86_64-apple-darwin", named(), with_sdks(), "ld64.lld with Apple's SDK 13.3, rustup"),
        (
            "x86_64-apple-darwin",
            named(),
            without_lld(),
            "zig cc -target x86_64-macos.11.0-none, rustup",
        ),
        ("aarch64-apple-darwin", named(), mac(), "native, rustup"),
    ]);
}

#[test]
fn zig_links_for_macos_only_where_there_is_no_lld_and_the_reason_says_so() {
    for (facts, is_makeshift) in [(machine(), false), (without_lld(), true), (mac(), false)] {
        let kit = decide("aarch64-apple-darwin", &named(), &facts).unwrap();
        assert_eq!(kit.is_makeshift(), is_makeshift, "{}", kit.name());
        assert_eq!(kit.reason.contains("apt-get install lld"), is_makeshift, "{}", kit.reason);
    }
    let linux = decide("aarch64-unknown-linux-gnu", &named(), &without_lld()).unwrap();
    assert!(!linux.is_makeshift());
}

#[test]
fn targets_of_windows_and_others_get_the_kit_that_this_machine_allows() {
    check([
        (
            "x86_64-pc-windows-msvc",
            named(),
            machine(),
            "lld-link with generated import libraries, rustup",
        ),
        ("aarch64-pc-windows-msvc", named(), with_sdks(), "lld-link with Microsoft's SDK, rustup"),
        ("x86_64-pc-windows-gnu", named(), machine(), "zig cc -target x86_64-windows-gnu, rustup"),
        (
            "aarch64-pc-windows-gnullvm",
            named(),
            machine(),
            "zig cc -target aarch64-windows-gnu, rustup",
        ),
        (
            "x86_64-unknown-freebsd",
            named(),
            machine(),
            "zig cc -target x86_64-freebsd-none, rustup",
        ),
        (
            "aarch64-unknown-freebsd",
            named(),
            debian_with_source(),
            "zig cc -target aarch64-freebsd-none, source",
        ),
        ("wasm32-wasip1", named(), machine(), "rustc's own linker, rustup"),
    ]);
}

#[test]
fn what_cannot_be_built_says_why_and_what_to_do() {
    let cases = [
        ("aarch64-apple-ios", named(), machine(), "no linker", "target.aarch64-apple-ios.linker"),
        (
            "i686-pc-windows-msvc",
            named(),
            machine(),
            "no linker",
            "target.i686-pc-windows-msvc.linker",
        ),
        (
            "wasm32-wasip1",
            named(),
            debian_with_source(),
            "C library",
            "rustup target add wasm32-wasip1",
        ),
        (
            "aarch64-apple-darwin",
            Wishes { minimum_os: Some("10.15".into()), ..named() },
            machine(),
            "\"10.15\"",
            "11.0 or later",
        ),
        (
            "x86_64-apple-darwin",
            Wishes { minimum_os: Some("eleven".into()), ..named() },
            machine(),
            "\"eleven\"",
            "10.12 or later",
        ),
        (HOST, wishes("2.99", "", true), machine(), "no glibc 2.99", "2.17 to 2.44"),
        (HOST, wishes("2.17.1.5", "", true), machine(), "`2.17.1.5`", "2.17 to 2.44"),
        (
            "riscv64gc-unknown-linux-gnu",
            wishes("2.17", "", true),
            machine(),
            "older than 2.27",
            "2.27 to 2.44",
        ),
        (
            "aarch64-unknown-linux-gnu",
            wishes("host", "", true),
            machine(),
            "own target",
            "2.17 to 2.44",
        ),
        (
            "aarch64-unknown-linux-gnu",
            named(),
            without_rustup(),
            "standard library",
            "rustup component add rust-src",
        ),
    ];
    for (target, wishes, facts, cause, remedy) in cases {
        let error = decide(target, &wishes, &facts).unwrap_err();
        assert!(error.cause.contains(cause), "{target}: {}", error.cause);
        assert!(error.remedy.contains(remedy), "{target}: {}", error.remedy);
    }
}

/// Over the whole catalogue: no target makes the decision panic, each answer has a reason,
/// and each refusal a remedy.
#[test]
fn every_target_gets_a_kit_or_a_remedy_on_every_machine() {
    let machines = [
        machine(),
        without_rustup(),
        debian_with_source(),
        without_cc(),
        without_lld(),
        with_sdks(),
        mac(),
    ];
    let mut kits = 0;
    for row in catalogue::all() {
        for facts in &machines {
            match decide(row.triple, &wishes("", "", true), facts) {
                Ok(kit) => {
                    assert!(!kit.reason.is_empty() && !kit.std_reason.is_empty(), "{kit:?}");
                    kits += 1;
                }
                Err(none) => assert!(!none.remedy.is_empty(), "{none:?}"),
            }
        }
    }
    assert!(kits > 16 * machines.len(), "{kits}");
}
