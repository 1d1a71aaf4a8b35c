//! Features: which ones each target's build switches on, and which targets agree about them.
//!
//! Cargo unifies features over all targets of one call (cargo#16038): a dependency that
//! only Windows has could switch on a feature of a crate that Linux shares, and the Linux
//! program would differ from the one that a call of its own makes. So targets share a call
//! only where that cannot happen.

use std::collections::BTreeMap;

use guppy::graph::cargo::{CargoOptions, CargoSet};
use guppy::graph::feature::{FeatureId, FeatureSet, StandardFeatures, feature_id_filter};
use guppy::graph::{DependencyDirection, PackageMetadata};
use guppy::platform::{Platform, TargetFeatures};

use super::error::WorkspaceError;
use super::load::Workspace;
use crate::request::Features;
use crate::suggest;

/// The features that a build for one target switches on, by package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enabled {
    target: BTreeMap<String, Vec<String>>,
    host: BTreeMap<String, Vec<String>>,
    names: BTreeMap<String, String>,
}

/// Two targets that cannot share a call, and the package that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The package's name.
    pub package: String,
    /// The features that only one of the two switches on.
    pub features: Vec<String>,
}

impl Enabled {
    /// Whether cargo would build `package` (an id) with `feature` for the target.
    pub fn has(&self, package: &PackageMetadata<'_>, feature: &str) -> bool {
        let features = self.target.get(package.id().repr());
        features.is_some_and(|features| features.iter().any(|name| name == feature))
    }

    /// The first package that both build, but with different features.
    pub fn disagreement(&self, other: &Self) -> Option<Disagreement> {
        let shared = |mine: &'_ BTreeMap<String, Vec<String>>,
                      theirs: &BTreeMap<String, Vec<String>>| {
            mine.iter().find_map(|(package, features)| {
                let others = theirs.get(package)?;
                let mut differing: Vec<String> = features
                    .iter()
                    .filter(|name| !others.contains(name))
                    .chain(others.iter().filter(|name| !features.contains(name)))
                    .cloned()
                    .collect();
                differing.sort();
                let package = self.names.get(package).unwrap_or(package).clone();
                (!differing.is_empty()).then_some(Disagreement { package, features: differing })
            })
        };
        shared(&self.target, &other.target).or_else(|| shared(&self.host, &other.host))
    }

    /// Adds what `other` builds. This only makes sense where the two do not disagree.
    pub fn merge(&mut self, other: Self) {
        self.target.extend(other.target);
        self.host.extend(other.host);
        self.names.extend(other.names);
    }
}

/// What cargo would switch on when it builds `packages` for `triple` on `host`, with their
/// `dev_dependencies` or without.
///
/// # Errors
/// A feature that no selected package has.
pub fn enabled(
    workspace: &Workspace,
    packages: &[PackageMetadata<'_>],
    features: &Features,
    triple: &str,
    host: &str,
    dev_dependencies: bool,
) -> Result<Enabled, WorkspaceError> {
    let error = |error: guppy::Error| WorkspaceError::Features(Box::new(error));
    let initials = initials(workspace, packages, features)?;
    let mut options = CargoOptions::new();
    options.set_resolver(workspace.resolver).set_include_dev(dev_dependencies);
    if let (Ok(target), Ok(host)) = (platform(triple), platform(host)) {
        options.set_target_platform(target).set_host_platform(host);
    }
    let nothing = workspace.graph.feature_graph().resolve_none();
    let set = CargoSet::new(initials, nothing, &options).map_err(error)?;
    let mut names = BTreeMap::new();
    let mut features_of = |set: &FeatureSet<'_>| {
        set.packages_with_features(DependencyDirection::Forward)
            .map(|list| {
                let id = list.package().id().repr().to_owned();
                names.insert(id.clone(), list.package().name().to_owned());
                (id, list.named_features().map(str::to_owned).collect())
            })
            .collect()
    };
    let (target, host) = (features_of(set.target_features()), features_of(set.host_features()));
    Ok(Enabled { target, host, names })
}

fn platform(triple: &str) -> Result<Platform, target_spec::Error> {
    Platform::new(triple.to_owned(), TargetFeatures::Unknown)
}

/// The features that the user asked for, as `guppy` wants them.
fn initials<'g>(
    workspace: &'g Workspace,
    packages: &[PackageMetadata<'_>],
    features: &Features,
) -> Result<FeatureSet<'g>, WorkspaceError> {
    let error = |error: guppy::Error| WorkspaceError::Features(Box::new(error));
    let mut asked = Vec::new();
    for name in
        features.list.iter().flat_map(|list| list.split([',', ' '])).filter(|name| !name.is_empty())
    {
        asked.extend(find_feature(packages, name)?);
    }
    let base = match features {
        Features { all: true, .. } => StandardFeatures::All,
        Features { no_default: true, .. } => StandardFeatures::None,
        _ => StandardFeatures::Default,
    };
    let ids = packages.iter().map(PackageMetadata::id);
    let set = workspace.graph.resolve_ids(ids).map_err(error)?;
    let asked = asked.iter().map(|(id, feature)| FeatureId::named(id, feature));
    Ok(set.to_feature_set(feature_id_filter(base, asked)))
}

/// Of `features`, those that some of `packages` has: what remains to be asked for when a
/// call compiles a part of the selection.
pub fn features_of(packages: &[PackageMetadata<'_>], features: &Features) -> Features {
    let names = features.list.iter().flat_map(|list| list.split([',', ' ']));
    let list = names
        .filter(|name| !name.is_empty() && find_feature(packages, name).is_ok())
        .map(str::to_owned)
        .collect();
    Features { list, ..features.clone() }
}

/// The packages that a feature name is about, by cargo's rules: `name` is about every
/// selected package that has it, `package/name` about that one. A feature of a mere
/// dependency (`dependency/name`) is cargo's to check; it is about none of ours.
fn find_feature<'a>(
    packages: &'a [PackageMetadata<'_>],
    asked: &'a str,
) -> Result<Vec<(&'a guppy::PackageId, &'a str)>, WorkspaceError> {
    let (owner, name) =
        asked.split_once('/').map_or((None, asked), |(owner, name)| (Some(owner), name));
    let about: Vec<_> = packages
        .iter()
        .filter(|package| owner.is_none_or(|owner| owner == package.name()))
        .collect();
    let having: Vec<_> = about
        .iter()
        .filter(|package| package.named_features().any(|feature| feature == name))
        .map(|package| (package.id(), name))
        .collect();
    let is_dependency = owner.is_some_and(|owner| {
        packages.iter().any(|package| package.direct_links().any(|link| link.dep_name() == owner))
    });
    if having.is_empty() && !is_dependency {
        let mut known: Vec<&str> =
            about.iter().flat_map(|package| package.named_features()).collect();
        known.sort_unstable();
        known.dedup();
        let hint = suggest::hint(name, known.iter().copied());
        return Err(WorkspaceError::UnknownFeature {
            name: asked.to_owned(),
            hint,
            known: known.join(", "),
        });
    }
    Ok(having)
}
