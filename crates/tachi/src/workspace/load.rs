//! Reading a workspace with `cargo metadata`.

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::cargo::CargoResolverVersion;
use guppy::graph::{PackageGraph, PackageMetadata};
use toml::Table;

use super::error::WorkspaceError;
use super::metadata_cache::{Answer, Question};
use super::root_manifest::RootManifest;
use crate::request::Request;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, run};

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

    /// The packages by path that do not lie in `folder`.
    pub fn packages_outside<'a>(
        &'a self,
        folder: &'a Utf8Path,
    ) -> impl Iterator<Item = PackageMetadata<'a>> {
        self.graph.packages().filter(move |package| {
            !package.source().is_external() && !package.manifest_path().starts_with(folder)
        })
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

/// Reads what cargo answered before, else asks cargo, and reads the rest from the root manifest.
///
/// # Errors
/// Cargo finds no workspace, or a broken one; the error quotes cargo.
pub fn load(
    question: &Question<'_>,
    remembered: Option<Answer>,
    interrupt: &Interrupt,
) -> Result<Workspace, WorkspaceError> {
    let command = question.command;
    let (json, known) = match remembered {
        Some(Answer { json, manifest }) => (json, Some(manifest)),
        None => (ask(command, interrupt)?, None),
    };
    let graph = PackageGraph::from_json(&json).map_err(|source| WorkspaceError::Unreadable {
        command: Box::new(command.clone()),
        source: Box::new(source),
    })?;
    let manifest = if let Some(manifest) = known {
        manifest
    } else {
        let manifest = RootManifest::read(graph.workspace().root())?;
        question.keep(&json, &graph, &manifest);
        manifest
    };
    Ok(Workspace { resolver: manifest.resolver(), profiles: manifest.profiles(), graph })
}

fn ask(command: &Command, interrupt: &Interrupt) -> Result<String, WorkspaceError> {
    run::capture(command, interrupt).map_err(|error| match error {
        SysError::Failed { stderr, .. } => WorkspaceError::Metadata {
            message: cargos_error(&stderr),
            command: Box::new(command.clone()),
        },
        other => other.into(),
    })
}

/// Cargo's error without the word "error" (ours puts it there) and without the
/// warnings before it.
fn cargos_error(stderr: &str) -> String {
    let from = stderr.find("error:").map_or(0, |at| at + "error:".len());
    stderr[from..].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_error_is_quoted_without_its_first_word() {
        assert_eq!(
            cargos_error("warning: x\nerror: no such file\n\nCaused by:\n  y\n"),
            "no such file\n\nCaused by:\n  y"
        );
    }
}
