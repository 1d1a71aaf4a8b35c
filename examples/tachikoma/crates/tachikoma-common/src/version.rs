//! Build-time version information.

pub use tachi_build_info::BuildInfo;
use tachi_build_info::{lazy_build_info, LazyBuildInfo};

/// The facts of this build.
pub static BUILD_INFO: LazyBuildInfo = lazy_build_info!();

/// The `User-Agent` of outgoing requests: `Tachikoma/1.0.0 (x86_64-unknown-linux-gnu)`.
#[must_use]
pub fn user_agent() -> String {
    BUILD_INFO.user_agent("Tachikoma")
}

// The five tests of specification 493, names and assertions as given there.
#[cfg(test)]
mod tests {
    use super::*;
    use tachi_build_info::build_info;

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
        let ua = user_agent();
        assert!(ua.starts_with("Tachikoma/"));
    }
}
