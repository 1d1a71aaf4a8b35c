//! Every target rustc knows, and the six that the specification names.

#[cfg(test)]
mod rustc_tests;
mod table;

use super::facts::{TargetFacts, Tier};

/// The specification's targets, in its order, each with the tier it prints.
///
/// Its tiers are those of an older Rust: rustc has since moved `x86_64-apple-darwin` down
/// to tier 2 and `aarch64-pc-windows-msvc` up to tier 1. [`TargetFacts::tier`] is always
/// rustc's, because it tells users what they can rely on; the specification's is kept
/// here for comparison only.
pub const DEFAULT_SET: [(&str, Tier); 6] = [
    ("x86_64-apple-darwin", Tier::One),
    ("aarch64-apple-darwin", Tier::One),
    ("x86_64-unknown-linux-gnu", Tier::One),
    ("aarch64-unknown-linux-gnu", Tier::One),
    ("x86_64-pc-windows-msvc", Tier::One),
    ("aarch64-pc-windows-msvc", Tier::Two),
];

/// Every target that `rustc --print target-list` shows, sorted by name.
pub fn all() -> &'static [TargetFacts] {
    table::TARGETS
}

/// The facts of `triple`, if rustc has it built in.
pub fn find(triple: &str) -> Option<&'static TargetFacts> {
    let targets = all();
    let at = targets.binary_search_by(|facts| facts.triple.cmp(triple)).ok()?;
    targets.get(at)
}

impl TargetFacts {
    /// The facts of `triple`, if rustc has it built in.
    pub fn find(triple: &str) -> Option<&'static Self> {
        find(triple)
    }
}

/// The facts of the specification's six targets, in its order.
pub fn default_set() -> impl Iterator<Item = &'static TargetFacts> {
    DEFAULT_SET.iter().filter_map(|(triple, _)| find(triple))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::facts::CdylibSupport;

    #[test]
    fn the_table_is_sorted_and_has_no_twins() {
        for pair in all().windows(2) {
            assert!(pair[0].triple < pair[1].triple, "{}", pair[1].triple);
        }
        assert!(all().len() > 250);
    }

    #[test]
    fn every_target_has_a_platform_and_an_arch() {
        for facts in all() {
            assert!(!facts.platform.is_empty(), "{}", facts.triple);
            assert!(!facts.arch.is_empty(), "{}", facts.triple);
        }
    }

    #[test]
    fn the_default_set_is_the_specifications_table() {
        let rows: Vec<_> =
            default_set().map(|facts| (facts.triple, facts.platform, facts.arch)).collect();
        assert_eq!(
            rows,
            [
                ("x86_64-apple-darwin", "darwin", "x64"),
                ("aarch64-apple-darwin", "darwin", "arm64"),
                ("x86_64-unknown-linux-gnu", "linux", "x64"),
                ("aarch64-unknown-linux-gnu", "linux", "arm64"),
                ("x86_64-pc-windows-msvc", "win32", "x64"),
                ("aarch64-pc-windows-msvc", "win32", "arm64"),
            ]
        );
    }

    #[test]
    fn platform_and_arch_are_nodes_names_where_node_has_one() {
        for (triple, platform, arch) in [
            ("x86_64-unknown-freebsd", "freebsd", "x64"),
            ("x86_64-unknown-openbsd", "openbsd", "x64"),
            ("aarch64-linux-android", "android", "arm64"),
            ("powerpc64-ibm-aix", "aix", "ppc64"),
            ("x86_64-unknown-illumos", "sunos", "x64"),
            ("x86_64-pc-solaris", "sunos", "x64"),
            ("aarch64-unknown-linux-ohos", "openharmony", "arm64"),
            ("i686-pc-windows-gnu", "win32", "ia32"),
            ("x86_64-unknown-linux-gnux32", "linux", "x32"),
            ("armv7-unknown-linux-gnueabihf", "linux", "arm"),
            ("riscv64gc-unknown-linux-gnu", "linux", "riscv64"),
            ("powerpc64le-unknown-linux-gnu", "linux", "ppc64"),
            ("s390x-unknown-linux-gnu", "linux", "s390x"),
            ("loongarch64-unknown-linux-gnu", "linux", "loong64"),
            ("mips-unknown-linux-gnu", "linux", "mips"),
            ("mipsel-unknown-linux-gnu", "linux", "mipsel"),
            ("mips64el-unknown-linux-gnuabi64", "linux", "mips64el"),
            ("wasm32-wasip1", "wasi", "wasm32"),
            ("thumbv7em-none-eabihf", "none", "arm"),
        ] {
            let facts = find(triple).unwrap();
            assert_eq!((facts.platform, facts.arch), (platform, arch), "{triple}");
        }
    }

    #[test]
    fn file_names_are_the_targets_not_the_hosts() {
        for (triple, executable, cdylib, staticlib) in [
            ("x86_64-pc-windows-msvc", "a-b.exe", "a_b.dll", "a_b.lib"),
            ("x86_64-pc-windows-gnu", "a-b.exe", "a_b.dll", "liba_b.a"),
            ("aarch64-apple-darwin", "a-b", "liba_b.dylib", "liba_b.a"),
            ("x86_64-unknown-linux-gnu", "a-b", "liba_b.so", "liba_b.a"),
            ("wasm32-wasip1", "a-b.wasm", "a_b.wasm", "liba_b.a"),
        ] {
            let facts = find(triple).unwrap();
            assert_eq!(facts.executable_name("a-b"), executable, "{triple}");
            assert_eq!(facts.cdylib_name("a-b"), cdylib, "{triple}");
            assert_eq!(facts.staticlib_name("a-b"), staticlib, "{triple}");
            assert_eq!(facts.node_addon_name("a-b"), "a-b.node", "{triple}");
        }
    }

    #[test]
    fn floors_and_cdylib_support_are_those_of_rustc() {
        let gnu = find("x86_64-unknown-linux-gnu").unwrap();
        assert_eq!(gnu.minimum_glibc, Some("2.17"));
        assert_eq!(gnu.cdylib, CdylibSupport::Yes);
        let musl = find("x86_64-unknown-linux-musl").unwrap();
        assert_eq!(musl.minimum_glibc, None);
        assert_eq!(musl.cdylib, CdylibSupport::WithDynamicCrt);
        let mac = find("aarch64-apple-darwin").unwrap();
        assert_eq!(mac.minimum_os, Some("11.0"));
        let bare = find("thumbv7em-none-eabihf").unwrap();
        assert_eq!(bare.cdylib, CdylibSupport::No);
    }

    #[test]
    fn a_tier_serialises_as_its_number() {
        assert_eq!(serde_json::to_string(&Tier::Two).unwrap(), "2");
    }
}
