//! `tachi.toml` and `[package.metadata.tachi]`, as written. Unknown keys are errors.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Deserialize;
use tachi_schema::plan::ArtifactKind;

use super::error::ConfigError;
use super::profile::Strip;
use super::runner::RunnerWords;
use super::sign::SignTable;
use super::verify::VerifyTable;
use crate::target::{self, catalogue};

/// The name of the file, at the workspace root.
pub const FILE_NAME: &str = "tachi.toml";

/// A whole `tachi.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConfigFile {
    /// The targets of `--target all`, and of a call that names none.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The profile of a call that names none.
    pub profile: Option<String>,
    /// What is stripped from programs and libraries: `"none"`, `"debuginfo"` or `"symbols"`;
    /// as the profile has it if absent.
    pub strip: Option<Strip>,
    /// Whether this machine's folders are kept out of what is compiled; only in profiles for
    /// releases if absent.
    pub trim_paths: Option<bool>,
    /// Settings by triple or `cfg(…)`.
    #[serde(default)]
    pub target: BTreeMap<String, TargetTable>,
    /// Settings by package name.
    #[serde(default)]
    pub package: BTreeMap<String, PackageTable>,
    /// Compiler caches.
    #[serde(default)]
    pub cache: CacheTable,
    /// Signing with the user's programs.
    #[serde(default)]
    pub sign: SignTable,
    /// What finished files are checked for.
    #[serde(default)]
    pub verify: VerifyTable,
}

/// `[target.<triple>]` or `[target.'cfg(…)']`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TargetTable {
    /// The oldest glibc that the result has to run with: `"2.17"`; or `"host"` for
    /// whatever this machine has.
    pub glibc: Option<String>,
    /// The oldest macOS that has to run the result: `"11.0"`.
    pub minimum_os: Option<String>,
    /// Features added for this target only: `feature` or `package/feature`.
    #[serde(default)]
    pub features: Vec<String>,
    /// Flags for rustc added for this target only, after the user's others.
    #[serde(default)]
    pub rustflags: Vec<String>,
    /// What runs its programs: `"wine"`, or `["qemu-arm", "-L", "/sysroot"]`.
    pub runner: Option<RunnerWords>,
    /// What its files are checked for, over `[verify]`.
    #[serde(default)]
    pub verify: VerifyTable,
}

/// `[package.<name>]`, or `[package.metadata.tachi]` in that package's manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PackageTable {
    /// What its shared library is: `cdylib` or `node-addon`. Its dependencies decide if absent.
    pub kind: Option<LibraryKind>,
    /// Features of this package, switched on in every build of it.
    #[serde(default)]
    pub features: Vec<String>,
    /// Whether it goes into packages. Yes if absent.
    pub dist: Option<bool>,
}

/// What a shared library is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LibraryKind {
    /// A shared library with a C interface.
    Cdylib,
    /// A module that Node.js loads.
    NodeAddon,
}

impl From<LibraryKind> for ArtifactKind {
    fn from(kind: LibraryKind) -> Self {
        match kind {
            LibraryKind::Cdylib => Self::Cdylib,
            LibraryKind::NodeAddon => Self::NodeAddon,
        }
    }
}

/// `[cache]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CacheTable {
    /// Whether sccache wraps the compiler: `true`, `false`, or `"auto"` (where installed).
    #[serde(default)]
    pub sccache: Sccache,
}

/// Whether sccache wraps the compiler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(try_from = "SccacheWord")]
pub enum Sccache {
    /// Where it is installed.
    #[default]
    Auto,
    /// Yes; an error where it is not installed.
    On,
    /// No.
    Off,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum SccacheWord {
    Switch(bool),
    #[cfg_attr(feature = "json-schema", schemars(extend("const" = "auto")))]
    Word(String),
}

impl TryFrom<SccacheWord> for Sccache {
    type Error = String;

    fn try_from(word: SccacheWord) -> Result<Self, Self::Error> {
        match word {
            SccacheWord::Switch(true) => Ok(Self::On),
            SccacheWord::Switch(false) => Ok(Self::Off),
            SccacheWord::Word(word) if word == "auto" => Ok(Self::Auto),
            SccacheWord::Word(word) => Err(format!("`{word}` is none of true, false and \"auto\"")),
        }
    }
}

impl ConfigFile {
    /// Reads the text of a `tachi.toml`.
    ///
    /// # Errors
    /// It is not TOML, a value has the wrong type, or a key does not exist; the error
    /// names `path`, the line, and the nearest key that does exist. Or settings do not go
    /// together.
    pub fn parse(path: &Utf8Path, text: &str) -> Result<Self, ConfigError> {
        let file: Self =
            toml::from_str(text).map_err(|error| ConfigError::invalid(path, text, &error))?;
        let conflict = |source| ConfigError::Sign { file: path.to_owned(), source };
        file.sign.check().map_err(conflict)?;
        let twice = |source| ConfigError::TwoLists { file: path.to_owned(), source };
        file.verify.check("verify").map_err(twice)?;
        for (key, table) in &file.target {
            table.verify.check(&format!("target.{key}.verify")).map_err(twice)?;
        }
        Ok(file)
    }
}

impl PackageTable {
    /// Lays `above` over this table: what it sets replaces, its features are added.
    pub fn overlay(&mut self, above: &Self) {
        self.kind = above.kind.or(self.kind);
        self.dist = above.dist.or(self.dist);
        self.features.extend(above.features.iter().cloned());
    }
}

impl ConfigFile {
    /// The settings for a target: those of every `cfg(…)` that matches, then those of its own
    /// triple, which win.
    ///
    /// # Errors
    /// A key is neither a triple nor a cfg expression; the error names `path`.
    pub fn settings_for(&self, triple: &str, path: &Utf8Path) -> Result<TargetTable, ConfigError> {
        let mut settings = TargetTable::default();
        for (key, table) in self.target.iter().filter(|(key, _)| key.as_str() != triple) {
            if key.starts_with("cfg(") {
                let invalid = |error: target_spec::Error| ConfigError::Cfg {
                    file: path.to_owned(),
                    key: key.clone(),
                    message: error.to_string(),
                };
                if target_spec::eval(key, triple).map_err(invalid)?.unwrap_or(false) {
                    settings.overlay(table);
                }
            } else if catalogue::find(key).is_none() {
                return Err(ConfigError::UnknownTarget {
                    file: path.to_owned(),
                    key: key.clone(),
                    hint: target::suggest::suggest(key)
                        .map(|name| format!(" (did you mean `{name}`?)"))
                        .unwrap_or_default(),
                });
            }
        }
        if let Some(own) = self.target.get(triple) {
            settings.overlay(own);
        }
        Ok(settings)
    }

    /// What the files of a target are checked for: `[verify]`, and the target's own over it.
    ///
    /// # Errors
    /// As [`Self::settings_for`].
    pub fn verify_for(&self, triple: &str, path: &Utf8Path) -> Result<VerifyTable, ConfigError> {
        let mut table = self.verify.clone();
        table.overlay(&self.settings_for(triple, path)?.verify);
        Ok(table)
    }
}

impl TargetTable {
    fn overlay(&mut self, above: &Self) {
        if above.glibc.is_some() {
            self.glibc.clone_from(&above.glibc);
        }
        if above.minimum_os.is_some() {
            self.minimum_os.clone_from(&above.minimum_os);
        }
        if above.runner.is_some() {
            self.runner.clone_from(&above.runner);
        }
        self.verify.overlay(&above.verify);
        self.features.extend(above.features.iter().cloned());
        self.rustflags.extend(above.rustflags.iter().cloned());
    }
}

/// Just enough of a Cargo.toml to reach `[package.metadata.tachi]`.
#[derive(Default, Deserialize)]
struct Manifest {
    #[serde(default)]
    package: ManifestPackage,
}

#[derive(Default, Deserialize)]
struct ManifestPackage {
    #[serde(default)]
    metadata: ManifestMetadata,
}

#[derive(Default, Deserialize)]
struct ManifestMetadata {
    tachi: Option<PackageTable>,
}

impl PackageTable {
    /// Reads `[package.metadata.tachi]` from the text of a Cargo.toml, if it is there.
    ///
    /// # Errors
    /// As [`ConfigFile::parse`].
    pub fn parse_manifest(path: &Utf8Path, text: &str) -> Result<Option<Self>, ConfigError> {
        let manifest: Manifest =
            toml::from_str(text).map_err(|error| ConfigError::invalid(path, text, &error))?;
        Ok(manifest.package.metadata.tachi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        ConfigFile::parse(Utf8Path::new("tachi.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_full_file_is_understood() {
        let text = r#"
            targets = ["all"]
            profile = "release"
            [target.x86_64-unknown-linux-gnu]
            glibc = "2.17"
            features = ["jemalloc"]
            [target.'cfg(target_os = "linux")']
            rustflags = ["-Ctarget-cpu=x86-64-v2"]
            [package.tachikoma-native]
            kind = "node-addon"
            [cache]
            sccache = "auto"
        "#;
        let file = ConfigFile::parse(Utf8Path::new("tachi.toml"), text).unwrap();
        assert_eq!(file.target["x86_64-unknown-linux-gnu"].glibc.as_deref(), Some("2.17"));
        assert_eq!(file.package["tachikoma-native"].kind, Some(LibraryKind::NodeAddon));
        assert_eq!(file.cache.sccache, Sccache::Auto);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_the_nearest_right_key() {
        let cases = [
            (
                "profil = \"release\"",
                "tachi.toml:1: unknown field `profil`, expected one of \
              `targets`, `profile`, `strip`, `trim-paths`, `target`, `package`, `cache`, `sign`, `verify` (did you mean `profile`?)",
            ),
            (
                "\n[target.x86_64-unknown-linux-gnu]\nglib = \"2.17\"",
                "tachi.toml:3: unknown field \
              `glib`, expected one of `glibc`, `minimum-os`, `features`, `rustflags`, `runner`, `verify` (did you mean `glibc`?)",
            ),
            (
                "[package.x]\nkind = \"node-adon\"",
                "tachi.toml:2: unknown variant `node-adon`, \
              expected `cdylib` or `node-addon` (did you mean `node-addon`?)",
            ),
            (
                "zebra = 1",
                "tachi.toml:1: unknown field `zebra`, expected one of `targets`, \
              `profile`, `strip`, `trim-paths`, `target`, `package`, `cache`, `sign`, `verify`",
            ),
            ("targets = 3", "tachi.toml:1: invalid type: integer `3`, expected a sequence"),
            (
                "[cache]\nsccache = \"yes\"",
                "tachi.toml:2: `yes` is none of true, false and \"auto\"",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(error_of(text), expected, "for {text:?}");
        }
        assert!(error_of("targets = [").starts_with("tachi.toml:1: "));
    }

    #[test]
    fn a_targets_own_table_wins_over_those_by_cfg() {
        let text = r#"
            [target.'cfg(target_os = "linux")']
            glibc = "2.28"
            features = ["linux"]
            [target.aarch64-unknown-linux-gnu]
            glibc = "2.31"
            features = ["arm"]
            [target.'cfg(windows)']
            features = ["windows"]
        "#;
        let path = Utf8Path::new("tachi.toml");
        let file = ConfigFile::parse(path, text).unwrap();
        let arm = file.settings_for("aarch64-unknown-linux-gnu", path).unwrap();
        assert_eq!(
            (arm.glibc.as_deref(), arm.features),
            (Some("2.31"), vec!["linux".into(), "arm".into()])
        );
        let x64 = file.settings_for("x86_64-unknown-linux-gnu", path).unwrap();
        assert_eq!((x64.glibc.as_deref(), x64.features), (Some("2.28"), vec!["linux".into()]));
    }

    #[test]
    fn a_table_for_a_target_that_does_not_exist_is_refused() {
        let path = Utf8Path::new("tachi.toml");
        let file = |key: &str| ConfigFile::parse(path, &format!("[target.{key}]")).unwrap();
        let error = file("x86_64-unkown-linux-gnu")
            .settings_for("x86_64-unknown-linux-gnu", path)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "tachi.toml: [target.x86_64-unkown-linux-gnu] is neither a target nor a cfg expression (did you mean \
             `x86_64-unknown-linux-gnu`?)"
        );
        let error =
            file("'cfg(windoze'").settings_for("x86_64-unknown-linux-gnu", path).unwrap_err();
        assert!(
            error.to_string().starts_with("tachi.toml: `cfg(windoze` is not a cfg expression: "),
            "{error}"
        );
    }

    #[test]
    fn a_manifest_may_narrow_one_package() {
        let path = Utf8Path::new("crates/native/Cargo.toml");
        let good = "[package]\nname = \"n\"\n[package.metadata.tachi]\nkind = \"cdylib\"\n";
        let table = PackageTable::parse_manifest(path, good).unwrap().unwrap();
        assert_eq!(table.kind, Some(LibraryKind::Cdylib));
        let bad = "[package]\nname = \"n\"\n[package.metadata.tachi]\nkinds = \"cdylib\"\n";
        let error = PackageTable::parse_manifest(path, bad).unwrap_err().to_string();
        assert!(error.starts_with("crates/native/Cargo.toml:4: unknown field `kinds`"), "{error}");
        assert_eq!(PackageTable::parse_manifest(path, "[package]\nname = \"n\"\n").unwrap(), None);
    }
}
