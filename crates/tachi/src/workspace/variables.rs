//! The variables that `cargo run` and `cargo test` set for a program: where its package is,
//! what its manifest says, and cargo's own table of variables.

use camino::Utf8Path;

use super::Workspace;
use crate::config::cargo::CargoConfig;
use crate::sys::Command;
use crate::sys::env::Environment;

/// Where the variables of programs come from.
#[derive(Debug, Clone, Copy)]
pub struct Variables<'a> {
    /// The environment of this process.
    pub environment: &'a Environment,
    /// What the user told cargo.
    pub config: &'a CargoConfig,
    /// Cargo's own file.
    pub cargo: &'a Utf8Path,
    pub workspace: &'a Workspace,
}

impl Variables<'_> {
    /// Adds the variables of the member `package` to `command`.
    pub fn add(&self, command: Command, package: &str) -> Command {
        let is_set = |name: &str| self.environment.variables().any(|(set, _)| set == name);
        let configured = self.config.variables_to_set();
        let configured = configured.into_iter().filter(|one| one.force || !is_set(&one.name));
        let command = configured.fold(command, |command, one| command.env(one.name, one.value));
        let command = command.env("CARGO", self.cargo.as_str());
        let Ok(package) = self.workspace.graph.workspace().member_by_name(package) else {
            return command;
        };
        let (manifest, version) = (package.manifest_path(), package.version());
        let text = |path: Option<&Utf8Path>| path.map(ToString::to_string).unwrap_or_default();
        let variables = [
            ("CARGO_MANIFEST_DIR", text(manifest.parent())),
            ("CARGO_MANIFEST_PATH", manifest.to_string()),
            ("CARGO_PKG_NAME", package.name().to_owned()),
            ("CARGO_PKG_VERSION", version.to_string()),
            ("CARGO_PKG_VERSION_MAJOR", version.major.to_string()),
            ("CARGO_PKG_VERSION_MINOR", version.minor.to_string()),
            ("CARGO_PKG_VERSION_PATCH", version.patch.to_string()),
            ("CARGO_PKG_VERSION_PRE", version.pre.to_string()),
            ("CARGO_PKG_AUTHORS", package.authors().join(":")),
            ("CARGO_PKG_DESCRIPTION", package.description().unwrap_or_default().to_owned()),
            ("CARGO_PKG_HOMEPAGE", package.homepage().unwrap_or_default().to_owned()),
            ("CARGO_PKG_REPOSITORY", package.repository().unwrap_or_default().to_owned()),
            ("CARGO_PKG_LICENSE", package.license().unwrap_or_default().to_owned()),
            ("CARGO_PKG_LICENSE_FILE", text(package.license_file())),
            ("CARGO_PKG_README", text(package.readme())),
            (
                "CARGO_PKG_RUST_VERSION",
                package.rust_version().map(ToString::to_string).unwrap_or_default(),
            ),
        ];
        variables.into_iter().fold(command, |command, (name, value)| command.env(name, value))
    }
}
