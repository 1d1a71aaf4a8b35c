//! Specs in files, found as cargo lets tests find them.

use std::path::Path;

use tachikoma_specs::{load, SpecError};

/// A file of `tests/fixtures`, wherever the test runs.
fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn a_file_is_read_and_summed_up() {
    let spec = load(&fixture("sample.yaml")).unwrap();
    assert_eq!(spec.summary(), "sample: 2 steps, 3 sources");
}

#[test]
fn the_packages_folder_is_the_current_one() {
    let spec = load(Path::new("tests/fixtures/sample.yaml")).unwrap();
    assert_eq!(spec.summary(), "sample: 2 steps, 3 sources");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = load(&fixture("absent.yaml")).unwrap_err();
    assert!(matches!(error, SpecError::Read { .. }), "{error:?}");
    assert!(error.to_string().contains("absent.yaml"), "{error}");
}
