//! What a program knows of its own making.

use core::fmt;

use crate::caller::Caller;
use crate::{UNKNOWN, slot, target};

/// What a program knows of its own making. No field is ever empty: what is not known is
/// `"unknown"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BuildInfo {
    /// The version of the package that asks; or what was stamped over it.
    pub version: &'static str,
    /// The commit, abbreviated as git does.
    pub git_hash: &'static str,
    /// The commit in full.
    pub git_hash_full: &'static str,
    /// The branch; `HEAD` if none was checked out.
    pub git_branch: &'static str,
    /// Files of that commit had been changed.
    pub git_dirty: bool,
    /// When: `SOURCE_DATE_EPOCH`, else the commit's time; `2026-01-31T23:59:59Z`.
    pub build_time: &'static str,
    /// The profile's name; if not stamped, `debug` or `release`, by debug assertions.
    pub build_profile: &'static str,
    /// The target's triple.
    pub build_target: &'static str,
    /// The triple of the machine that compiled.
    pub build_host: &'static str,
    /// The oldest Rust that the package says it builds with, as in the manifest.
    pub rust_version: &'static str,
    /// The version of the compiler that built it.
    pub rustc_version: &'static str,
    /// The version of Tachi that stamped it.
    pub tachi_version: &'static str,
}

impl BuildInfo {
    pub(crate) fn of_this_program(caller: &Caller) -> Self {
        Self::of_payload(slot::payload().unwrap_or_default(), caller)
    }

    fn of_payload(payload: &'static str, caller: &Caller) -> Self {
        let stamped = |key: &str| slot::value(payload, key).filter(|value| !value.is_empty());
        let of = |key: &str| stamped(key).unwrap_or(UNKNOWN);
        let known = |value: Option<&'static str>| value.filter(|value| !value.is_empty());
        // A stamp that knows no commit says so: half of it and half of a build script's would
        // not be one commit.
        let is_stamped = !payload.is_empty();
        let source = |key: &str, plain: Option<&'static str>| {
            stamped(key).or_else(|| known(plain).filter(|_| !is_stamped)).unwrap_or(UNKNOWN)
        };
        let assumed_profile = if caller.debug_assertions { "debug" } else { "release" };
        Self {
            version: stamped("version").or_else(|| known(caller.version)).unwrap_or(UNKNOWN),
            git_hash: source("git_hash", caller.git_hash),
            git_hash_full: source("git_hash_full", caller.git_hash_full),
            git_branch: source("git_branch", caller.git_branch),
            git_dirty: stamped("git_dirty") == Some("true"),
            build_time: source("build_time", caller.git_time),
            build_profile: stamped("build_profile").unwrap_or(assumed_profile),
            build_target: stamped("build_target").unwrap_or_else(target::triple),
            build_host: of("build_host"),
            rust_version: known(caller.rust_version).unwrap_or(UNKNOWN),
            rustc_version: of("rustc_version"),
            tachi_version: of("tachi_version"),
        }
    }

    /// The suffix for changed files.
    fn dirty(&self) -> &'static str {
        if self.git_dirty { "-dirty" } else { "" }
    }
}

/// One line: `1.0.0 (0a1b2c3-dirty) built 2026-01-31T23:59:59Z [release]`.
impl fmt::Display for BuildInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({}{}) built {} [{}]",
            self.version,
            self.git_hash,
            self.dirty(),
            self.build_time,
            self.build_profile
        )
    }
}

#[cfg(feature = "alloc")]
impl BuildInfo {
    /// One line for `--version`: `1.0.0 (0a1b2c3-dirty) built 2026-01-31T23:59:59Z [release]`.
    pub fn version_string(&self) -> alloc::string::String {
        alloc::format!("{self}")
    }

    /// The `User-Agent` of a product's requests: `Tachikoma/1.0.0 (x86_64-unknown-linux-gnu)`.
    pub fn user_agent(&self, product: &str) -> alloc::string::String {
        alloc::format!("{product}/{} ({})", self.version, self.build_target)
    }

    /// Several lines for clap's `long_version`, which writes the program's name before them.
    /// Lines of what is unknown are left out.
    pub fn long_version(&self) -> alloc::string::String {
        use fmt::Write as _;

        let mut text = self.version_string();
        for (name, value, suffix) in [
            ("commit", self.git_hash_full, self.dirty()),
            ("branch", self.git_branch, ""),
            ("target", self.build_target, ""),
            ("host", self.build_host, ""),
            ("rustc", self.rustc_version, ""),
            ("tachi", self.tachi_version, ""),
        ] {
            if value != UNKNOWN {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n{name}: {value}{suffix}");
            }
        }
        text
    }
}

// The five tests of the specification, under its names and with its assertions.
#[cfg(all(test, feature = "alloc"))]
mod specification {
    use crate::{LazyBuildInfo, build_info, lazy_build_info};

    static BUILD_INFO: LazyBuildInfo = lazy_build_info!();

    #[test]
    fn test_build_info() {
        let info = build_info!();
        assert!(!info.version.is_empty());
        assert!(!info.git_hash.is_empty());
    }

    #[test]
    fn test_version_string() {
        let info = build_info!();
        let version = info.version_string();
        assert!(version.contains(info.version));
    }

    #[test]
    fn test_build_info_not_empty() {
        assert!(!BUILD_INFO.version.is_empty());
        assert!(!BUILD_INFO.git_hash.is_empty());
        assert!(!BUILD_INFO.build_time.is_empty());
    }

    #[test]
    fn test_version_string_format() {
        let version = BUILD_INFO.version_string();
        assert!(version.contains(BUILD_INFO.version));
        assert!(version.contains("built"));
    }

    #[test]
    fn test_user_agent_format() {
        let ua = BUILD_INFO.user_agent("Tachikoma");
        assert!(ua.starts_with("Tachikoma/"));
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    const CALLER: Caller = Caller {
        version: Some("1.2.3"),
        rust_version: Some("1.60"),
        debug_assertions: true,
        git_hash: None,
        git_hash_full: None,
        git_branch: None,
        git_time: None,
    };
    const STAMPED: &str = "build_host=h\nbuild_profile=dist\nbuild_target=t\n\
        build_time=2026-01-31T23:59:59Z\ngit_branch=main\ngit_dirty=true\ngit_hash=0a1b2c3\n\
        git_hash_full=0a1b2c3d\nrustc_version=1.95.0\ntachi_version=0.1.0\nfuture=x\n";

    #[test]
    fn strings_have_the_specifications_formats() {
        let info = BuildInfo::of_payload(STAMPED, &CALLER);
        assert_eq!(
            info.version_string(),
            "1.2.3 (0a1b2c3-dirty) built 2026-01-31T23:59:59Z [dist]"
        );
        assert_eq!(info.user_agent("Tachikoma"), "Tachikoma/1.2.3 (t)");
        assert_eq!(
            info.long_version(),
            "1.2.3 (0a1b2c3-dirty) built 2026-01-31T23:59:59Z [dist]\n\
             commit: 0a1b2c3d-dirty\nbranch: main\ntarget: t\nhost: h\nrustc: 1.95.0\ntachi: 0.1.0"
        );
    }

    #[test]
    fn without_a_stamp_it_is_what_cargo_says_and_unknown() {
        let info = BuildInfo::of_payload("", &CALLER);
        assert_eq!(info.version_string(), "1.2.3 (unknown) built unknown [debug]");
        assert_eq!(info.rust_version, "1.60");
        assert_eq!((info.git_branch, info.rustc_version), (UNKNOWN, UNKNOWN));
        if info.build_target != UNKNOWN {
            assert!(info.build_target.starts_with(std::env::consts::ARCH));
        }
        let nobody =
            Caller { version: None, rust_version: Some(""), debug_assertions: false, ..CALLER };
        let info = BuildInfo::of_payload("git_hash=\n", &nobody);
        assert_eq!(info.version_string(), "unknown (unknown) built unknown [release]");
        assert_eq!(info.rust_version, UNKNOWN);
    }

    #[test]
    fn what_a_build_script_says_stands_below_any_stamp() {
        let caller = Caller { git_hash: Some("abc"), git_time: Some("then"), ..CALLER };
        let plain = BuildInfo::of_payload("", &caller);
        assert_eq!(plain.version_string(), "1.2.3 (abc) built then [debug]");
        let stamped = BuildInfo::of_payload("build_profile=dist\n", &caller);
        assert_eq!(stamped.version_string(), "1.2.3 (unknown) built unknown [dist]");
    }

    #[test]
    fn a_stamped_version_stands_above_the_packages() {
        let info = BuildInfo::of_payload("version=1.2.3-nightly.5\n", &CALLER);
        assert_eq!(info.version, "1.2.3-nightly.5");
    }
}
