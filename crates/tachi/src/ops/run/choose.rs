//! Which program is meant, by the rules of `cargo run`.

use guppy::graph::PackageMetadata;
use tachi_schema::plan::ArtifactKind;

use super::error::RunError;
use crate::ops::Error;
use crate::request::{CargoTargets, Request};
use crate::workspace::Workspace;
use crate::workspace::select::{self, PackageSettings};

/// The selection of the one program that `request` means.
///
/// # Errors
/// There is none, or there are several.
pub(super) fn one(
    workspace: &Workspace,
    settings: &PackageSettings,
    request: &Request,
) -> Result<CargoTargets, Error> {
    let is_pattern = |spec: &&String| spec.contains(['*', '?', '[']);
    if let Some(pattern) = request.packages.include.iter().find(is_pattern) {
        return Err(RunError::Pattern(pattern.clone()).into());
    }
    let select =
        |wanted: &CargoTargets| select::select(workspace, &request.packages, wanted, settings);
    let mut wanted = request.cargo_targets.clone();
    let mut selection = select(&wanted)?;
    if wanted.is_default() {
        let defaults: Vec<&str> =
            selection.packages.iter().filter_map(PackageMetadata::default_run).collect();
        if let [default] = defaults.as_slice() {
            wanted.bin.push((*default).to_owned());
            selection = select(&wanted)?;
        }
    }
    let programs = selection
        .products
        .iter()
        .filter(|product| matches!(product.kind, ArtifactKind::Executable | ArtifactKind::Example));
    let mut names: Vec<(String, ArtifactKind)> =
        programs.map(|product| (product.name.to_owned(), product.kind)).collect();
    names.sort_unstable();
    if let [(name, kind)] = names.as_slice() {
        let name = vec![name.clone()];
        return Ok(match kind {
            ArtifactKind::Example => CargoTargets { example: name, ..CargoTargets::default() },
            _ => CargoTargets { bin: name, ..CargoTargets::default() },
        });
    }
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    Err(match (names.is_empty(), wanted.example.first()) {
        (true, Some(example)) => RunError::LibraryExample(example.clone()),
        (true, None) => RunError::NoProgram,
        (false, _) if wanted.is_default() => RunError::Undetermined(names),
        (false, _) => RunError::Several(names),
    }
    .into())
}
