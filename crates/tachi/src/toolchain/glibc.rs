//! glibc versions: how one is written, and which ones zig can link against.

use std::fmt;

/// The newest glibc that zig 0.17.1 knows (`lib/libc/glibc/abilists`). Asked for a newer
/// one, zig warns and links against this one instead.
pub const NEWEST: Version = Version { major: 2, minor: 44 };

/// The oldest glibc that Rust's own std runs on, and the default floor.
pub const DEFAULT: Version = Version { major: 2, minor: 17 };

/// A glibc release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 2, since 1997.
    pub major: u32,
    /// The release.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

/// Reads `2.17`. Anything else, `2.17.1` included, is no version: glibc's symbol versions have
/// had two parts since 2.3.4.
pub fn parse(text: &str) -> Option<Version> {
    let number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let (major, minor) = text.split_once('.')?;
    Some(Version { major: number(major)?, minor: number(minor)? })
}

/// The oldest glibc that zig can link an architecture (rustc's `target_arch`) against: the newer
/// of what Rust's std needs and what zig carries (`lib/std/zig/target.zig`).
pub fn oldest(arch: &str) -> Version {
    let minor = match arch {
        "riscv64" => 27,
        "powerpc64" => 19,
        "loongarch64" => 36,
        _ => DEFAULT.minor,
    };
    Version { major: 2, minor }
}

/// The floor for `arch` when the user asks for `wish`. Without a wish, it is the default, or the
/// oldest version that there is for `arch`.
///
/// # Errors
/// The wish is no version, or one that zig cannot link against. The text names those that it
/// can.
pub fn floor(arch: &str, wish: Option<&str>) -> Result<Version, String> {
    let oldest = oldest(arch);
    let Some(wish) = wish else { return Ok(oldest.max(DEFAULT)) };
    match parse(wish) {
        Some(version) if (oldest..=NEWEST).contains(&version) && version.major == NEWEST.major => {
            Ok(version)
        }
        Some(version) if version < oldest => {
            Err(format!("glibc {wish} is older than {oldest}, the oldest for {arch}"))
        }
        Some(_) => Err(format!("there is no glibc {wish} to link against; {NEWEST} is the newest")),
        None => Err(format!("`{wish}` is no glibc version; write it as 2.17")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_a_version_that_the_architecture_has() {
        let cases = [
            ("x86_64", None, Ok("2.17")),
            ("riscv64", None, Ok("2.27")),
            ("powerpc64", None, Ok("2.19")),
            ("x86_64", Some("2.28"), Ok("2.28")),
            ("x86_64", Some("2.44"), Ok("2.44")),
            ("x86_64", Some("2.12"), Err("older than 2.17")),
            ("riscv64", Some("2.17"), Err("older than 2.27")),
            ("x86_64", Some("2.45"), Err("2.44 is the newest")),
            ("x86_64", Some("2.99"), Err("2.44 is the newest")),
            ("x86_64", Some("3.0"), Err("2.44 is the newest")),
            ("x86_64", Some("2.17.1.5"), Err("no glibc version")),
            ("x86_64", Some("2.+1"), Err("no glibc version")),
            ("x86_64", Some("new"), Err("no glibc version")),
        ];
        for (arch, wish, expected) in cases {
            match (floor(arch, wish), expected) {
                (Ok(version), Ok(text)) => assert_eq!(version.to_string(), text, "{arch} {wish:?}"),
                (Err(message), Err(part)) => {
                    assert!(message.contains(part), "{arch} {wish:?}: {message}");
                }
                (got, _) => panic!("{arch} {wish:?}: {got:?}"),
            }
        }
    }
}
