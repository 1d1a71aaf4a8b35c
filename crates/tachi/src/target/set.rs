//! From the names after `--target` to the list of targets to build.

use super::catalogue;
use super::error::TargetError;
use super::facts::{TargetFacts, Tier};
use super::suggest::suggest;
use super::triple::Triple;

/// The pseudo target whose files hold both macOS architectures.
pub const UNIVERSAL_DARWIN: &str = "universal-apple-darwin";

/// The targets that a universal file is joined from, in the order of its slices.
pub const UNIVERSAL_DARWIN_PARTS: [&str; 2] = ["x86_64-apple-darwin", "aarch64-apple-darwin"];

/// The names that stand for several targets, or for one that depends on the machine.
pub const GROUPS: [&str; 6] = ["all", "linux", "macos", "windows", "tier1", "host"];

const LINUX: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
];
const MACOS: [&str; 3] = ["x86_64-apple-darwin", "aarch64-apple-darwin", UNIVERSAL_DARWIN];
const WINDOWS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"];

/// One thing to build for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// A target that rustc compiles for.
    Rustc(&'static TargetFacts),
    /// `universal-apple-darwin`: made by joining the two macOS targets.
    UniversalDarwin,
}

impl Member {
    /// The name that users write and folders carry.
    #[cfg(test)]
    fn name(self) -> &'static str {
        match self {
            Self::Rustc(facts) => facts.triple,
            Self::UniversalDarwin => UNIVERSAL_DARWIN,
        }
    }

    /// The rustc targets to compile for it.
    pub fn rustc_targets(self) -> Vec<&'static TargetFacts> {
        match self {
            Self::Rustc(facts) => vec![facts],
            Self::UniversalDarwin => {
                UNIVERSAL_DARWIN_PARTS.iter().filter_map(|triple| catalogue::find(triple)).collect()
            }
        }
    }
}

/// What some names depend on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The list in tachi.toml, meant by `all`; empty if there is none.
    pub configured: &'a [String],
    /// This machine, meant by `host`.
    pub host: &'a Triple,
}

/// Expands names into targets, in the order of their first mention, each once.
///
/// A name is a triple of rustc's, `universal-apple-darwin`, or a group:
/// - `all`: the configured list; without one (and inside it) the specification's six and
///   `universal-apple-darwin`;
/// - `linux`: x86-64 and arm64, with glibc and with musl;
/// - `macos`: both architectures and the universal pseudo target;
/// - `windows`: x86-64 and arm64 with MSVC;
/// - `tier1`: every target in rustc's own first tier;
/// - `host`: this machine.
///
/// A value may hold several names, separated by commas.
///
/// # Errors
/// The first name that means nothing, or no names at all.
pub fn expand<S: AsRef<str>>(
    asked: &[S],
    context: Context<'_>,
) -> Result<Vec<Member>, TargetError> {
    let mut members = Vec::new();
    for value in asked {
        for name in value.as_ref().split(',') {
            for member in meaning(name.trim(), context)? {
                if !members.contains(&member) {
                    members.push(member);
                }
            }
        }
    }
    if members.is_empty() {
        return Err(TargetError::NoTargets);
    }
    Ok(members)
}

fn meaning(name: &str, context: Context<'_>) -> Result<Vec<Member>, TargetError> {
    match name {
        "all" if context.configured.is_empty() => Ok(catalogue::default_set()
            .map(Member::Rustc)
            .chain([Member::UniversalDarwin])
            .collect()),
        // `targets = ["all"]` in tachi.toml means the default, not itself.
        "all" => expand(context.configured, Context { configured: &[], ..context }),
        "linux" => LINUX.into_iter().map(one).collect(),
        "macos" => MACOS.into_iter().map(one).collect(),
        "windows" => WINDOWS.into_iter().map(one).collect(),
        "tier1" => Ok(catalogue::all()
            .iter()
            .filter(|facts| facts.tier == Tier::One)
            .map(Member::Rustc)
            .collect()),
        "host" => Ok(vec![one(context.host.as_str())?]),
        _ => Ok(vec![one(name)?]),
    }
}

fn one(name: &str) -> Result<Member, TargetError> {
    if name == UNIVERSAL_DARWIN {
        return Ok(Member::UniversalDarwin);
    }
    if let Some(facts) = catalogue::find(name) {
        return Ok(Member::Rustc(facts));
    }
    let name = name.to_owned();
    Err(if name.is_empty() {
        TargetError::Empty
    } else if name.to_ascii_lowercase().ends_with(".json") {
        TargetError::CustomSpecification { name }
    } else {
        let suggestion = suggest(&name);
        TargetError::Unknown { name, suggestion }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[&str], configured: &[&str]) -> Result<Vec<&'static str>, String> {
        let configured: Vec<String> = configured.iter().map(ToString::to_string).collect();
        let host = Triple::new("x86_64-unknown-linux-gnu");
        let context = Context { configured: &configured, host: &host };
        expand(asked, context)
            .map(|members| members.iter().copied().map(Member::name).collect())
            .map_err(|error| error.to_string())
    }

    const SEVEN: [&str; 7] = [
        "x86_64-apple-darwin",
        "aarch64-apple-darwin",
        "x86_64-unknown-linux-gnu",
        "aarch64-unknown-linux-gnu",
        "x86_64-pc-windows-msvc",
        "aarch64-pc-windows-msvc",
        "universal-apple-darwin",
    ];

    #[test]
    fn all_is_the_configured_list_or_else_the_six_and_the_universal_one() {
        assert_eq!(names(&["all"], &[]).unwrap(), SEVEN);
        assert_eq!(names(&["all"], &["all"]).unwrap(), SEVEN);
        assert_eq!(names(&["all"], &["windows"]).unwrap(), WINDOWS);
    }

    #[test]
    fn groups_expand_to_their_members() {
        assert_eq!(names(&["linux"], &[]).unwrap(), LINUX);
        assert_eq!(names(&["macos"], &[]).unwrap(), MACOS);
        assert_eq!(names(&["windows"], &[]).unwrap(), WINDOWS);
        assert_eq!(names(&["host"], &[]).unwrap(), ["x86_64-unknown-linux-gnu"]);
        let tier1 = names(&["tier1"], &[]).unwrap();
        assert!(tier1.contains(&"aarch64-apple-darwin"));
        assert!(!tier1.contains(&"x86_64-apple-darwin"), "{tier1:?}");
    }

    #[test]
    fn each_target_comes_once_in_the_order_of_its_first_mention() {
        assert_eq!(
            names(&["wasm32-wasip1, host", "macos,host", "aarch64-apple-darwin"], &[]).unwrap(),
            [
                "wasm32-wasip1",
                "x86_64-unknown-linux-gnu",
                "x86_64-apple-darwin",
                "aarch64-apple-darwin",
                "universal-apple-darwin",
            ]
        );
    }

    #[test]
    fn an_unknown_name_is_an_error_with_advice() {
        for (asked, message) in [
            (
                "x86_64-unkown-linux-gnu",
                "unknown target `x86_64-unkown-linux-gnu`; did you mean `x86_64-unknown-linux-gnu`?",
            ),
            (
                "vax-dec-vms",
                "unknown target `vax-dec-vms`; `cargo tachi targets` lists what there is",
            ),
            ("", "a target's name is empty; `cargo tachi targets` lists them"),
            ("host,,linux", "a target's name is empty; `cargo tachi targets` lists them"),
            (
                "boards/mine.json",
                "`boards/mine.json` is a custom target specification: Tachi builds for rustc's own \
                 targets only; use the built-in target that is nearest to it \
                 (`cargo tachi targets` lists them)",
            ),
        ] {
            assert_eq!(names(&[asked], &[]).unwrap_err(), message, "{asked}");
        }
        assert_eq!(
            names(&[], &[]).unwrap_err(),
            "no target was chosen; name one with --target, or list them in tachi.toml"
        );
    }

    #[test]
    fn the_universal_target_is_compiled_as_its_two_halves() {
        let parts: Vec<_> =
            Member::UniversalDarwin.rustc_targets().iter().map(|facts| facts.triple).collect();
        assert_eq!(parts, UNIVERSAL_DARWIN_PARTS);
    }
}
