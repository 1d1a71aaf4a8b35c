//! Build-time version information.

/// The facts of the build that made this program.
///
/// They are compiled in by `build.rs`, which answers "unknown" to what it cannot tell.
#[derive(Debug, Clone, Copy)]
pub struct BuildInfo {
    /// The workspace's version.
    pub version: &'static str,
    /// Abbreviated commit.
    pub git_hash: &'static str,
    /// Branch the commit was built from.
    pub git_branch: &'static str,
    /// Whether the tree held changes that are in no commit.
    pub git_dirty: bool,
    /// `@` and the seconds since 1970 given by `SOURCE_DATE_EPOCH`.
    pub build_time: &'static str,
    /// Cargo's `PROFILE`: `debug` or `release`, whatever the profile's own name.
    pub build_profile: &'static str,
    /// Target triple.
    pub build_target: &'static str,
    /// The oldest Rust the crate says it builds with.
    pub rust_version: &'static str,
}

impl BuildInfo {
    /// The facts of this build.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            git_hash: env!("GIT_HASH"),
            git_branch: env!("GIT_BRANCH"),
            git_dirty: matches!(env!("GIT_DIRTY").as_bytes(), b"true"),
            build_time: env!("BUILD_TIME"),
            build_profile: env!("BUILD_PROFILE"),
            build_target: env!("BUILD_TARGET"),
            rust_version: env!("CARGO_PKG_RUST_VERSION"),
        }
    }

    /// One line for `--version`: `1.0.0 (unknown) built unknown [release]`.
    #[must_use]
    pub fn version_string(&self) -> String {
        let dirty = if self.git_dirty { "-dirty" } else { "" };
        format!(
            "{} ({}{}) built {} [{}]",
            self.version, self.git_hash, dirty, self.build_time, self.build_profile
        )
    }

    /// The `User-Agent` of outgoing requests: `Tachikoma/1.0.0 (x86_64-unknown-linux-gnu)`.
    #[must_use]
    pub fn user_agent(&self) -> String {
        format!("Tachikoma/{} ({})", self.version, self.build_target)
    }
}

impl Default for BuildInfo {
    fn default() -> Self {
        Self::new()
    }
}

/// The facts of this build.
pub static BUILD_INFO: BuildInfo = BuildInfo::new();

// The five tests of specification 493, names and assertions as given there.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_build_info() {
        let info = BuildInfo::new();
        assert!(!info.version.is_empty());
        assert!(!info.git_hash.is_empty());
    }

    #[test]
    fn test_version_string() {
        let info = BuildInfo::new();
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
        let ua = BUILD_INFO.user_agent();
        assert!(ua.starts_with("Tachikoma/"));
    }
}
