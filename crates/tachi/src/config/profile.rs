//! Profiles: which settings apply, and which of Tachi's own cargo has to be given because the user
//! has set none. What the user has set always wins.

use camino::Utf8Path;
use toml::Table;

use super::cargo::CargoConfig;
use super::error::ConfigError;
use crate::suggest;

mod lookup;
mod setting;

use lookup::Lookup;
pub use setting::{Lto, Strip};

/// The specification's profiles, for workspaces that lack them. `release` is cargo's own:
/// its settings are filled in one by one, where the user has set none.
const OURS: &str = r#"
[release]
lto = "thin"
codegen-units = 1

[ci]
inherits = "release"
lto = false
codegen-units = 16

[profiling]
inherits = "release"
debug = true
strip = "none"

[release-small]
inherits = "release"
opt-level = "z"
lto = true
codegen-units = 1
panic = "abort"
strip = "symbols"
"#;

/// Where the settings of profiles come from.
#[derive(Debug, Clone, Copy)]
pub struct ProfileSources<'a> {
    /// The workspace's root manifest, named in errors.
    pub manifest_path: &'a Utf8Path,
    /// Its `[profile]` table.
    pub manifest: &'a Table,
    /// Cargo's configuration.
    pub config: &'a CargoConfig,
}

/// A profile, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// As cargo's `--profile` takes it: `dev`, `release`, `ci`.
    pub name: String,
    /// The name of its folder in the target folder: `debug` for `dev` and `test`.
    pub folder: String,
    /// `--config` values that define what the user has not.
    pub injected: Vec<String>,
    /// The kind of link-time optimisation.
    pub lto: Lto,
    /// What is stripped from programs and libraries.
    pub strip: Strip,
    /// Whether somebody has set what is stripped; else `strip` is cargo's default.
    pub strip_is_settled: bool,
    /// What it inherits from in the end: `dev` or `release`.
    pub root: String,
    /// Whether it asks for debug information.
    pub debug: bool,
    /// Whether the user has set what cargo does with this machine's folders in files.
    pub trims_paths: bool,
}

/// Finds a profile by the name that a user gives: `debug` is `dev`. `strip` is what the user asks to
/// strip, over the profile's own setting.
///
/// # Errors
/// The profile is not defined, or inherits from one that is not.
pub fn resolve(
    given: &str,
    strip: Option<Strip>,
    sources: ProfileSources<'_>,
) -> Result<Profile, ConfigError> {
    let name = if given == "debug" { "dev" } else { given };
    let ours = OURS.parse().expect("a constant that the tests parse");
    let lookup = Lookup { sources, configured: sources.config.profiles(), ours };
    let chain = chain(name, given, &lookup)?;
    let root = chain.last().cloned().unwrap_or_default();
    let mut injected: Vec<String> =
        chain.iter().flat_map(|profile| lookup.injected(profile)).collect();
    if let Some(mode) = strip {
        let key = format!("profile.{name}.strip=");
        injected.retain(|setting| !setting.starts_with(&key));
        injected.push(format!("{key}\"{}\"", mode.as_str()));
    }
    let settled = |key: &str| chain.iter().find_map(|profile| lookup.holds(profile, key));
    let debug = setting::has_debug_information(settled("debug").as_ref(), &root);
    let strip = strip.or_else(|| Some(Strip::of(&settled("strip")?)));
    let folder = match name {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    };
    Ok(Profile {
        name: name.to_owned(),
        folder: folder.to_owned(),
        injected,
        lto: settled("lto").map_or(Lto::Off, |value| Lto::of(&value)),
        strip_is_settled: strip.is_some(),
        // Cargo's default: it strips std's debug information where the program has none.
        strip: strip.unwrap_or(if debug { Strip::None } else { Strip::Debuginfo }),
        trims_paths: settled("trim-paths").is_some(),
        root,
        debug,
    })
}

/// A profile and all that it inherits from, the root last. `given` is the name that the user gave.
fn chain(name: &str, given: &str, lookup: &Lookup<'_>) -> Result<Vec<String>, ConfigError> {
    let (known, manifest) = (lookup.known(), lookup.sources.manifest_path.to_owned());
    if !known.contains(&name) {
        return Err(ConfigError::UnknownProfile {
            name: given.to_owned(),
            hint: suggest::hint(given, known.iter().copied()),
            known: known.join(", "),
            manifest,
        });
    }
    let mut chain = vec![name.to_owned()];
    let mut last = name.to_owned();
    while let Some(parent) = lookup.parent(&last) {
        let problem = if chain.contains(&parent) {
            "inherits from it again"
        } else if !known.contains(&&*parent) {
            "is not defined"
        } else {
            chain.push(parent.clone());
            last = parent;
            continue;
        };
        return Err(ConfigError::Inherits { name: last, parent, problem, manifest });
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &str, manifest: &str, config: &str) -> Result<Profile, ConfigError> {
        let files = [("config.toml".into(), config.to_owned())];
        let config =
            CargoConfig::merge(&files, &[], [("CARGO_PROFILE_CI_OPT_LEVEL", "1")]).unwrap();
        let manifest: Table = manifest.parse().unwrap();
        let sources = ProfileSources {
            manifest_path: Utf8Path::new("Cargo.toml"),
            manifest: &manifest,
            config: &config,
        };
        resolve(name, None, sources)
    }

    #[test]
    fn names_and_folders_are_cargos() {
        for (given, name, folder) in [
            ("debug", "dev", "debug"),
            ("dev", "dev", "debug"),
            ("test", "test", "debug"),
            ("bench", "bench", "release"),
            ("release", "release", "release"),
            ("release-small", "release-small", "release-small"),
        ] {
            let profile = resolved(given, "", "").unwrap();
            assert_eq!((profile.name.as_str(), profile.folder.as_str()), (name, folder));
        }
    }

    #[test]
    fn what_the_user_defined_is_never_injected() {
        let full = "[release]\nlto = \"fat\"\ncodegen-units = 4\n[ci]\ninherits = \"dev\"";
        let cases = [
            ("dev", "", "", vec![]),
            (
                "release",
                "",
                "",
                vec!["profile.release.lto=\"thin\"", "profile.release.codegen-units=1"],
            ),
            ("release", "[release]\nlto = false", "", vec!["profile.release.codegen-units=1"]),
            (
                "release",
                "",
                "profile.release.codegen-units = 2",
                vec!["profile.release.lto=\"thin\""],
            ),
            ("release", full, "", vec![]),
            ("ci", full, "", vec![]),
            (
                "ci",
                "[release]\nlto = \"fat\"\ncodegen-units = 4",
                "",
                vec![
                    "profile.ci.inherits=\"release\"",
                    "profile.ci.lto=false",
                    "profile.ci.codegen-units=16",
                ],
            ),
        ];
        for (name, manifest, config, expected) in cases {
            let mut injected = resolved(name, manifest, config).unwrap().injected;
            injected.sort();
            let mut expected = expected;
            expected.sort_unstable();
            assert_eq!(injected, expected, "for {name} in {manifest:?}, {config:?}");
        }
    }

    #[test]
    fn link_time_optimisation_follows_inheritance() {
        let custom = "[mine]\ninherits = \"release-small\"";
        for (name, manifest, lto) in [
            ("dev", "", Lto::Off),
            ("release", "", Lto::Thin),
            ("release", "[release]\nlto = true", Lto::Fat),
            ("ci", "", Lto::Off),
            ("profiling", "", Lto::Thin),
            ("release-small", "", Lto::Fat),
            ("mine", custom, Lto::Fat),
        ] {
            assert_eq!(
                resolved(name, manifest, "").unwrap().lto,
                lto,
                "for {name} in {manifest:?}"
            );
        }
    }

    #[test]
    fn what_is_stripped_follows_cargo() {
        for (name, manifest, strip) in [
            ("dev", "", Strip::None),
            ("release", "", Strip::Debuginfo),
            ("release", "[release]\ndebug = 1", Strip::None),
            ("release", "[release]\nstrip = true", Strip::Symbols),
            ("release-small", "", Strip::Symbols),
            ("profiling", "[release]\nstrip = \"symbols\"", Strip::None),
            ("dev", "[dev]\ndebug = false", Strip::Debuginfo),
        ] {
            assert_eq!(
                resolved(name, manifest, "").unwrap().strip,
                strip,
                "{name} in {manifest:?}"
            );
        }
    }

    #[test]
    fn what_is_asked_for_is_stripped_whatever_the_profile_says() {
        let config = CargoConfig::merge(&[], &[], []).unwrap();
        let sources = ProfileSources {
            manifest_path: Utf8Path::new("Cargo.toml"),
            manifest: &"[release]\nstrip = true".parse().unwrap(),
            config: &config,
        };
        let profile = resolve("release", Some(Strip::Debuginfo), sources).unwrap();
        assert_eq!(profile.strip, Strip::Debuginfo);
        assert!(profile.injected.contains(&"profile.release.strip=\"debuginfo\"".to_owned()));
    }

    #[test]
    fn a_profile_that_nobody_defined_is_refused_with_the_nearest_one() {
        let error = resolved("relaese", "[mine]\ninherits = \"dev\"", "").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no profile `relaese` (did you mean `release`?)\n  known here: bench, ci, dev, \
             mine, profiling, release, release-small, test\n  to define it, add [profile.relaese] to Cargo.toml"
        );
        let error = resolved("a", "[a]\ninherits = \"b\"\n[b]\ninherits = \"a\"", "").unwrap_err();
        assert!(error.to_string().contains("inherits from it again"), "{error}");
        let error = resolved("a", "[a]\ninherits = \"c\"", "").unwrap_err();
        assert!(error.to_string().contains("`c`, which is not defined"), "{error}");
    }
}
