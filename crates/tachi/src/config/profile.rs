//! Profiles: which settings hold, and which of Tachi's own have to be handed to cargo
//! because the user defined none. What the user defined always wins.

use camino::Utf8Path;
use serde::Deserialize;
use toml::{Table, Value};

use super::cargo::CargoConfig;
use super::error::ConfigError;
use crate::suggest;

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

/// The profiles that cargo has without anybody's doing.
const CARGOS: [&str; 4] = ["dev", "release", "test", "bench"];

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
    /// The kind of link-time optimisation that holds.
    pub lto: Lto,
    /// What is stripped from programs and libraries.
    pub strip: Strip,
    /// Somebody said what is stripped; else it is cargo's default.
    pub strip_is_settled: bool,
    /// What it inherits from in the end: `dev` or `release`.
    pub root: String,
    /// It asks for debug information.
    pub debug: bool,
    /// The user has cargo keep this machine's folders out of files, or in them.
    pub trims_paths: bool,
}

/// What is stripped, in cargo's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strip {
    /// Nothing.
    #[default]
    None,
    /// Debug information.
    Debuginfo,
    /// Debug information and symbols.
    Symbols,
}

impl Strip {
    /// Cargo's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Debuginfo => "debuginfo",
            Self::Symbols => "symbols",
        }
    }
}

/// Link-time optimisation, by what a link costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lto {
    /// None beyond the crate (`off`, `false`).
    Off,
    /// Over all crates, in parallel parts (`thin`).
    Thin,
    /// Over all crates at once (`fat`, `true`).
    Fat,
}

/// Finds a profile by the name a user gives: `debug` is `dev`. What is stripped may be asked
/// for beside it.
///
/// # Errors
/// Nobody defined it, or what it inherits from is not there.
pub fn resolve(
    given: &str,
    strip: Option<Strip>,
    sources: ProfileSources<'_>,
) -> Result<Profile, ConfigError> {
    let name = if given == "debug" { "dev" } else { given };
    let ours: Table = OURS.parse().expect("a constant that the tests parse");
    let configured = sources.config.profiles();
    let defined =
        |profile: &str| sources.manifest.contains_key(profile) || configured.contains_key(profile);
    let known: Vec<&str> = {
        let mut names: Vec<&str> = CARGOS.to_vec();
        names.extend(ours.keys().map(String::as_str));
        names.extend(sources.manifest.keys().chain(configured.keys()).map(String::as_str));
        names.sort_unstable();
        names.dedup();
        names
    };
    if !known.contains(&name) {
        return Err(ConfigError::UnknownProfile {
            name: given.to_owned(),
            hint: suggest::hint(given, known.iter().copied()),
            known: known.join(", "),
            manifest: sources.manifest_path.to_owned(),
        });
    }

    let lookup = Lookup { sources, configured: &configured };
    let mut injected = Vec::new();
    // The profile itself and all that it inherits from, the root last.
    let mut chain = vec![name.to_owned()];
    loop {
        let current = chain.last().cloned().unwrap_or_default();
        let may_inject = !defined(&current) || current == "release";
        if may_inject && let Some(Value::Table(settings)) = ours.get(&current) {
            let unset = settings.iter().filter(|(key, _)| !lookup.is_set(&current, key));
            injected.extend(unset.map(|(key, value)| format!("profile.{current}.{key}={value}")));
        }
        let Some(parent) = lookup.parent(&current, &ours) else {
            break;
        };
        let problem = if chain.contains(&parent) {
            "inherits from it again"
        } else if known.contains(&parent.as_str()) {
            chain.push(parent);
            continue;
        } else {
            "is not defined"
        };
        let manifest = sources.manifest_path.to_owned();
        return Err(ConfigError::Inherits { name: current, parent, problem, manifest });
    }
    let lto = chain.iter().find_map(|profile| lookup.lto(profile, &ours, defined(profile)));
    let settled = |key: &str| {
        chain.iter().find_map(|profile| lookup.holds(profile, key, &ours, defined(profile)))
    };
    let root = chain.last().cloned().unwrap_or_default();
    let debug = has_debug_information(settled("debug"), &root);
    if let Some(mode) = strip {
        let key = format!("profile.{name}.strip=");
        injected.retain(|setting| !setting.starts_with(&key));
        injected.push(format!("{key}\"{}\"", mode.as_str()));
    }
    let settled_strip = settled("strip");
    let strip_is_settled = strip.is_some() || settled_strip.is_some();
    let strip = strip.unwrap_or_else(|| match settled_strip {
        Some(value) => strip_of(&value),
        // Cargo's default: std's debug information goes where the program wants none.
        None if debug => Strip::None,
        None => Strip::Debuginfo,
    });
    let folder = match name {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    };
    Ok(Profile {
        name: name.to_owned(),
        folder: folder.to_owned(),
        injected,
        lto: lto.unwrap_or(Lto::Off),
        strip,
        strip_is_settled,
        trims_paths: settled("trim-paths").is_some(),
        root,
        debug,
    })
}

/// `strip` as cargo reads it: a word, or whether to strip symbols.
fn strip_of(value: &Value) -> Strip {
    match value {
        Value::Boolean(true) => Strip::Symbols,
        Value::String(word) if word == "symbols" || word == "true" => Strip::Symbols,
        Value::String(word) if word == "debuginfo" => Strip::Debuginfo,
        _ => Strip::None,
    }
}

/// Whether a `debug` setting asks for any; without one, `dev` does and `release` does not.
fn has_debug_information(setting: Option<Value>, root: &str) -> bool {
    match setting {
        Some(Value::Boolean(debug)) => debug,
        Some(Value::Integer(level)) => level != 0,
        Some(Value::String(word)) => !matches!(word.as_str(), "none" | "false" | "0"),
        _ => root == "dev",
    }
}

/// Settings of profiles, by strength: variable, configuration, manifest.
struct Lookup<'a> {
    sources: ProfileSources<'a>,
    configured: &'a Table,
}

impl Lookup<'_> {
    fn get(&self, profile: &str, key: &str) -> Option<Value> {
        let variable = self.sources.config.profile_variable(profile, key);
        let in_table = |table: &Table| table.get(profile)?.as_table()?.get(key).cloned();
        variable
            .map(|value| Value::String(value.to_owned()))
            .or_else(|| in_table(self.configured))
            .or_else(|| in_table(self.sources.manifest))
    }

    fn is_set(&self, profile: &str, key: &str) -> bool {
        self.get(profile, key).is_some()
    }

    fn parent(&self, profile: &str, ours: &Table) -> Option<String> {
        match profile {
            "dev" | "release" => return None,
            "test" => return Some("dev".into()),
            "bench" => return Some("release".into()),
            _ => {}
        }
        let own = self.get(profile, "inherits");
        let value = own.or_else(|| ours.get(profile)?.as_table()?.get("inherits").cloned())?;
        value.as_str().map(str::to_owned)
    }

    /// What one profile says of `key`: the user's word, or Tachi's where it is filled in.
    fn holds(&self, profile: &str, key: &str, ours: &Table, defined: bool) -> Option<Value> {
        let injectable = !defined || profile == "release";
        let ours = || ours.get(profile)?.as_table()?.get(key).cloned();
        self.get(profile, key).or_else(|| injectable.then(ours).flatten())
    }

    fn lto(&self, profile: &str, ours: &Table, defined: bool) -> Option<Lto> {
        match self.holds(profile, "lto", ours, defined)? {
            Value::Boolean(true) => Some(Lto::Fat),
            Value::String(word) if word == "fat" || word == "true" => Some(Lto::Fat),
            Value::String(word) if word == "thin" => Some(Lto::Thin),
            _ => Some(Lto::Off),
        }
    }
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
