//! What the user told cargo: `.cargo/config.toml` files, `--config` and the environment,
//! merged as cargo merges them. Profile tables are included, which is why this reads
//! TOML tables and not the typed values of a library.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use toml::{Table, Value};

use super::env_table::{self, Variable};
use super::error::ConfigError;
use super::runner::RunnerWords;

mod relative;

/// Cargo's configuration as it holds for this call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CargoConfig {
    table: Table,
    /// What `--config KEY=VALUE` said, which is in `table`, too.
    arguments: Table,
    variables: BTreeMap<String, String>,
}

impl CargoConfig {
    /// Merges configuration files, given from the weakest to the strongest (those of
    /// `--config` last), then its `KEY=VALUE` arguments, then the environment's own say.
    ///
    /// # Errors
    /// A file or an argument is not TOML.
    pub fn merge<'a>(
        files: impl IntoIterator<Item = &'a (Utf8PathBuf, String)>,
        arguments: &[String],
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let mut table = Table::new();
        for (path, text) in files {
            let mut read = parse(path, text)?;
            // `.cargo/config.toml`: paths in it start from the folder that has `.cargo`.
            let folder = path.parent().and_then(Utf8Path::parent).unwrap_or(Utf8Path::new(""));
            relative::resolve(&mut read, folder);
            overlay(&mut table, read);
        }
        let mut said = Table::new();
        for argument in arguments {
            let error = |error: toml::de::Error| ConfigError::Argument {
                argument: argument.clone(),
                message: error.message().to_owned(),
            };
            overlay(&mut said, argument.parse::<Table>().map_err(error)?);
        }
        overlay(&mut table, said.clone());
        let variables = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with("CARGO_") || name.starts_with("RUST"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Self { table, arguments: said, variables })
    }

    /// The merged tables as one text, equal for equal configurations.
    pub fn to_toml(&self) -> String {
        self.table.to_string()
    }

    /// A variable that cargo reads.
    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn value(&self, path: &[&str]) -> Option<&Value> {
        value(&self.table, path)
    }

    /// `build.<key>`, from `CARGO_BUILD_<KEY>` or the files.
    fn build_string(&self, key: &str) -> Option<&str> {
        let variable = format!("CARGO_BUILD_{}", key.to_uppercase().replace('-', "_"));
        self.variable(&variable).or_else(|| self.value(&["build", key])?.as_str())
    }

    /// The compiler the user set: `RUSTC` or `build.rustc`.
    pub fn rustc(&self) -> Option<&str> {
        self.variable("RUSTC").or_else(|| self.build_string("rustc"))
    }

    /// Whether the user has set a wrapper around the compiler. Set but empty switches wrappers
    /// off, which is the user's word too.
    pub fn has_rustc_wrapper(&self) -> bool {
        self.stated_rustc_wrapper().is_some()
    }

    /// The wrapper that the user has set around the compiler.
    pub fn rustc_wrapper(&self) -> Option<&str> {
        self.stated_rustc_wrapper().filter(|wrapper| !wrapper.is_empty())
    }

    fn stated_rustc_wrapper(&self) -> Option<&str> {
        let variables = ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"];
        let variable = variables.into_iter().find_map(|name| self.variables.get(name));
        variable.map(String::as_str).or_else(|| self.value(&["build", "rustc-wrapper"])?.as_str())
    }

    /// `build.target`: the targets of a call that names none.
    pub fn build_targets(&self) -> Vec<String> {
        match self.variable("CARGO_BUILD_TARGET") {
            Some(target) => vec![target.to_owned()],
            None => self.value(&["build", "target"]).map(strings).unwrap_or_default(),
        }
    }

    /// The number of jobs set by `CARGO_BUILD_JOBS` or `build.jobs`, if it is a plain one.
    pub fn jobs(&self) -> Option<usize> {
        match self.variable("CARGO_BUILD_JOBS") {
            Some(jobs) => jobs.parse().ok(),
            None => self.value(&["build", "jobs"])?.as_integer()?.try_into().ok(),
        }
    }

    /// Flags of the environment: `CARGO_ENCODED_RUSTFLAGS`, else `RUSTFLAGS`.
    pub fn environment_rustflags(&self) -> Vec<String> {
        let flags: Box<dyn Iterator<Item = &str>> = match self.variable("CARGO_ENCODED_RUSTFLAGS") {
            Some(encoded) => Box::new(encoded.split('\u{1f}')),
            None => Box::new(self.variable("RUSTFLAGS").unwrap_or_default().split_whitespace()),
        };
        flags.filter(|flag| !flag.is_empty()).map(str::to_owned).collect()
    }

    /// Flags of `build.rustflags` and `CARGO_BUILD_RUSTFLAGS`.
    pub fn build_rustflags(&self) -> Vec<String> {
        let mut flags = self.value(&["build", "rustflags"]).map(strings).unwrap_or_default();
        flags.extend(words(self.variable("CARGO_BUILD_RUSTFLAGS")));
        flags
    }

    /// Flags of `target.<triple>.rustflags`, its variable, and matching `target.'cfg(…)'`.
    pub fn target_rustflags(&self, triple: &str) -> Vec<String> {
        let mut flags: Vec<String> =
            self.target_values(triple, "rustflags").flat_map(strings).collect();
        flags.extend(words(self.target_variable(triple, "RUSTFLAGS")));
        flags
    }

    /// The linker the user set for a target, if any.
    pub fn target_linker<'a>(&'a self, triple: &'a str) -> Option<&'a str> {
        self.target_variable(triple, "LINKER")
            .or_else(|| self.target_values(triple, "linker").find_map(Value::as_str))
    }

    /// The runner that the user set for a target where it is stronger than what `tachi.toml`
    /// says: in an argument `--config`, or in the target's variable.
    pub fn stronger_runner(&self, triple: &str) -> Option<Vec<String>> {
        let argument = value(&self.arguments, &["target", triple, "runner"]).and_then(runner);
        argument.or_else(|| {
            let words = RunnerWords::of_text(self.target_variable(triple, "RUNNER")?);
            Some(words.resolved(Utf8Path::new("")))
        })
    }

    /// The runner that cargo's files name for a target.
    pub fn file_runner(&self, triple: &str) -> Option<Vec<String>> {
        self.target_values(triple, "runner").find_map(runner)
    }

    fn target_variable(&self, triple: &str, key: &str) -> Option<&str> {
        let triple = triple.to_uppercase().replace(['-', '.'], "_");
        self.variable(&format!("CARGO_TARGET_{triple}_{key}"))
    }

    /// The values of `key` in the tables that hold for a target, its own table first.
    fn target_values<'a>(
        &'a self,
        triple: &'a str,
        key: &'a str,
    ) -> impl Iterator<Item = &'a Value> {
        let tables = self.value(&["target"]).and_then(Value::as_table);
        let own = tables.and_then(|tables| tables.get(triple));
        let by_cfg = tables.into_iter().flatten().filter_map(|(name, table)| {
            let matches = name.starts_with("cfg(")
                && target_spec::eval(name, triple).ok().flatten().unwrap_or(false);
            matches.then_some(table)
        });
        own.into_iter().chain(by_cfg).filter_map(move |table| table.as_table()?.get(key))
    }

    /// The variables of the table `[env]`.
    pub fn variables_to_set(&self) -> Vec<Variable> {
        env_table::variables(&self.table)
    }

    /// `[profile.*]` of the configuration files and `--config`.
    pub fn profiles(&self) -> Table {
        self.value(&["profile"]).and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// A setting of a profile from its variable, `CARGO_PROFILE_<NAME>_<KEY>`.
    pub fn profile_variable(&self, profile: &str, key: &str) -> Option<&str> {
        let name = format!("CARGO_PROFILE_{profile}_{key}").to_uppercase().replace('-', "_");
        self.variable(&name)
    }
}

fn parse(path: &Utf8Path, text: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|error| ConfigError::invalid(path, text, &error))
}

fn value<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (last, tables) = path.split_last()?;
    tables.iter().try_fold(table, |table, key| table.get(*key)?.as_table())?.get(*last)
}

fn runner(value: &Value) -> Option<Vec<String>> {
    let words: RunnerWords = value.clone().try_into().ok()?;
    Some(words.resolved(Utf8Path::new("")))
}

/// A list that cargo replaces and does not join: half a command makes none.
const RUNNER: &str = "runner";

/// Lays `above` over `below`, as cargo's configuration reference has it: tables merge,
/// arrays join with the stronger one's items last, other values are replaced.
fn overlay(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => overlay(old, new),
            (Some(Value::Array(old)), Value::Array(new)) if key != RUNNER => old.extend(new),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Cargo takes a string of words or an array of strings.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => words(other.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: &str = "aarch64-unknown-linux-gnu";

    fn config(files: &[&str], arguments: &[&str], variables: &[(&str, &str)]) -> CargoConfig {
        let files: Vec<_> = files
            .iter()
            .map(|text| (Utf8PathBuf::from("config.toml"), (*text).to_owned()))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        CargoConfig::merge(&files, &arguments, variables.iter().copied()).unwrap()
    }

    #[test]
    fn a_stronger_file_replaces_values_and_extends_arrays() {
        let config = config(
            &[
                "build.rustflags = [\"-Ca=1\"]\nbuild.rustc = \"old\"",
                "build.rustflags = [\"-Cb=2\"]\nbuild.rustc = \"new\"",
            ],
            &["build.rustflags=[\"-Cc=3\"]"],
            &[],
        );
        assert_eq!(config.build_rustflags(), ["-Ca=1", "-Cb=2", "-Cc=3"]);
        assert_eq!(config.rustc(), Some("new"));
    }

    #[test]
    fn every_source_of_flags_is_found() {
        let file = r#"
            build.rustflags = "-C build"
            [target.aarch64-unknown-linux-gnu]
            rustflags = ["-Cown"]
            [target.'cfg(target_os = "linux")']
            rustflags = ["-Ccfg"]
            [target.'cfg(windows)']
            rustflags = ["-Cother"]
        "#;
        let variables = [
            ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-Cvariable"),
            ("RUSTFLAGS", "-Cenvironment  -Cmore"),
        ];
        let plain = config(&[file], &[], &variables);
        assert_eq!(plain.build_rustflags(), ["-C", "build"]);
        assert_eq!(plain.target_rustflags(LINUX), ["-Cown", "-Ccfg", "-Cvariable"]);
        assert_eq!(plain.environment_rustflags(), ["-Cenvironment", "-Cmore"]);
        let encoded = [("CARGO_ENCODED_RUSTFLAGS", "-Cone\u{1f}--cfg=a b"), ("RUSTFLAGS", "-Cno")];
        let encoded = config(&[file], &[], &encoded);
        assert_eq!(encoded.environment_rustflags(), ["-Cone", "--cfg=a b"]);
    }

    #[test]
    fn a_linker_is_found_by_variable_then_triple_then_cfg() {
        let cfg = "target.'cfg(unix)'.linker = \"by-cfg\"";
        let own = "target.aarch64-unknown-linux-gnu.linker = \"by-triple\"";
        let variable = [("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "by-variable")];
        assert_eq!(config(&[cfg], &[], &[]).target_linker(LINUX), Some("by-cfg"));
        assert_eq!(config(&[cfg, own], &[], &[]).target_linker(LINUX), Some("by-triple"));
        assert_eq!(config(&[cfg, own], &[], &variable).target_linker(LINUX), Some("by-variable"));
        assert_eq!(config(&[], &[], &[]).target_linker(LINUX), None);
    }

    #[test]
    fn a_runner_is_found_in_cargos_order_and_never_half_of_one() {
        let cfg = "target.'cfg(unix)'.runner = \"by-cfg\"";
        let own = "target.aarch64-unknown-linux-gnu.runner = [\"by triple\", \"-x\"]";
        let stronger = "target.aarch64-unknown-linux-gnu.runner = [\"by stronger file\"]";
        let argument = "target.aarch64-unknown-linux-gnu.runner=\"by argument\"";
        let variable = [("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "by variable")];
        let cases: [(CargoConfig, Option<&str>, Option<&str>); 6] = [
            (config(&[], &[], &[]), None, None),
            (config(&[cfg], &[], &[]), None, Some("by-cfg")),
            (config(&[cfg, own], &[], &[]), None, Some("by triple|-x")),
            (config(&[own, stronger], &[], &[]), None, Some("by stronger file")),
            (config(&[own], &[], &variable), Some("by|variable"), Some("by triple|-x")),
            (config(&[own], &[argument], &variable), Some("by|argument"), Some("by|argument")),
        ];
        for (config, strong, file) in cases {
            let joined = |words: Option<Vec<String>>| words.map(|words| words.join("|"));
            assert_eq!(joined(config.stronger_runner(LINUX)).as_deref(), strong);
            assert_eq!(joined(config.file_runner(LINUX)).as_deref(), file);
        }
    }

    #[test]
    fn an_empty_wrapper_is_still_the_users_word() {
        assert!(config(&[], &[], &[("RUSTC_WRAPPER", "")]).has_rustc_wrapper());
        assert!(config(&["build.rustc-wrapper = \"x\""], &[], &[]).has_rustc_wrapper());
        assert!(!config(&[], &[], &[]).has_rustc_wrapper());
        let file = "build.rustc-wrapper = \"x\"";
        assert_eq!(config(&[file], &[], &[]).rustc_wrapper(), Some("x"));
        assert_eq!(config(&[file], &[], &[("RUSTC_WRAPPER", "")]).rustc_wrapper(), None);
        let file = (Utf8PathBuf::from("/w/.cargo/config.toml"), file.replace('x', "bin/x"));
        let config = CargoConfig::merge([&file], &[], []).unwrap();
        assert_eq!(config.rustc_wrapper(), Some("/w/bin/x"));
    }
}
