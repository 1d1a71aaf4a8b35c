//! Compares what cargo reported with what the plan expects.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::plan::{Artifact, ArtifactKind};

use super::messages::{Reported, ReportedKind};
use crate::target::{TargetFacts, catalogue};

/// A file that cargo made, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Produced {
    /// What it is.
    pub artifact: Artifact,
    /// Where cargo put it.
    pub path: Utf8PathBuf,
    /// Nothing had to be compiled for it.
    pub fresh: bool,
}

/// A difference between plan and cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// Expected, but not reported.
    Missing(String),
    /// Programs reported, but not expected.
    Surplus(String),
}

/// Finds each expected file among the reported ones.
///
/// `targets` are the triples of the call; `packages` maps the ids of the *selected* packages
/// to their names. Programs must match exactly. Libraries that nobody expects are no
/// surplus: cargo makes all crate types of a library that something else depends on.
///
/// # Errors
/// A file is missing, or a program is surplus.
pub fn reconcile(
    expected: &[Artifact],
    reported: &[Reported],
    targets: &[String],
    packages: &BTreeMap<String, String>,
) -> Result<Vec<Produced>, Mismatch> {
    let mut files: BTreeMap<Artifact, (Utf8PathBuf, bool)> = BTreeMap::new();
    for report in reported {
        let Some(package) = packages.get(&report.package_id) else { continue };
        for (kind, path) in files_of(report, targets) {
            let (package, name) = (package.clone(), report.name.clone());
            let target = String::new();
            let mut artifact = Artifact { target, package, name, kind, variant: None };
            let target = if report.is_proc_macro {
                target_expected(&artifact, expected)
            } else {
                triple_of(&path, targets)
            };
            let Some(target) = target else { continue };
            artifact.target = target;
            files.insert(artifact, (path, report.fresh));
        }
    }
    let mut produced = Vec::new();
    let mut missing = Vec::new();
    for artifact in expected {
        // The file of a shared library does not tell whether Node.js loads it.
        let mut key = Artifact { variant: None, ..artifact.clone() };
        if key.kind == ArtifactKind::NodeAddon {
            key.kind = ArtifactKind::Cdylib;
        }
        match files.remove(&key) {
            Some((path, fresh)) => {
                produced.push(Produced { artifact: artifact.clone(), path, fresh });
            }
            None => missing.push(in_words(artifact)),
        }
    }
    if !missing.is_empty() {
        return Err(Mismatch::Missing(missing.join(", ")));
    }
    let is_program = |artifact: &&Artifact| {
        matches!(artifact.kind, ArtifactKind::Executable | ArtifactKind::Example)
            || artifact.kind.is_test()
    };
    let surplus: Vec<_> = files.keys().filter(is_program).map(in_words).collect();
    if surplus.is_empty() { Ok(produced) } else { Err(Mismatch::Surplus(surplus.join(", "))) }
}

/// The target for which something is expected that is compiled for the host in any case.
fn target_expected(artifact: &Artifact, expected: &[Artifact]) -> Option<String> {
    let same = |one: &&Artifact| {
        (&one.package, &one.name, one.kind) == (&artifact.package, &artifact.name, artifact.kind)
    };
    expected.iter().find(same).map(|one| one.target.clone())
}

fn in_words(artifact: &Artifact) -> String {
    let kind = match artifact.kind {
        ArtifactKind::Executable => "the program",
        ArtifactKind::Example => "the example",
        ArtifactKind::Cdylib | ArtifactKind::NodeAddon => "the shared library",
        ArtifactKind::Staticlib => "the static library",
        ArtifactKind::LibraryTest => "the unit tests of the library",
        ArtifactKind::BinaryTest => "the unit tests of the program",
        ArtifactKind::ExampleTest => "the unit tests of the example",
        ArtifactKind::IntegrationTest => "the integration test",
        ArtifactKind::BenchmarkTest => "the benchmark",
        _ => "the file",
    };
    format!("{kind} `{}` of {} for {}", artifact.name, artifact.package, artifact.target)
}

fn files_of(report: &Reported, targets: &[String]) -> Vec<(ArtifactKind, Utf8PathBuf)> {
    let executable = |kind| report.executable.iter().map(|path| (kind, path.clone())).collect();
    match report.kind {
        Some(ReportedKind::Bin) => executable(ArtifactKind::Executable),
        Some(ReportedKind::Example) => executable(ArtifactKind::Example),
        Some(ReportedKind::Test(kind)) => executable(kind),
        Some(ReportedKind::Lib) => report
            .files
            .iter()
            .filter_map(|path| {
                Some((library_kind(path, facts_of(path, targets)?, &report.name)?, path.clone()))
            })
            .collect(),
        None => Vec::new(),
    }
}

fn library_kind(path: &Utf8Path, target: &TargetFacts, name: &str) -> Option<ArtifactKind> {
    let file = path.file_name()?;
    if file == target.cdylib_name(name) {
        Some(ArtifactKind::Cdylib)
    } else if file == target.staticlib_name(name) {
        Some(ArtifactKind::Staticlib)
    } else {
        None
    }
}

fn facts_of(path: &Utf8Path, targets: &[String]) -> Option<&'static TargetFacts> {
    catalogue::find(&triple_of(path, targets)?)
}

/// The target that a file is for. Cargo documents `<target folder>/<triple>/<profile>/` for
/// final files; a call without `--target` has one target only.
fn triple_of(path: &Utf8Path, targets: &[String]) -> Option<String> {
    let named =
        targets.iter().find(|triple| path.components().any(|part| part.as_str() == *triple));
    match (named, targets) {
        (Some(triple), _) | (None, [triple]) => Some(triple.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X64: &str = "x86_64-unknown-linux-gnu";
    const ARM: &str = "aarch64-unknown-linux-gnu";

    fn expected(target: &str, name: &str, kind: ArtifactKind) -> Artifact {
        let (target, package, name) = (target.into(), "app".into(), name.into());
        Artifact { target, package, name, kind, variant: None }
    }

    fn program(target: &str, name: &str) -> Reported {
        let path = Utf8PathBuf::from(format!("/t/{target}/release/{name}"));
        Reported {
            package_id: "app-id".into(),
            name: name.into(),
            kind: Some(ReportedKind::Bin),
            files: vec![path.clone()],
            executable: Some(path),
            fresh: false,
            is_proc_macro: false,
        }
    }

    fn run(expected: &[Artifact], reported: &[Reported]) -> Result<Vec<Produced>, Mismatch> {
        let packages = BTreeMap::from([("app-id".to_owned(), "app".to_owned())]);
        reconcile(expected, reported, &[X64.into(), ARM.into()], &packages)
    }

    #[test]
    fn each_file_is_matched_by_target_not_by_order() {
        let both = [ARM, X64].map(|target| expected(target, "app", ArtifactKind::Executable));
        let produced = run(&both, &[program(X64, "app"), program(ARM, "app")]).unwrap();
        assert_eq!(produced[0].path, "/t/aarch64-unknown-linux-gnu/release/app");
        assert_eq!(produced[1].path, "/t/x86_64-unknown-linux-gnu/release/app");
    }

    #[test]
    fn a_missing_file_is_named() {
        let both = [ARM, X64].map(|target| expected(target, "app", ArtifactKind::Executable));
        assert_eq!(
            run(&both, &[program(X64, "app")]).unwrap_err(),
            Mismatch::Missing(format!("the program `app` of app for {ARM}"))
        );
    }

    #[test]
    fn a_surplus_program_is_named_unless_it_is_a_dependencys() {
        let one = [expected(X64, "app", ArtifactKind::Executable)];
        assert_eq!(
            run(&one, &[program(X64, "app"), program(X64, "extra")]).unwrap_err(),
            Mismatch::Surplus(format!("the program `extra` of app for {X64}"))
        );
        let foreign = Reported { package_id: "other".into(), ..program(X64, "extra") };
        assert!(run(&one, &[program(X64, "app"), foreign]).is_ok());
    }

    #[test]
    fn tests_are_told_from_programs_and_tests_of_proc_macros_are_for_the_host() {
        let test = |name: &str, kind| Reported {
            kind: Some(ReportedKind::Test(kind)),
            ..program(ARM, name)
        };
        let of_macro = Reported {
            executable: Some("/t/debug/deps/macros-1".into()),
            is_proc_macro: true,
            ..test("macros", ArtifactKind::LibraryTest)
        };
        let wanted = [
            expected(ARM, "app", ArtifactKind::BinaryTest),
            expected(ARM, "app", ArtifactKind::Executable),
            expected(X64, "macros", ArtifactKind::LibraryTest),
        ];
        let reported = [test("app", ArtifactKind::BinaryTest), program(ARM, "app"), of_macro];
        let packages = BTreeMap::from([("app-id".to_owned(), "app".to_owned())]);
        let produced = reconcile(&wanted, &reported, &[ARM.into()], &packages).unwrap();
        assert_eq!(produced[2].path, "/t/debug/deps/macros-1");
        let error = reconcile(&wanted[1..], &reported, &[ARM.into()], &packages).unwrap_err();
        let surplus = format!("the unit tests of the program `app` of app for {ARM}");
        assert_eq!(error, Mismatch::Surplus(surplus));
    }

    #[test]
    fn a_library_has_a_file_for_each_of_its_crate_types() {
        let report = Reported {
            kind: Some(ReportedKind::Lib),
            files: ["libx.so", "libx.a", "libx.rlib"]
                .map(|f| format!("/t/{X64}/release/{f}").into())
                .into(),
            executable: None,
            ..program(X64, "x")
        };
        let wanted =
            [ArtifactKind::NodeAddon, ArtifactKind::Staticlib].map(|kind| expected(X64, "x", kind));
        let produced = run(&wanted, &[report]).unwrap();
        assert_eq!(produced[0].path.file_name(), Some("libx.so"));
        assert_eq!(produced[1].path.file_name(), Some("libx.a"));
    }
}
