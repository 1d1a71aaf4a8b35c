//! Which of the selected packages a release holds: where some members with programs may be
//! published and others say `publish = false`, the latter are tools of the workspace itself.

use guppy::graph::{BuildTargetId, PackageMetadata};

use super::select::{PackageSettings, Selection};
use crate::request::{CargoTargets, Packages};

impl Selection<'_> {
    /// What a release holds of the selection.
    ///
    /// A package with programs that says `publish = false` is left out where another with
    /// programs does not say so, unless it is named by `-p`, `--bin` or `--example`, or says `dist = true`.
    #[must_use]
    pub fn into_release(
        mut self,
        asked: &Packages,
        cargo_targets: &CargoTargets,
        settings: &PackageSettings,
    ) -> Self {
        let dist = |package: &PackageMetadata<'_>| settings.get(package.name())?.dist;
        let is_released = |package: &PackageMetadata<'_>| {
            has_programs(package) && !package.publish().is_never() && dist(package) != Some(false)
        };
        let is_named = |package: &PackageMetadata<'_>| {
            cargo_targets.bin.iter().any(|name| has(package, &BuildTargetId::Binary(name)))
                || cargo_targets
                    .example
                    .iter()
                    .any(|name| has(package, &BuildTargetId::Example(name)))
        };
        let is_left_out = |package: &PackageMetadata<'_>| {
            has_programs(package)
                && package.publish().is_never()
                && dist(package) != Some(true)
                && !is_named(package)
        };
        if !asked.include.is_empty() || !self.packages.iter().any(is_released) {
            return self;
        }
        let (left_out, packages): (Vec<_>, Vec<_>) =
            self.packages.into_iter().partition(is_left_out);
        self.packages = packages;
        self.left_out = left_out.iter().map(PackageMetadata::name).collect();
        if self.left_out.is_empty() {
            return self;
        }
        self.products.retain(|product| !self.left_out.contains(&product.package));
        // Of the default members, cargo leaves out none: those that stay are named.
        let named: Vec<(&str, &str)> = if asked.workspace || !asked.exclude.is_empty() {
            self.left_out.iter().map(|&name| ("--exclude", name)).collect()
        } else {
            self.packages.iter().map(|package| ("--package", package.name())).collect()
        };
        let more = named.into_iter().flat_map(|(flag, name)| [flag.to_owned(), name.to_owned()]);
        self.args.extend(more);
        self
    }
}

fn has_programs(package: &PackageMetadata<'_>) -> bool {
    package.build_targets().any(|target| matches!(target.id(), BuildTargetId::Binary(_)))
}

fn has(package: &PackageMetadata<'_>, target: &BuildTargetId<'_>) -> bool {
    package.build_target(target).is_some()
}
