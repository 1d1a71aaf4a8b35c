//! The files that settings are read from: `tachi.toml`, cargo's configuration, and the packages'
//! manifests.

use camino::Utf8PathBuf;

use super::FactsError;
use crate::config::cargo::CargoConfig;
use crate::config::file::{ConfigFile, FILE_NAME, PackageTable};
use crate::request::Request;
use crate::sys::env::Environment;
use crate::sys::fs;
use crate::workspace::Workspace;
use crate::workspace::select::PackageSettings;

/// The nearest `tachi.toml`, in the current directory or above it, and its folder.
///
/// # Errors
/// It cannot be read or understood.
pub fn nearest(environment: &Environment) -> Result<Option<(Utf8PathBuf, ConfigFile)>, FactsError> {
    for folder in environment.current_dir().ancestors() {
        let path = folder.join(FILE_NAME);
        if let Some(text) = fs::read_if_exists(&path)? {
            return Ok(Some((folder.to_owned(), ConfigFile::parse(&path, &text)?)));
        }
    }
    Ok(None)
}

/// Cargo's configuration: its files from the weakest to the strongest, then `--config`,
/// whose arguments are files or `KEY=VALUE`.
///
/// # Errors
/// A file cannot be read, or a setting cannot be used.
pub fn cargo(request: &Request, environment: &Environment) -> Result<CargoConfig, FactsError> {
    let walk = cargo_config2::Walk::new(environment.current_dir().as_std_path());
    let mut paths: Vec<Utf8PathBuf> =
        walk.filter_map(|path| Utf8PathBuf::from_path_buf(path).ok()).collect();
    paths.reverse();
    let is_file = |argument: &String| fs::is_file(&environment.absolute(argument.as_str().into()));
    let (files, values): (Vec<String>, Vec<String>) =
        request.config.iter().cloned().partition(is_file);
    paths.extend(files.iter().map(|file| environment.absolute(file.as_str().into())));
    let mut texts = Vec::new();
    for path in paths {
        texts.extend(fs::read_if_exists(&path)?.map(|text| (path, text)));
    }
    Ok(CargoConfig::merge(&texts, &values, environment.variables())?)
}

/// Settings by package: `[package.metadata.tachi]`, and those of `tachi.toml` over it.
pub(super) fn package_settings(
    workspace: &Workspace,
    file: &ConfigFile,
    path: &Utf8PathBuf,
) -> Result<PackageSettings, FactsError> {
    let members = workspace.graph.workspace();
    let mut settings = PackageSettings::new();
    for member in members.iter().filter(|member| member.metadata_table().get("tachi").is_some()) {
        let text = fs::read_to_string(member.manifest_path())?;
        if let Some(table) = PackageTable::parse_manifest(member.manifest_path(), &text)? {
            settings.insert(member.name().to_owned(), table);
        }
    }
    for (name, table) in &file.package {
        if !members.contains_name(name) {
            let names = members.iter().map(|member| member.name());
            let hint = crate::suggest::hint(name, names);
            return Err(FactsError::UnknownPackageTable {
                file: path.clone(),
                name: name.clone(),
                hint,
            });
        }
        settings.entry(name.clone()).or_default().overlay(table);
    }
    Ok(settings)
}
