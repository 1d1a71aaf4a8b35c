//! What users download: which packages are released, a note about those that are not, and an
//! error if there are none.

use super::call::Call;
use super::error::PlanError;
use crate::workspace::Selection;
use crate::workspace::select::PackageSettings;

/// Whether what a package makes is packaged, as its settings have it.
pub(in crate::plan) fn is_packaged(package: &str, settings: &PackageSettings) -> bool {
    settings.get(package).and_then(|settings| settings.dist) != Some(false)
}

/// The note about packages that are left out of a release although no flag or setting says so.
pub(in crate::plan) fn note(selection: &Selection<'_>) -> Option<String> {
    let (first, others) = selection.left_out.split_first()?;
    let more = if others.is_empty() { "it" } else { "each" };
    Some(format!(
        "not released: {}, as {more} says `publish = false`, unlike other packages with programs\n  help: \
         `-p {first}`, or `dist = true` below [package.{first}] in tachi.toml, releases it",
        selection.left_out.join(", ")
    ))
}

/// Checks that `calls` make something to package.
///
/// # Errors
/// They make nothing; the error says why for each package.
pub(in crate::plan) fn check(
    selection: &Selection<'_>,
    calls: &[Call<'_>],
    settings: &PackageSettings,
) -> Result<(), PlanError> {
    let products = || calls.iter().flat_map(|call| &call.parts).flat_map(|part| &part.products);
    if products().any(|product| is_packaged(product.package, settings)) {
        return Ok(());
    }
    let why_not = |name: &str| {
        let mut own =
            selection.products.iter().filter(|product| product.package == name).peekable();
        if !is_packaged(name, settings) {
            format!("{name}: it says `dist = false`")
        } else if own.peek().is_none() {
            format!("{name}: no program, cdylib or staticlib of it is selected")
        } else {
            let mut features: Vec<&str> =
                own.flat_map(|product| product.required_features).map(String::as_str).collect();
            features.sort_unstable();
            features.dedup();
            format!("{name}: it needs --features {}", features.join(","))
        }
    };
    let mut packages: Vec<String> =
        selection.packages.iter().map(|package| why_not(package.name())).collect();
    packages
        .extend(selection.left_out.iter().map(|name| format!("{name}: it says `publish = false`")));
    Err(PlanError::NothingToPackage { packages })
}
