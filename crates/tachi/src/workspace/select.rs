//! What was selected: packages by cargo's rules, and the files that compiling them yields.

use std::collections::{BTreeMap, BTreeSet};

use guppy::graph::{BuildTargetId, BuildTargetKind, PackageMetadata};
use tachi_schema::plan::ArtifactKind;

use super::error::WorkspaceError;
use super::load::Workspace;
use crate::config::file::PackageTable;
use crate::request::{CargoTargets, Packages};
use crate::suggest;

/// The selected packages and the files they make.
#[derive(Debug)]
pub struct Selection<'g> {
    /// The packages, in the workspace's order.
    pub packages: Vec<PackageMetadata<'g>>,
    /// The files, before required features and targets leave some of them out.
    pub products: Vec<Product<'g>>,
    /// The flags that select the same for cargo.
    pub args: Vec<String>,
    /// Whether they are compiled with what they need for their tests.
    pub dev_dependencies: bool,
    /// The packages that a release leaves out, as they say `publish = false`.
    pub left_out: Vec<&'g str>,
}

/// A file that compiling a selected package yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product<'g> {
    /// The package's name.
    pub package: &'g str,
    /// The package's version.
    pub version: String,
    /// The cargo target's name.
    pub name: &'g str,
    /// What kind of file it is.
    pub kind: ArtifactKind,
    /// The features without which cargo leaves it out.
    pub required_features: &'g [String],
    /// Whether cargo compiles it for the host, whatever the target is: tests of proc macros.
    pub for_host: bool,
}

/// Packages by name with their settings from `tachi.toml` or `[package.metadata.tachi]`.
pub type PackageSettings = BTreeMap<String, PackageTable>;

/// Selects packages and cargo targets.
///
/// # Errors
/// A name that does not exist; the error has the nearest one that does.
pub fn select<'g>(
    workspace: &'g Workspace,
    packages: &Packages,
    cargo_targets: &CargoTargets,
    settings: &PackageSettings,
) -> Result<Selection<'g>, WorkspaceError> {
    let selected = select_packages(workspace, packages)?;
    check_names(&selected, cargo_targets)?;
    let products = selected
        .iter()
        .flat_map(|package| products(package, cargo_targets, settings.get(package.name())))
        .collect();
    let mut args = package_args(packages);
    args.extend(cargo_targets.to_args());
    let left_out = Vec::new();
    Ok(Selection { packages: selected, products, args, dev_dependencies: false, left_out })
}

fn package_args(packages: &Packages) -> Vec<String> {
    let named = |flag: &str, names: &[String]| -> Vec<String> {
        names.iter().flat_map(|name| [flag.to_owned(), name.clone()]).collect()
    };
    // For cargo `--workspace` counts more than the names beside it.
    if !packages.include.is_empty() {
        return named("--package", &packages.include);
    }
    let mut args = named("--exclude", &packages.exclude);
    if packages.workspace || !args.is_empty() {
        args.insert(0, "--workspace".to_owned());
    }
    args
}

fn select_packages<'g>(
    workspace: &'g Workspace,
    packages: &Packages,
) -> Result<Vec<PackageMetadata<'g>>, WorkspaceError> {
    let members = workspace.graph.workspace();
    for name in packages.include.iter().chain(&packages.exclude) {
        if !members.iter().any(|member| names(name, &member)) {
            let all: Vec<&str> = members.iter().map(|member| member.name()).collect();
            return Err(WorkspaceError::UnknownPackage {
                name: name.clone(),
                hint: suggest::hint(name, all.iter().copied()),
                members: all.join(", "),
            });
        }
    }
    let named =
        |list: &[String], member: &PackageMetadata<'_>| list.iter().any(|name| names(name, member));
    Ok(if !packages.include.is_empty() {
        members.iter().filter(|member| named(&packages.include, member)).collect()
    } else if packages.workspace || !packages.exclude.is_empty() {
        members.iter().filter(|member| !named(&packages.exclude, member)).collect()
    } else {
        members.default_members().collect()
    })
}

/// Whether `given` (a name, `name@version`, or a pattern with `*` and `?`) means `member`.
fn names(given: &str, member: &PackageMetadata<'_>) -> bool {
    let (name, version) =
        given.split_once('@').map_or((given, None), |(name, version)| (name, Some(version)));
    let version_fits = version.is_none_or(|version| member.version().to_string() == version);
    version_fits && glob::Pattern::new(name).is_ok_and(|pattern| pattern.matches(member.name()))
}

fn check_names(
    selected: &[PackageMetadata<'_>],
    wanted: &CargoTargets,
) -> Result<(), WorkspaceError> {
    let mut binaries = BTreeSet::new();
    let mut examples = BTreeSet::new();
    let mut tests = BTreeSet::new();
    let mut benchmarks = BTreeSet::new();
    for target in selected.iter().flat_map(PackageMetadata::build_targets) {
        match target.id() {
            BuildTargetId::Binary(name) => binaries.insert(name),
            BuildTargetId::Example(name) => examples.insert(name),
            BuildTargetId::Test(name) => tests.insert(name),
            BuildTargetId::Benchmark(name) => benchmarks.insert(name),
            _ => false,
        };
    }
    for (kind, wanted, known) in [
        ("binary", &wanted.bin, binaries),
        ("example", &wanted.example, examples),
        ("integration test", &wanted.test, tests),
        ("benchmark", &wanted.bench, benchmarks),
    ] {
        if let Some(name) = wanted.iter().find(|name| !known.contains(name.as_str())) {
            return Err(WorkspaceError::UnknownCargoTarget {
                kind,
                name: name.clone(),
                hint: suggest::hint(name, known.iter().copied()),
                known: known.into_iter().collect::<Vec<_>>().join(", "),
            });
        }
    }
    Ok(())
}

/// The files of one package, in the order of its manifest.
fn products<'g>(
    package: &PackageMetadata<'g>,
    wanted: &CargoTargets,
    settings: Option<&PackageTable>,
) -> Vec<Product<'g>> {
    let stated = settings.and_then(|settings| settings.kind).map(ArtifactKind::from);
    let cdylib = stated.unwrap_or_else(|| {
        if is_node_addon(package) { ArtifactKind::NodeAddon } else { ArtifactKind::Cdylib }
    });
    let listed = |list: &[String], name: &str| list.iter().any(|listed| listed == name);
    let mut products = Vec::new();
    for target in package.build_targets() {
        let kinds: Vec<ArtifactKind> = match (target.id(), target.kind()) {
            (BuildTargetId::Library, BuildTargetKind::LibraryOrExample(types))
                if wanted.is_default() || wanted.lib =>
            {
                types.iter().filter_map(|crate_type| library_kind(crate_type, cdylib)).collect()
            }
            (BuildTargetId::Binary(name), _)
                if wanted.is_default() || wanted.bins || listed(&wanted.bin, name) =>
            {
                vec![ArtifactKind::Executable]
            }
            (BuildTargetId::Example(name), BuildTargetKind::LibraryOrExample(types))
                if (wanted.examples || listed(&wanted.example, name)) && listed(types, "bin") =>
            {
                vec![ArtifactKind::Example]
            }
            _ => continue,
        };
        products.extend(kinds.into_iter().map(|kind| Product {
            package: package.name(),
            version: package.version().to_string(),
            name: target.name(),
            kind,
            required_features: target.required_features(),
            for_host: false,
        }));
    }
    products
}

fn library_kind(crate_type: &str, cdylib: ArtifactKind) -> Option<ArtifactKind> {
    match crate_type {
        "cdylib" => Some(cdylib),
        "staticlib" => Some(ArtifactKind::Staticlib),
        _ => None,
    }
}

/// Whether a package is written against one of the binding crates for Node.js modules.
fn is_node_addon(package: &PackageMetadata<'_>) -> bool {
    package
        .direct_links()
        .any(|link| !link.dev_only() && matches!(link.to().name(), "napi" | "neon"))
}
