//! The targets: functions that get each input. Errors are fine; results have to be sound.

use std::io::Cursor;

use tachi_binary::leaks::{self, Known};
use tachi_binary::signature::{self, Replace};
use tachi_binary::stamp::{self, Stamp};
use tachi_binary::strip::{self, Mode};
use tachi_binary::universal::{Contents, Input, Layout};
use tachi_binary::{dependencies, facts};

/// Facts of ELF files.
pub(crate) fn elf(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Facts of Mach-O files.
pub(crate) fn macho(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Facts of universal files.
pub(crate) fn fat(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Facts of PE files.
pub(crate) fn pe(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Facts of WebAssembly modules.
pub(crate) fn wasm(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Facts of archives.
pub(crate) fn archive(bytes: &[u8]) {
    let _ = facts(bytes);
}

/// Stripping: the result can be read, and is for the same processors.
pub(crate) fn strip(bytes: &[u8]) {
    for mode in [Mode::DebugInfo, Mode::Symbols] {
        let Ok(stripped) = strip::strip(bytes, mode) else { continue };
        let (before, after) = (facts(bytes).unwrap(), facts(&stripped).unwrap());
        assert_eq!(before.kind(), after.kind());
        assert_eq!(before.architectures(), after.architectures());
    }
}

/// Splitting: both parts can be read.
pub(crate) fn split(bytes: &[u8]) {
    if let Ok(parts) = strip::split(bytes, Mode::Symbols, "it.debug") {
        facts(&parts.stripped).unwrap();
        let _ = facts(&parts.symbols);
    }
}

/// Signing: what is signed has a good signature.
pub(crate) fn sign(bytes: &[u8]) {
    if let Ok(signed) = signature::sign(bytes, "it", Replace::Any) {
        let checked = signature::verify(&signed).unwrap();
        assert!(checked.iter().all(signature::Checked::is_good), "{checked:?}");
    }
}

/// Checking signatures.
pub(crate) fn verify(bytes: &[u8]) {
    let _ = signature::verify(bytes);
}

/// Stamping: what is written is read again, and nothing else changes.
pub(crate) fn stamp(bytes: &[u8]) {
    let mut values = Stamp::new();
    values.set("git_hash", "0a1b2c3").unwrap();
    let _ = stamp::read(bytes);
    let mut stamped = bytes.to_vec();
    if stamp::write(&mut stamped, &values).is_ok() {
        assert_eq!(stamped.len(), bytes.len());
        assert_eq!(stamp::read(&stamped), Ok(Some(values)));
    }
}

/// Looking for leaks: each lies in the file.
pub(crate) fn leaks(bytes: &[u8]) {
    let known = Known {
        user: Some("user".into()),
        home: Some("/rustc".into()),
        folders: vec!["/lib".into(), r"C:\".into()],
    };
    for leak in leaks::scan(bytes, &known) {
        assert!(leak.offset < bytes.len() as u64, "{leak:?}");
        assert!(leak.count > 0 && !leak.text.is_empty(), "{leak:?}");
    }
}

/// The embedded list of dependencies.
pub(crate) fn dependencies(bytes: &[u8]) {
    let _ = dependencies::read(bytes);
}

/// Joining universal files: what is joined can be taken apart.
pub(crate) fn universal(bytes: &[u8]) {
    let Ok(contents) = Contents::read(&mut Cursor::new(bytes)) else { return };
    let inputs = [Input { name: "it", contents }];
    let Ok(layout) = Layout::new(&inputs) else { return };
    let mut joined = Vec::with_capacity(usize::try_from(layout.size()).unwrap());
    layout.write(&mut [Cursor::new(bytes)], &mut joined).unwrap();
    let again = Contents::read(&mut Cursor::new(&joined)).unwrap();
    assert_eq!(again.slices.len(), layout.slices().len());
}
