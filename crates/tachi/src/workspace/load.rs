//! Reading a workspace with `cargo metadata`.

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageGraph;
use guppy::graph::cargo::CargoResolverVersion;
use toml::Table;

use super::error::WorkspaceError;
use super::metadata_cache::Question;
use crate::request::Request;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, fs, run};

/// A workspace as cargo resolves it, for all platforms and features at once.
#[derive(Debug)]
pub struct Workspace {
    /// Its packages and their dependencies.
    pub graph: PackageGraph,
    /// How cargo unifies features here.
    pub resolver: CargoResolverVersion,
    /// The `[profile]` table of the root manifest.
    pub profiles: Table,
}

impl Workspace {
    /// The folder of the root manifest.
    pub fn root(&self) -> &Utf8Path {
        self.graph.workspace().root()
    }

    /// The root manifest.
    pub fn manifest_path(&self) -> Utf8PathBuf {
        self.root().join("Cargo.toml")
    }

    /// Cargo's target folder, `--target-dir` aside.
    pub fn target_dir(&self) -> &Utf8Path {
        self.graph.workspace().target_directory()
    }
}

/// The command that describes the workspace of `request`.
pub fn command(cargo: &Utf8Path, request: &Request) -> Command {
    // All features: `guppy` needs to know every dependency that a feature may switch on.
    let mut command =
        Command::new(cargo.as_str()).args(["metadata", "--format-version", "1", "--all-features"]);
    if let Some(path) = &request.manifest_path {
        command = command.args(["--manifest-path", path.as_str()]);
    }
    for value in &request.config {
        command = command.args(["--config", value]);
    }
    command.args(request.lock.to_args())
}

/// Asks cargo, or finds what it answered before, and reads what it cannot tell from the
/// root manifest.
///
/// # Errors
/// Cargo finds no workspace, or a broken one; the error has its words.
pub fn load(question: &Question<'_>, interrupt: &Interrupt) -> Result<Workspace, WorkspaceError> {
    let command = question.command;
    let kept = question.recall();
    let fresh = kept.is_none();
    let json = match kept {
        Some(json) => json,
        None => run::capture(command, interrupt).map_err(|error| match error {
            SysError::Failed { stderr, .. } => WorkspaceError::Metadata {
                message: cargos_error(&stderr),
                command: Box::new(command.clone()),
            },
            other => other.into(),
        })?,
    };
    let graph = PackageGraph::from_json(&json).map_err(|source| WorkspaceError::Unreadable {
        command: Box::new(command.clone()),
        source: Box::new(source),
    })?;
    if fresh {
        question.keep(&json, &graph);
    }
    let manifest_path = graph.workspace().root().join("Cargo.toml");
    let text = fs::read_to_string(&manifest_path)?;
    let manifest: Table = text.parse().map_err(|error: toml::de::Error| {
        WorkspaceError::Manifest { file: manifest_path, message: error.message().to_owned() }
    })?;
    let profiles =
        manifest.get("profile").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    Ok(Workspace { resolver: resolver(&manifest), profiles, graph })
}

/// Cargo's error without the word "error" (ours puts it there) and without the
/// warnings before it.
fn cargos_error(stderr: &str) -> String {
    let from = stderr.find("error:").map_or(0, |at| at + "error:".len());
    stderr[from..].trim().to_owned()
}

/// The resolver that a root manifest asks for, by cargo's rules: what it says, else what
/// the root package's edition implies, else version 1.
fn resolver(manifest: &Table) -> CargoResolverVersion {
    let text = |table: &str, key: &str| manifest.get(table)?.as_table()?.get(key)?.as_str();
    let inherited = || {
        let package = manifest.get("workspace")?.as_table()?.get("package")?.as_table()?;
        package.get("edition")?.as_str()
    };
    let stated = text("workspace", "resolver").or_else(|| text("package", "resolver"));
    let implied = || match text("package", "edition") {
        Some(edition) => Some(edition),
        None if manifest.contains_key("package") => inherited(),
        None => None,
    };
    match stated {
        Some("3") => CargoResolverVersion::V3,
        Some("2") => CargoResolverVersion::V2,
        Some(_) => CargoResolverVersion::V1,
        None => match implied() {
            Some("2021") => CargoResolverVersion::V2,
            None | Some("2015" | "2018") => CargoResolverVersion::V1,
            Some(_) => CargoResolverVersion::V3,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolver_is_the_stated_one_or_the_editions() {
        for (manifest, expected) in [
            ("[workspace]\nresolver = \"2\"", CargoResolverVersion::V2),
            ("[workspace]", CargoResolverVersion::V1),
            ("[package]\nedition = \"2018\"", CargoResolverVersion::V1),
            ("[package]\nedition = \"2021\"", CargoResolverVersion::V2),
            ("[package]\nedition = \"2024\"", CargoResolverVersion::V3),
            ("[package]\nedition = \"2024\"\nresolver = \"1\"", CargoResolverVersion::V1),
            (
                "[package]\nedition.workspace = true\n[workspace.package]\nedition = \"2021\"",
                CargoResolverVersion::V2,
            ),
        ] {
            assert_eq!(resolver(&manifest.parse().unwrap()), expected, "for {manifest:?}");
        }
    }

    #[test]
    fn cargos_error_is_quoted_without_its_first_word() {
        assert_eq!(
            cargos_error("warning: x\nerror: no such file\n\nCaused by:\n  y\n"),
            "no such file\n\nCaused by:\n  y"
        );
    }
}
