//! Code signatures: ours have the linker's bytes, and damage is found.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests write what rust-objcopy reads; the crate itself touches no file"
)]

use object::BinaryFormat;
use sha2::{Digest as _, Sha256, Sha384};
use tachi_binary::signature::{
    Checked, Digest, Flags, Problem, Replace, Signature, SignatureError, sign, verify,
};
use tachi_binary::{BinaryFacts, facts};

use crate::damaged::places;
use crate::foreign::{ARM64, X86_64, macos, object};
use crate::signed_by_hand::{Blob, Directory, blob, resigned, superblob};
use crate::support::{bytes, rust_objcopy};
use crate::universal::join;

const DYLIB: &[&str] = &["-dylib", "-install_name", "@rpath/libit.dylib"];

/// Enough functions for several pages.
fn large(cpu: (&str, object::Architecture), flags: &[&str]) -> Vec<u8> {
    let names: Vec<String> = (0..900).map(|number| format!("function_{number}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.push("main");
    macos(cpu, &names, flags)
}

/// The signature of a file for one architecture.
fn signature(file: &[u8]) -> Signature {
    let [checked] = &verify(file).unwrap()[..] else { panic!("one architecture") };
    checked.signature.clone().expect("a signature")
}

fn is_good(file: &[u8]) -> bool {
    verify(file).unwrap().iter().all(Checked::is_good)
}

/// The file that LLVM's objcopy writes: with a new layout and, if the file has a signature, a new
/// signature with the file's name as identifier.
fn objcopied(file: &[u8], name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("input"), file).unwrap();
    rust_objcopy(&[&path("input"), &path(name)]);
    bytes(path(name))
}

#[test]
fn a_new_signature_has_the_bytes_of_the_linkers() {
    for (name, file, identifier) in [
        ("arm64 executable", macos(ARM64, &["main"], &[]), "it"),
        ("large arm64 executable", large(ARM64, &[]), "it"),
        ("x86_64 executable", macos(X86_64, &["main"], &["-adhoc_codesign"]), "it"),
        ("large x86_64 executable", large(X86_64, &["-adhoc_codesign"]), "it"),
        ("arm64 dylib", macos(ARM64, &["one"], DYLIB), "libit.dylib"),
        ("arm64 bundle", macos(ARM64, &["one"], &["-bundle"]), "it"),
    ] {
        assert!(sign(&file, identifier, Replace::AdHoc).unwrap() == file, "{name}");
        let found = signature(&file);
        assert_eq!(found.problems, [], "{name}");
        let [directory] = &found.directories[..] else { panic!("{name}: one directory") };
        assert_eq!(directory.identifier, identifier, "{name}");
        assert_eq!(directory.flags.to_string(), "adhoc,linker-signed", "{name}");
        assert_eq!((directory.version, directory.digest), (0x20400, Digest::Sha256), "{name}");
        assert_eq!(directory.page_size, Some(4096), "{name}");
        assert_eq!(directory.team, None, "{name}");
        assert_eq!((found.has_certificate, found.has_entitlements), (false, false), "{name}");

        // With a longer name and back again.
        let renamed = sign(&file, &"long".repeat(60), Replace::AdHoc).unwrap();
        assert!(renamed.len() > file.len() && is_good(&renamed), "{name}");
        assert!(sign(&renamed, identifier, Replace::AdHoc).unwrap() == file, "{name}");
    }
}

#[test]
fn objcopy_keeps_the_bytes_of_a_first_signature() {
    for (name, file) in [
        ("executable", macos(X86_64, &["main"], &[])),
        ("large executable", large(X86_64, &[])),
        ("dylib", macos(X86_64, &["one"], DYLIB)),
        ("bundle", macos(X86_64, &["one"], &["-bundle"])),
        ("arm64 executable", large(ARM64, &["-no_adhoc_codesign"])),
    ] {
        // objcopy writes tables in its own order: the first copy differs, later copies do not.
        let file = objcopied(&file, "it");
        assert!(verify(&file).unwrap()[0].signature.is_none(), "{name}");
        let signed = sign(&file, "it", Replace::AdHoc).unwrap();
        assert!(is_good(&signed), "{name}");
        assert!(objcopied(&signed, "it") == signed, "{name}: objcopy writes other bytes");
        let (Ok(BinaryFacts::MachO(before)), Ok(BinaryFacts::MachO(mut after))) =
            (facts(&file), facts(&signed))
        else {
            panic!("{name}: not Mach-O")
        };
        assert!(after.signed && !before.signed);
        after.signed = false;
        assert_eq!(before, after, "{name}: more has changed than the signature");
    }
}

#[test]
fn every_slice_of_a_universal_file_is_signed() {
    let (intel, arm) = (macos(X86_64, &["main"], &[]), macos(ARM64, &["main"], &[]));
    let signed = sign(&join(&[&intel, &arm]).unwrap(), "both", Replace::AdHoc).unwrap();
    let checked = verify(&signed).unwrap();
    let cpus: Vec<_> = checked.iter().map(|slice| slice.cpu.to_string()).collect();
    assert_eq!(cpus, ["x86_64", "arm64"]);
    assert!(is_good(&signed));
    let alone = [&intel, &arm].map(|file| sign(file, "both", Replace::AdHoc).unwrap());
    assert!(signed == join(&[&alone[0], &alone[1]]).unwrap());
    assert!(sign(&signed, "both", Replace::AdHoc).unwrap() == signed);
}

#[test]
fn one_changed_byte_in_any_page_is_found() {
    for file in [large(ARM64, &[]), large(X86_64, &["-adhoc_codesign"])] {
        let limit = usize::try_from(signature(&file).directories[0].code_limit).unwrap();
        let mut damaged = file.clone();
        // The first page holds the headers, where damage can have other consequences.
        for page in 1..limit.div_ceil(4096) {
            for place in [page * 4096, (page * 4096 + 4095).min(limit - 1)] {
                damaged[place] ^= 1;
                let first = (page * 4096) as u64;
                assert_eq!(signature(&damaged).problems, [Problem::Pages { count: 1, first }]);
                damaged[place] ^= 1;
            }
        }
        for place in (0..4096).step_by(13) {
            damaged[place] ^= 1;
            let found = verify(&damaged);
            assert!(
                !found.is_ok_and(|found| found.iter().all(Checked::is_good)),
                "the byte at {place}"
            );
            damaged[place] ^= 1;
        }
        damaged[0x1000] ^= 0x80;
        damaged[limit - 1] ^= 0x80;
        let first = 0x1000;
        assert_eq!(signature(&damaged).problems, [Problem::Pages { count: 2, first }]);
    }
}

#[test]
fn each_field_of_a_signature_is_checked() {
    let good = large(ARM64, &[]);
    let directory = usize::try_from(signature(&good).directories[0].code_limit).unwrap() + 24;
    // Positions in the code directory.
    for (at, value, message) in [
        (directory - 24, 0, "damaged: it does not begin as one"),
        (directory - 20, u32::MAX, "longer than the space it has"),
        (directory - 16, 65, "impossibly many parts"),
        (directory - 16, 0, "no code directory"),
        (directory - 12, 1, "no code directory"),
        (directory - 8, u32::MAX, "outside it"),
        (directory, 1, "something else"),
        (directory + 8, 0x3_0000, "unknown version"),
        (directory + 16, u32::MAX, "hashes lie outside"),
        (directory + 20, u32::MAX, "a name lies outside"),
        (directory + 24, u32::MAX, "hashes lie outside"),
        (directory + 28, 1, "has 1 hashes for"),
        (directory + 28, u32::MAX, "hashes lie outside"),
        (directory + 32, 4096, "covers 4096 bytes of"),
        (directory + 36, 0x2002_00ff, "impossibly large"),
        (directory + 36, 0x1402_000c, "wrong size"),
        (directory + 36, 0x2009_000c, "hash 9 hashes only"),
        (directory + 68, 1, "another executable segment"),
    ] {
        let mut damaged = good.clone();
        damaged[at..at + 4].copy_from_slice(&value.to_be_bytes());
        let found = signature(&damaged).problems;
        let text: Vec<String> = found.iter().map(Problem::to_string).collect();
        assert!(text.iter().any(|one| one.contains(message)), "{message}: {text:?}");
        // A damaged signature is replaced by a good one.
        assert!(sign(&damaged, "it", Replace::AdHoc).unwrap() == good, "{message}");
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

const PLAIN: Directory =
    Directory { digest: 2, hash: sha256, page_bits: 12, team: None, special: Vec::new() };

fn entitlements() -> Vec<u8> {
    blob(0xfade_7171, b"<plist/>")
}

/// A file with a signature like those of `codesign`: requirements, entitlements, and a place for
/// certificates.
fn codesigned(directories: &[(u32, Directory)], more: &[Blob]) -> Vec<u8> {
    resigned(&macos(X86_64, &["main"], &["-adhoc_codesign"]), 0x2000, |code| {
        let mut blobs: Vec<Blob> =
            directories.iter().map(|(slot, directory)| (*slot, directory.blob(code))).collect();
        blobs.extend(more.iter().cloned());
        superblob(&blobs)
    })
}

#[test]
fn special_slots_are_compared_with_the_parts_of_the_signature() {
    let requirements = (2, blob(0xfade_0c01, &[0; 4]));
    let rights = (5, entitlements());
    let special = vec![requirements.clone(), rights.clone()];
    let full = Directory { special: special.clone(), ..PLAIN };
    let other = (5, blob(0xfade_7171, b"<other/>"));
    for (name, directory, blobs, problems) in [
        ("all in order", &full, special.clone(), &[][..]),
        (
            "other entitlements",
            &full,
            vec![requirements.clone(), other],
            &[Problem::Slot { slot: 5, is_unsigned: false }],
        ),
        ("no entitlements", &full, vec![requirements.clone()], &[Problem::MissingSlot(5)]),
        (
            "entitlements that nobody signed",
            &PLAIN,
            vec![rights.clone()],
            &[Problem::Slot { slot: 5, is_unsigned: true }],
        ),
        // Info.plist lies outside the file, and is not checked.
        (
            "a bundle",
            &Directory { special: vec![(1, b"Info.plist".to_vec())], ..PLAIN },
            vec![],
            &[],
        ),
    ] {
        let found = signature(&codesigned(&[(0, directory.clone())], &blobs));
        assert_eq!(found.problems, problems, "{name}");
        assert_eq!(found.has_entitlements, blobs.iter().any(|(slot, _)| *slot == 5), "{name}");
    }
}

#[test]
fn directories_of_all_hash_functions_are_read_and_sha_1_is_not_trusted() {
    let sha384 = |bytes: &[u8]| Sha384::digest(bytes).to_vec();
    let cut = |bytes: &[u8]| Sha256::digest(bytes)[..20].to_vec();
    // Its hashes are wrong, but are not checked.
    let sha1 = |_: &[u8]| vec![7; 20];
    let old = Directory { digest: 1, hash: sha1, ..PLAIN };
    let wrong = Directory { hash: |_| vec![7; 32], ..PLAIN };
    let untrusted = Problem::Untrusted(Digest::Sha1);
    for (name, directories, is_good) in [
        ("SHA-384", vec![(0, Directory { digest: 4, hash: sha384, ..PLAIN })], true),
        ("SHA-256 cut", vec![(0, Directory { digest: 3, hash: cut, ..PLAIN })], true),
        ("one page", vec![(0, Directory { page_bits: 0, ..PLAIN })], true),
        ("pages of 16 KiB", vec![(0, Directory { page_bits: 14, ..PLAIN })], true),
        ("SHA-1 and SHA-256", vec![(0, old.clone()), (0x1000, PLAIN)], true),
        ("a wrong alternate", vec![(0, PLAIN), (0x1000, wrong)], false),
        ("SHA-1 alone", vec![(0, old)], false),
    ] {
        let found = signature(&codesigned(&directories, &[]));
        assert_eq!(found.problems.is_empty(), is_good, "{name}: {:?}", found.problems);
        assert_eq!(found.problems.contains(&untrusted), name == "SHA-1 alone", "{name}");
        assert_eq!(found.directories.len(), directories.len(), "{name}");
    }
    let team = Directory { team: Some("TEAM"), ..PLAIN };
    let found = signature(&codesigned(&[(0, team)], &[]));
    assert_eq!(found.directories[0].team.as_deref(), Some("TEAM"));
    assert_eq!(found.directories[0].identifier, "by.hand");
    assert!(found.directories[0].flags.has(Flags::ADHOC));
}

#[test]
fn a_signature_with_a_certificate_or_entitlements_is_replaced_only_on_demand() {
    let rights = (5, entitlements());
    let granting = Directory { special: vec![rights.clone()], ..PLAIN };
    let certificate = (0x1_0000, blob(0xfade_0b01, b"a certificate's signature"));
    let empty = (0x1_0000, blob(0xfade_0b01, b""));
    let plain = large(ARM64, &[]);
    for (file, refusal) in [
        (codesigned(&[(0, PLAIN)], &[certificate]), Some("was made with a certificate")),
        (codesigned(&[(0, granting)], &[rights]), Some("grants entitlements")),
        (codesigned(&[(0, PLAIN)], &[empty]), None),
        (plain, None),
    ] {
        match (sign(&file, "it", Replace::AdHoc), refusal) {
            (Ok(signed), None) => assert!(is_good(&signed)),
            (Err(error), Some(text)) => assert!(error.to_string().contains(text), "{error}"),
            (other, _) => panic!("{refusal:?}: {:?}", other.map(|signed| signed.len())),
        }
        assert!(is_good(&sign(&file, "it", Replace::Any).unwrap()));
    }
}

#[test]
fn files_that_cannot_be_signed_are_refused() {
    let arm = macos(ARM64, &["main"], &[]);
    let unsigned = macos(X86_64, &["main"], &[]);
    let longer = |file: &[u8]| [file, b"more"].concat();
    let mut full = unsigned.clone();
    let end = 32 + u32::from_le_bytes(full[20..24].try_into().unwrap()) as usize;
    full[end + 15] = 1;
    let object = object(BinaryFormat::MachO, ARM64.1, &["one"], &[]);
    for (file, identifier, message) in [
        (&object[..], "it", "an object file cannot have a code signature"),
        (b"!<arch>\n", "it", "has no members"),
        (b"\x7fELF", "it", "not a Mach-O file"),
        (&longer(&arm), "it", "__LINKEDIT ends elsewhere"),
        (&longer(&unsigned), "it", "__LINKEDIT ends elsewhere"),
        (&full, "it", "a signature needs 16"),
        (&arm, "", "cannot be an identifier"),
        (&arm, "a\nb", "cannot be an identifier"),
        (&arm, &"x".repeat(256), "cannot be an identifier"),
    ] {
        let error = sign(file, identifier, Replace::Any).unwrap_err().to_string();
        assert!(error.contains(message), "{message}: {error}");
    }
    assert!(matches!(verify(&object), Err(SignatureError::Kind(_))));
    let trailing = signature(&longer(&arm));
    assert_eq!(trailing.problems, [Problem::TrailingBytes(4)]);
}

#[test]
fn damaged_files_never_cause_a_panic_and_never_grow() {
    let arm = macos(ARM64, &["main"], &[]);
    let intel = macos(X86_64, &["main"], &["-adhoc_codesign"]);
    let unsigned = macos(X86_64, &["main"], &[]);
    let by_hand = codesigned(&[(0, PLAIN)], &[(5, entitlements())]);
    for original in [join(&[&intel, &arm]).unwrap(), intel, unsigned, by_hand] {
        let attempt = |bytes: &[u8]| {
            let _ = verify(bytes);
            if let Ok(signed) = sign(bytes, "it", Replace::Any) {
                assert!(signed.len() < original.len() * 2 + 0x8000, "{}", signed.len());
            }
        };
        for length in places(original.len()).step_by(17) {
            attempt(&original[..length]);
        }
        let mut bytes = original.clone();
        // Every byte of the headers and the signature: these decide what happens.
        let signature = original.windows(4).rposition(|four| four == b"\xfa\xde\x0c\xc0");
        let signature = signature.map_or(0..0, |start| start..start + 160);
        let is_universal = original.starts_with(b"\xca\xfe\xba\xbe");
        let headers = if is_universal { 0..48 } else { 0..0x400 };
        for place in headers.chain(signature) {
            let Some(&old) = original.get(place) else { continue };
            for value in [0x00, 0x01, 0x7f, 0xff] {
                bytes[place] = value;
                attempt(&bytes);
            }
            bytes[place] = old;
        }
    }
}
