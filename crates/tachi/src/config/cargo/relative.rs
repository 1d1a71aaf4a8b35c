//! Paths in cargo's configuration files: they start from the folder that has `.cargo`, not from
//! where cargo is called.

use camino::Utf8Path;
use toml::{Table, Value};

use super::RUNNER;
use crate::config::env_table;
use crate::config::runner::{self, RunnerWords};

/// Makes the paths in a file's table absolute; `folder` is the one that has `.cargo`.
pub(super) fn resolve(table: &mut Table, folder: &Utf8Path) {
    resolve_runners(table, folder);
    resolve_programs(table, folder);
    env_table::resolve(table, folder);
}

/// Makes the paths of `target.*.runner` absolute.
fn resolve_runners(table: &mut Table, folder: &Utf8Path) {
    let targets = table.get_mut("target").and_then(Value::as_table_mut);
    for target in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
        let Some(value) = target.1.as_table_mut().and_then(|table| table.get_mut(RUNNER)) else {
            continue;
        };
        if let Ok(words) = value.clone().try_into::<RunnerWords>() {
            *value = words.resolved(folder).into();
        }
    }
}

/// Makes the paths of programs absolute that cargo takes as paths: `build.rustc`, the wrappers,
/// and `target.*.linker`. A bare name is looked for in `PATH`, and stays.
fn resolve_programs(table: &mut Table, folder: &Utf8Path) {
    let resolve = |value: Option<&mut Value>| {
        if let Some(Value::String(program)) = value {
            runner::resolve_program(program, folder);
        }
    };
    let build = table.get_mut("build").and_then(Value::as_table_mut);
    for (key, value) in build.into_iter().flat_map(|build| build.iter_mut()) {
        if BUILD_PROGRAMS.contains(&key.as_str()) {
            resolve(Some(value));
        }
    }
    let targets = table.get_mut("target").and_then(Value::as_table_mut);
    for (_, target) in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
        resolve(target.as_table_mut().and_then(|target| target.get_mut("linker")));
    }
}

/// The keys of `build` that name a program.
const BUILD_PROGRAMS: [&str; 4] = ["rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc"];

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use crate::config::cargo::CargoConfig;

    const LINUX: &str = "aarch64-unknown-linux-gnu";

    #[test]
    fn a_runners_path_starts_from_the_folder_that_has_cargos() {
        let file = (
            Utf8PathBuf::from("/w/.cargo/config.toml"),
            "target.x.runner = \"tools/run -v\"".to_owned(),
        );
        let config = CargoConfig::merge([&file], &[], []).unwrap();
        assert_eq!(config.file_runner("x").unwrap(), ["/w/tools/run", "-v"]);
    }

    #[test]
    fn each_programs_path_starts_from_the_folder_that_has_cargos_and_a_name_stays_a_name() {
        let config = |program: &str| {
            let text = format!(
                "build.rustc = \"{program}\"\nbuild.rustc-wrapper = \"{program}\"\n\
                 target.{LINUX}.linker = \"{program}\"\n"
            );
            let file = (Utf8PathBuf::from("/w/.cargo/config.toml"), text);
            CargoConfig::merge([&file], &[], []).unwrap()
        };
        for (program, expected) in
            [("tools/it", "/w/tools/it"), ("it", "it"), ("/opt/it", "/opt/it"), ("./it", "/w/./it")]
        {
            let config = config(program);
            assert_eq!(config.rustc(), Some(expected));
            assert_eq!(config.rustc_wrapper(), Some(expected));
            assert_eq!(config.target_linker(LINUX), Some(expected));
        }
        let file = (
            Utf8PathBuf::from("/w/.cargo/config.toml"),
            "target.'cfg(unix)'.linker = \"tools/ld\"".to_owned(),
        );
        let by_cfg = CargoConfig::merge([&file], &[], []).unwrap();
        assert_eq!(by_cfg.target_linker(LINUX), Some("/w/tools/ld"));
    }
}
