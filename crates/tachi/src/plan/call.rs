//! Cargo calls: targets share one wherever that changes nothing about what they build.
//!
//! One call for several targets compiles build scripts and proc macros once and overlaps
//! the serial tails of link-time optimisation; but cargo has one selection, one set of
//! feature flags and one environment for a call, and unifies features over its targets. Most
//! variables name their target; one that does not, and differs, takes a call of its own.

use std::collections::BTreeMap;

use guppy::graph::PackageMetadata;
use tachi_schema::plan::{Artifact, ArtifactKind};

use super::target::TargetBuild;
use crate::request::{CargoTargets, Features};
use crate::target::facts::CdylibSupport;
use crate::workspace::graph::{self, Enabled};
use crate::workspace::select_tests;
use crate::workspace::{Product, Selection, Workspace, WorkspaceError};

/// What makes rustc produce a shared library for a musl target.
const DYNAMIC_CRT: &str = "-Ctarget-feature=-crt-static";

/// What one target contributes to a call.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    pub target: &'a TargetBuild,
    /// Flags of this call only, beyond the target's own.
    pub extra_flags: Vec<String>,
    /// The files that it makes.
    pub products: Vec<Product<'a>>,
}

/// One cargo call.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The targets.
    pub parts: Vec<Part<'a>>,
    /// Cargo's selection flags.
    pub selection: Vec<String>,
    /// Cargo's feature flags.
    pub features: Features,
    /// Why these targets share it, or why this one does not.
    pub why: String,
    enabled: Option<Enabled>,
}

impl Part<'_> {
    /// A file of this part, as the plan has it.
    pub fn artifact(&self, product: &Product<'_>) -> Artifact {
        Artifact {
            target: self.target.triple.clone(),
            package: product.package.to_owned(),
            name: product.name.to_owned(),
            kind: product.kind,
            variant: None,
        }
    }
}

impl Call<'_> {
    /// The files that cargo has to report, on a machine that is a `host`.
    pub fn expected(&self, host: &str) -> Vec<Artifact> {
        let mut expected: Vec<Artifact> = Vec::new();
        for (part, product) in
            self.parts.iter().flat_map(|part| part.products.iter().map(move |one| (part, one)))
        {
            let mut artifact = part.artifact(product);
            if product.for_host {
                host.clone_into(&mut artifact.target);
            }
            // Files for the host come once, however many targets there are.
            if !expected.contains(&artifact) {
                expected.push(artifact);
            }
        }
        expected
    }
}

/// The files that `calls` make for a target.
pub(super) fn made_for<'a>(
    target: &'a TargetBuild,
    calls: &'a [Call<'a>],
) -> impl Iterator<Item = (&'a Part<'a>, &'a Product<'a>)> {
    let parts = calls.iter().flat_map(|call| &call.parts);
    parts
        .filter(|part| part.target.triple == target.triple)
        .flat_map(|part| part.products.iter().map(move |product| (part, product)))
}

/// What a target needs, before a call is found for it.
struct Need<'a> {
    part: Part<'a>,
    selection: Vec<String>,
    features: Features,
    enabled: Option<Enabled>,
    why_apart: Option<String>,
}

/// Sorts the targets into as few calls as are sound, in the order they were asked for.
///
/// # Errors
/// A feature that no selected package has.
pub fn group<'a>(
    workspace: &'a Workspace,
    selection: &'a Selection<'a>,
    cargo_targets: &CargoTargets,
    targets: &'a [TargetBuild],
    host: &str,
) -> Result<Vec<Call<'a>>, WorkspaceError> {
    let mut calls: Vec<Call<'a>> = Vec::new();
    // The features of each target are only needed to compare targets, or where cargo leaves
    // files out because a feature is off.
    let needs_features = targets.len() > 1
        || selection.products.iter().any(|product| !product.required_features.is_empty())
        || targets.iter().any(|target| !target.features.list.is_empty());
    for target in targets {
        for need in needs(workspace, selection, cargo_targets, target, host, needs_features)? {
            place(&mut calls, need);
        }
    }
    calls.retain(|call| call.parts.iter().any(|part| !part.products.is_empty()));
    Ok(calls)
}

/// Puts a need into the first call that takes it, or into one of its own.
fn place<'a>(calls: &mut Vec<Call<'a>>, need: Need<'a>) {
    let mut apart = need.why_apart.clone();
    for call in calls.iter_mut() {
        if let Some(why) = refusal(call, &need) {
            apart = apart.or(Some(why));
        } else {
            if let (Some(all), Some(own)) = (&mut call.enabled, need.enabled) {
                all.merge(own);
            }
            call.parts.push(need.part);
            if need.why_apart.is_none() {
                "one call: host crates are compiled once, link-time optimisation overlaps"
                    .clone_into(&mut call.why);
            }
            return;
        }
    }
    let why = apart.unwrap_or_else(|| {
        if need.part.target.explicit {
            "the target asked for"
        } else {
            "the host, as cargo builds it"
        }
        .to_owned()
    });
    calls.push(Call {
        parts: vec![need.part],
        selection: need.selection,
        features: need.features,
        why,
        enabled: need.enabled,
    });
}

/// Why `need` cannot go into `call`, if it cannot.
fn refusal(call: &Call<'_>, need: &Need<'_>) -> Option<String> {
    let first = &call.parts.first()?.target;
    let other = &first.triple;
    if !first.explicit || !need.part.target.explicit {
        return Some(format!("a call of its own: {other} is built without --target"));
    }
    if call.selection != need.selection {
        return Some(format!("a call of its own: other packages are selected than for {other}"));
    }
    if call.features != need.features {
        return Some(format!("a call of its own: other features are asked for than for {other}"));
    }
    let here = need.part.target;
    for there in call.parts.iter().map(|part| part.target) {
        if let Some((name, other, value)) = conflict(&there.settings.env, &here.settings.env) {
            let other = format!("{other} for {}", there.triple);
            return Some(format!("a call of its own: {name} is {value} here, and {other}"));
        }
    }
    let disagreement = call.enabled.as_ref()?.disagreement(need.enabled.as_ref()?)?;
    Some(format!(
        "a call of its own: shared with {other}, cargo would build `{}` for both with {}, which only one of them asks for",
        disagreement.package,
        disagreement.features.join(", ")
    ))
}

/// The first variable that two targets set to different values, which one call cannot do, with
/// both values.
fn conflict<'a>(
    there: &'a BTreeMap<String, String>,
    here: &'a BTreeMap<String, String>,
) -> Option<(&'a str, &'a str, &'a str)> {
    here.iter().find_map(|(name, value)| {
        let other = there.get(name).filter(|other| *other != value)?;
        Some((&**name, &**other, &**value))
    })
}

fn needs<'a>(
    workspace: &'a Workspace,
    selection: &'a Selection<'a>,
    cargo_targets: &CargoTargets,
    target: &'a TargetBuild,
    host: &str,
    needs_features: bool,
) -> Result<Vec<Need<'a>>, WorkspaceError> {
    let enabled = |packages: &[PackageMetadata<'_>], features: &Features| {
        needs_features
            .then(|| {
                let dev = selection.dev_dependencies;
                graph::enabled(workspace, packages, features, &target.triple, host, dev)
            })
            .transpose()
    };
    // Checked against the whole selection first: a feature that no package has is an error,
    // even where the parts below would each have a reason to leave it out.
    let whole = enabled(&selection.packages, &target.features)?;
    let products = selection.products.iter().filter(|product| {
        let package = selection.packages.iter().find(|package| package.name() == product.package);
        product.required_features.iter().all(|feature| {
            whole.as_ref().zip(package).is_none_or(|(whole, package)| whole.has(package, feature))
        })
    });
    let products = select_tests::without_idle_programs(products.cloned().collect());
    let splits =
        target.facts.cdylib == CdylibSupport::WithDynamicCrt && !target.flags.has(DYNAMIC_CRT);
    let is_shared = |product: &Product<'_>| {
        matches!(product.kind, ArtifactKind::Cdylib | ArtifactKind::NodeAddon)
    };
    let (shared, rest): (Vec<_>, Vec<_>) =
        products.into_iter().partition(|product| splits && is_shared(product));
    if shared.is_empty() {
        let part = Part { target, extra_flags: Vec::new(), products: rest };
        let selection = selection.args.clone();
        let features = target.features.clone();
        return Ok(vec![Need { part, selection, features, enabled: whole, why_apart: None }]);
    }

    let named = |packages: &[PackageMetadata<'_>]| {
        packages
            .iter()
            .flat_map(|package| ["--package".to_owned(), package.name().to_owned()])
            .collect::<Vec<_>>()
    };
    let of = |products: &[Product<'_>], package: &PackageMetadata<'_>| {
        products.iter().any(|product| product.package == package.name())
    };
    let mut needs = Vec::new();
    // Packages that have only shared libraries would give nothing here but a warning.
    let packages: Vec<_> = selection
        .packages
        .iter()
        .filter(|package| of(&rest, package) || !of(&shared, package))
        .copied()
        .collect();
    if !rest.is_empty() {
        let features = graph::features_of(&packages, &target.features);
        let mut args = named(&packages);
        args.extend(cargo_targets.to_args());
        let enabled = enabled(&packages, &features)?;
        let part = Part { target, extra_flags: Vec::new(), products: rest };
        needs.push(Need { part, selection: args, features, enabled, why_apart: None });
    }
    let packages: Vec<_> =
        selection.packages.iter().filter(|package| of(&shared, package)).copied().collect();
    let features = graph::features_of(&packages, &target.features);
    let mut args = named(&packages);
    args.push("--lib".to_owned());
    let enabled = enabled(&packages, &features)?;
    let part = Part { target, extra_flags: vec![DYNAMIC_CRT.to_owned()], products: shared };
    let why_apart = Some(
        "a call of its own: on musl a shared library needs the C library linked dynamically (-crt-static), \
         while programs stay static"
            .to_owned(),
    );
    needs.push(Need { part, selection: args, features, enabled, why_apart });
    Ok(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_a_variable_with_two_values_is_a_conflict() {
        let floor = "MACOSX_DEPLOYMENT_TARGET";
        let mac = env(&[("CC_x86_64_apple_darwin", "/a/cc"), (floor, "10.13")]);
        let other = env(&[("CC_aarch64_apple_darwin", "/b/cc"), (floor, "12.0")]);
        assert_eq!(conflict(&mac, &other), Some((floor, "10.13", "12.0")));
        assert_eq!(conflict(&other, &mac), Some((floor, "12.0", "10.13")));
        let agreeing = env(&[("CC_aarch64_apple_darwin", "/b/cc"), (floor, "10.13")]);
        assert_eq!(conflict(&mac, &agreeing), None);
        let linux = env(&[("CC_x86_64_unknown_linux_gnu", "/c/cc")]);
        assert_eq!(conflict(&mac, &linux), None);
        assert_eq!(conflict(&linux, &other), None);
    }
}
