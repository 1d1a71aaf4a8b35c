//! Compares the oldest compiler that each published crate promises with those of its dependencies.

use super::finding::Finding;
use super::packages::{Package, Packages};

/// Compares each published member with all it needs to be built.
pub(crate) fn check(packages: &Packages) -> Vec<Finding> {
    let published =
        packages.0.iter().filter(|(_, package)| package.is_member && package.is_published);
    published.flat_map(|(id, package)| member(packages, id, package)).collect()
}

fn member(packages: &Packages, id: &str, package: &Package) -> Vec<Finding> {
    let path = format!("crates/{}/Cargo.toml", package.name);
    let Some(promised) = package.rust_version.as_deref() else {
        let message = format!("{} promises no oldest compiler", package.name);
        return vec![Finding::error(&path, 1, message, "set `rust-version`")];
    };
    let needed = packages.closure(id).into_iter().filter_map(|id| packages.0.get(id));
    needed
        .filter_map(|dependency| {
            let asked = dependency.rust_version.as_deref()?;
            (numbers(asked) > numbers(promised)).then(|| {
                Finding::error(
                    &path,
                    1,
                    format!(
                        "{} promises Rust {promised}, but {} {} asks for {asked}",
                        package.name, dependency.name, dependency.version
                    ),
                    "raise `rust-version` and say so in the changelog, or use an older version of that crate",
                )
            })
        })
        .collect()
}

/// `1.85` and `1.85.0` are the same.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(promised: Option<&str>, asked: Option<&str>, is_published: bool, findings: usize) {
        let ours = Package {
            name: "a".into(),
            rust_version: promised.map(str::to_owned),
            is_member: true,
            is_published,
            needs: vec!["b".into()],
            ..Package::default()
        };
        let theirs = Package { rust_version: asked.map(str::to_owned), ..Package::default() };
        let packages = Packages([("a".into(), ours), ("b".into(), theirs)].into());
        assert_eq!(super::check(&packages).len(), findings);
    }

    #[test]
    fn a_dependency_may_not_ask_for_more_than_is_promised() {
        check(Some("1.60"), Some("1.60.0"), true, 0);
        check(Some("1.60"), None, true, 0);
        check(Some("1.60"), Some("1.60.1"), true, 1);
        check(Some("1.9"), Some("1.10"), true, 1);
        check(None, Some("1.10"), true, 1);
        check(Some("1.9"), Some("1.10"), false, 0);
    }
}
