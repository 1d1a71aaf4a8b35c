//! The test executables of a selection, by the rules of `cargo test`, and the programs that
//! come with them.

use std::collections::BTreeMap;

use guppy::graph::{BuildTarget, BuildTargetId, BuildTargetKind, PackageMetadata};
use tachi_schema::plan::ArtifactKind;
use toml::{Table, Value};

use super::select::{Product, Selection};
use crate::request::CargoTargets;

/// What manifests say with `bench = …`, which cargo's metadata leave out: by the package's
/// name, the table's (`lib`, `bin`, …) and the cargo target's, which is empty for `[lib]`.
pub type StatedBenches = BTreeMap<(String, &'static str, String), bool>;

/// The tables of a manifest that describe cargo targets, `[lib]` aside.
const LISTS: [&str; 4] = ["bin", "example", "test", "bench"];

/// Adds what the manifest of `package` says with `bench = …`.
pub fn read_benches(package: &str, manifest: &Table, stated: &mut StatedBenches) {
    let mut note = |section, name: &str, table: &Value| {
        if let Some(bench) = table.get("bench").and_then(Value::as_bool) {
            stated.insert((package.to_owned(), section, name.to_owned()), bench);
        }
    };
    if let Some(library) = manifest.get("lib") {
        note("lib", "", library);
    }
    for section in LISTS {
        for table in manifest.get(section).and_then(Value::as_array).into_iter().flatten() {
            note(section, table.get("name").and_then(Value::as_str).unwrap_or_default(), table);
        }
    }
}

impl Selection<'_> {
    /// The same packages with the files that compiling their tests yields.
    #[must_use]
    pub fn into_tests(self, wanted: &CargoTargets, benches: &StatedBenches) -> Self {
        let products = self.packages.iter().flat_map(|package| {
            let is_benched = |target: &BuildTarget<'_>| is_benched(package, target, benches);
            products(package, wanted, is_benched)
        });
        Self { products: products.collect(), dev_dependencies: true, ..self }
    }
}

/// The files of one package: its test executables, examples that are only to be compiled, and
/// the programs that integration tests and benchmarks may call.
fn products<'g>(
    package: &PackageMetadata<'g>,
    wanted: &CargoTargets,
    is_benched: impl Fn(&BuildTarget<'g>) -> bool,
) -> Vec<Product<'g>> {
    let product = |target: &BuildTarget<'g>, kind| Product {
        package: package.name(),
        version: package.version().to_string(),
        name: target.name(),
        kind,
        required_features: target.required_features(),
        for_host: matches!(target.kind(), BuildTargetKind::ProcMacro),
    };
    let mut products = Vec::new();
    for target in package.build_targets() {
        let Some((kind, is_named)) = test_kind(&target, wanted) else { continue };
        let is_tested = target.test_by_default();
        let selected = if wanted.is_default() {
            is_tested
        } else {
            is_named || wanted.tests && is_tested || wanted.benches && is_benched(&target)
        };
        if selected {
            products.push(product(&target, kind));
        } else if wanted.is_default() && kind == ArtifactKind::ExampleTest && is_program(&target) {
            products.push(product(&target, ArtifactKind::Example));
        }
    }
    if products.iter().any(|product| calls_programs(product.kind)) {
        let programs = package.build_targets();
        let programs = programs.filter(|target| matches!(target.id(), BuildTargetId::Binary(_)));
        products.extend(programs.map(|target| product(&target, ArtifactKind::Executable)));
    }
    products
}

/// What kind of tests a cargo target has, and whether it is named by a flag of its own.
fn test_kind(target: &BuildTarget<'_>, wanted: &CargoTargets) -> Option<(ArtifactKind, bool)> {
    let named = |all: bool, list: &[String], name: &str| all || list.iter().any(|one| one == name);
    Some(match target.id() {
        BuildTargetId::Library => (ArtifactKind::LibraryTest, wanted.lib),
        BuildTargetId::Binary(name) => {
            (ArtifactKind::BinaryTest, named(wanted.bins, &wanted.bin, name))
        }
        BuildTargetId::Example(name) => {
            (ArtifactKind::ExampleTest, named(wanted.examples, &wanted.example, name))
        }
        BuildTargetId::Test(name) => {
            (ArtifactKind::IntegrationTest, named(false, &wanted.test, name))
        }
        BuildTargetId::Benchmark(name) => {
            (ArtifactKind::BenchmarkTest, named(false, &wanted.bench, name))
        }
        _ => return None,
    })
}

fn is_program(target: &BuildTarget<'_>) -> bool {
    match target.kind() {
        BuildTargetKind::LibraryOrExample(types) => types.iter().any(|one| one == "bin"),
        _ => true,
    }
}

fn is_benched(
    package: &PackageMetadata<'_>,
    target: &BuildTarget<'_>,
    stated: &StatedBenches,
) -> bool {
    let (section, name, default) = match target.id() {
        BuildTargetId::Library => ("lib", "", true),
        BuildTargetId::Binary(name) => ("bin", name, true),
        BuildTargetId::Benchmark(name) => ("bench", name, true),
        BuildTargetId::Example(name) => ("example", name, false),
        BuildTargetId::Test(name) => ("test", name, false),
        _ => return false,
    };
    let key = (package.name().to_owned(), section, name.to_owned());
    stated.get(&key).copied().unwrap_or(default)
}

/// Whether cargo compiles the package's programs beside such a test.
fn calls_programs(kind: ArtifactKind) -> bool {
    matches!(kind, ArtifactKind::IntegrationTest | ArtifactKind::BenchmarkTest)
}

/// Leaves out programs that are there for tests which lack a feature themselves.
pub fn without_idle_programs(products: Vec<Product<'_>>) -> Vec<Product<'_>> {
    if !products.iter().any(|product| product.kind.is_test()) {
        return products;
    }
    let calling: Vec<&str> = products
        .iter()
        .filter(|product| calls_programs(product.kind))
        .map(|product| product.package)
        .collect();
    let is_idle = |product: &Product<'_>| {
        product.kind == ArtifactKind::Executable && !calling.contains(&product.package)
    };
    products.iter().filter(|product| !is_idle(product)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(package: &str, kind: ArtifactKind) -> Product<'_> {
        Product {
            package,
            version: "1.0.0".into(),
            name: "x",
            kind,
            required_features: &[],
            for_host: false,
        }
    }

    #[test]
    fn programs_stay_only_beside_tests_that_may_call_them() {
        use ArtifactKind::{BinaryTest, Executable, IntegrationTest};
        let kept = |products: Vec<Product<'_>>| {
            let kept = without_idle_programs(products);
            kept.iter().map(|one| (one.package.to_owned(), one.kind)).collect::<Vec<_>>()
        };
        let mixed = vec![
            of("a", IntegrationTest),
            of("a", Executable),
            of("b", BinaryTest),
            of("b", Executable),
        ];
        let expected = [("a", IntegrationTest), ("a", Executable), ("b", BinaryTest)];
        assert_eq!(kept(mixed), expected.map(|(package, kind)| (package.to_owned(), kind)));
        assert_eq!(kept(vec![of("a", Executable)]).len(), 1, "a build is no test");
    }

    #[test]
    fn what_manifests_say_of_benchmarks_is_read() {
        let manifest =
            "[lib]\nbench = false\n[[bin]]\nname = \"b\"\n[[test]]\nname = \"t\"\nbench = true\n";
        let mut stated = StatedBenches::new();
        read_benches("p", &manifest.parse().unwrap(), &mut stated);
        let key = |section, name: &str| ("p".to_owned(), section, name.to_owned());
        assert_eq!(
            stated,
            StatedBenches::from([(key("lib", ""), false), (key("test", "t"), true)])
        );
    }
}
