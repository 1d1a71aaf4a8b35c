//! Damaged files: they are errors, or have facts, but never cause a panic.

use crate::support::{bytes, rustc};
use tachi_binary::{BinaryError, facts};

/// The positions in a file at which damage is tried: all at its start, then some.
pub(crate) fn places(length: usize) -> impl Iterator<Item = usize> {
    let dense = 4096.min(length);
    (0..dense).chain((dense..length).step_by((length / 2000).max(1)))
}

#[test]
fn every_prefix_of_a_file_is_an_error() {
    let object = rustc("pub fn one() {}", &["--crate-type=lib", "--emit=obj"]);
    let executable = bytes(std::env::current_exe().unwrap());
    let library = rustc("", &["--crate-type=cdylib", "-Cstrip=symbols"]);
    let archive = rustc("pub fn one() {}", &["--crate-type=rlib"]);
    for whole in [object, executable, library] {
        assert!(facts(&whole).is_ok());
        for length in places(whole.len()).chain([whole.len() - 1]) {
            assert!(facts(&whole[..length]).is_err(), "{length} of {}", whole.len());
        }
    }
    // A prefix of an archive is an archive if it ends between two members.
    assert!(facts(&archive).is_ok());
    for length in places(archive.len()) {
        let _ = facts(&archive[..length]);
    }
}

#[test]
fn changed_bytes_never_cause_a_panic() {
    survives_changes(&rustc("fn main() {}", &["-Cstrip=symbols"]));
    survives_changes(&rustc("pub fn one() {}", &["--crate-type=lib", "--emit=obj"]));
}

/// Reads `original` with single bytes changed, at many places.
pub(crate) fn survives_changes(original: &[u8]) {
    let mut bytes = original.to_vec();
    for place in places(original.len()) {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff] {
            bytes[place] = value;
            let _ = facts(&bytes);
        }
        bytes[place] = original[place];
    }
}

#[test]
fn a_file_without_a_known_magic_is_refused() {
    for bytes in [
        &b""[..],
        b"#!/bin/sh\n",
        b"PK\x03\x04 a zip archive, not a binary",
        b"MZ and then nothing that Windows would run",
        b"\xca\xfe\xba\xbe\0\0\0\x34 a Java class file",
    ] {
        assert_eq!(facts(bytes), Err(BinaryError::UnknownFormat), "{bytes:?}");
    }
}

#[test]
fn a_universal_file_inside_itself_is_refused() {
    let mut bytes = b"\xca\xfe\xba\xbe\0\0\0\x01".to_vec();
    for field in [0x0100_000c_u32, 0, 0, 28, 0] {
        bytes.extend(field.to_be_bytes());
    }
    let error = facts(&bytes).unwrap_err().to_string();
    assert!(error.contains("neither Mach-O nor an archive"), "{error}");
}
