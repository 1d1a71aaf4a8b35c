//! Mach-O and PE facts of files that rustc's own linker makes here.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests write the linker's inputs; the crate itself touches no file"
)]

use std::path::Path;

use crate::damaged::survives_changes;
use crate::support::{bytes, run, rust_lld};
use object::write::{Object, Symbol, SymbolSection};
use object::{BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope};
use tachi_binary::{
    Architecture, BinaryFacts, DylibUse, Kind, MachOFacts, PeFacts, Version, facts,
};

/// An object file with a function of one byte for each of `defined`, and a pointer to each
/// of `used`.
pub(crate) fn object(
    format: BinaryFormat,
    architecture: object::Architecture,
    defined: &[&str],
    used: &[&str],
) -> Vec<u8> {
    let mut object = Object::new(format, architecture, Endianness::Little);
    let text = object.section_id(object::write::StandardSection::Text);
    let data = object.section_id(object::write::StandardSection::Data);
    let symbol = |name: &str, section| Symbol {
        name: name.into(),
        value: 0,
        size: 0,
        kind: SymbolKind::Text,
        scope: SymbolScope::Dynamic,
        weak: false,
        section,
        flags: SymbolFlags::None,
    };
    for name in defined {
        let id = object.add_symbol(symbol(name, SymbolSection::Undefined));
        object.add_symbol_data(id, text, &[0xc3, 0, 0, 0], 4);
    }
    for name in used {
        let id = object.add_symbol(symbol(name, SymbolSection::Undefined));
        let offset = object.append_section_data(data, &[0; 8], 8);
        let flags = object::RelocationFlags::Generic {
            kind: object::RelocationKind::Absolute,
            encoding: object::RelocationEncoding::Generic,
            size: 64,
        };
        let relocation = object::write::Relocation { offset, symbol: id, addend: 0, flags };
        object.add_relocation(data, relocation).unwrap();
    }
    object.write().unwrap()
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

const LIB_SYSTEM: &str = "\
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libSystem.B.dylib
current-version: 1345.100.2
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ dyld_stub_binder, _exit ]
...
";

/// Links for macOS; `flags` follow the inputs.
pub(crate) fn macos(
    cpu: (&str, object::Architecture),
    defined: &[&str],
    flags: &[&str],
) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let input = object(BinaryFormat::MachO, cpu.1, defined, &["exit"]);
    let input = write(folder.path(), "it.o", input);
    let system = write(folder.path(), "libSystem.tbd", LIB_SYSTEM);
    let output = folder.path().join("it");
    let mut args = vec!["-flavor", "darwin", "-arch", cpu.0];
    args.extend(["-platform_version", "macos", "11.0", "14.2"]);
    args.extend([&input, &system, "-o", output.to_str().unwrap()]);
    args.extend(flags);
    run(rust_lld(), &args);
    bytes(output)
}

pub(crate) const ARM64: (&str, object::Architecture) = ("arm64", object::Architecture::Aarch64);
pub(crate) const X86_64: (&str, object::Architecture) = ("x86_64", object::Architecture::X86_64);

fn macho(bytes: &[u8]) -> MachOFacts {
    match facts(bytes) {
        Ok(BinaryFacts::MachO(facts)) => facts,
        other => panic!("not Mach-O: {other:?}"),
    }
}

#[test]
fn a_mac_executable_has_the_linkers_versions_and_libraries() {
    let found = macho(&macos(ARM64, &["main"], &["-rpath", "@loader_path/../lib"]));
    assert_eq!(found.architecture, Architecture::Aarch64);
    assert_eq!((found.kind, found.pie, found.bits), (Kind::Executable, true, 64));
    assert_eq!(found.platform, Some("macos"));
    assert_eq!(found.minimum_os, Some(Version::new(11, 0, 0)));
    assert_eq!(found.sdk, Some(Version::new(14, 2, 0)));
    assert_eq!(found.rpaths, ["@loader_path/../lib"]);
    assert_eq!(found.install_name, None);
    assert_eq!(found.uuid.map(|uuid| uuid.len()), Some(32));
    assert!(found.signed, "lld signs for arm64");
    let [dylib] = &found.dylibs[..] else { panic!("{:?}", found.dylibs) };
    assert_eq!(dylib.path, "/usr/lib/libSystem.B.dylib");
    assert_eq!(dylib.current_version, Version::new(1345, 100, 2));
    assert_eq!(dylib.usage, DylibUse::Required);
}

#[test]
fn mac_libraries_and_bundles_are_not_executables() {
    let dylib = macho(&macos(X86_64, &["one"], &["-dylib", "-install_name", "@rpath/libit.dylib"]));
    assert_eq!(dylib.kind, Kind::SharedLibrary);
    assert_eq!(dylib.install_name.as_deref(), Some("@rpath/libit.dylib"));
    assert!(!dylib.signed, "lld does not sign for x86-64");
    assert_eq!(macho(&macos(X86_64, &["one"], &["-bundle"])).kind, Kind::Bundle);
    let object = object(BinaryFormat::MachO, X86_64.1, &["one"], &[]);
    assert_eq!(macho(&object).kind, Kind::Relocatable);
}

#[test]
fn the_slices_of_a_universal_file_are_read_one_by_one() {
    let (intel, arm) = (macos(X86_64, &["main"], &[]), macos(ARM64, &["main"], &[]));
    let mut fat = b"\xca\xfe\xba\xbe\0\0\0\x02".to_vec();
    let second = (0x4000 + intel.len()).next_multiple_of(0x4000);
    for (cpu, subtype, offset, slice) in
        [(0x0100_0007_u32, 3_u32, 0x4000, &intel), (0x0100_000c, 0, second, &arm)]
    {
        fat.extend([cpu, subtype].map(u32::to_be_bytes).concat());
        let range = [offset, slice.len(), 14].map(|one| u32::try_from(one).unwrap().to_be_bytes());
        fat.extend(range.concat());
    }
    fat.resize(0x4000, 0);
    fat.extend(&intel);
    fat.resize(second, 0);
    fat.extend(&arm);

    let found = facts(&fat).unwrap();
    assert_eq!(found.architectures(), [Architecture::X86_64, Architecture::Aarch64]);
    assert_eq!(found.kind(), Some(Kind::Executable));
    let BinaryFacts::FatMachO(found) = found else { panic!("{found:?}") };
    let inside: Vec<_> = found.slices.into_iter().map(|slice| slice.facts).collect();
    assert_eq!(inside, [&intel, &arm].map(|slice| BinaryFacts::MachO(macho(slice))));
    survives_changes(&intel);
    survives_changes(&fat);
    for length in (0..fat.len()).step_by(7).chain([fat.len() - 1]) {
        assert!(facts(&fat[..length]).is_err(), "{length} of {}", fat.len());
    }
}

/// A DLL `first.dll` and a program that uses it, linked for Windows.
fn windows() -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lld = rust_lld();
    let link = |object: Vec<u8>, output: &str, flags: &[&str]| {
        let input = write(folder, &format!("{output}.obj"), object);
        let output = folder.join(output);
        let out = format!("/out:{}", output.display());
        let mut args = vec!["-flavor", "link", "/nodefaultlib", &input, &out];
        args.extend(flags);
        run(&lld, &args);
        bytes(output)
    };
    let cpu = object::Architecture::X86_64;
    let dll = link(
        object(BinaryFormat::Coff, cpu, &["one"], &[]),
        "first.dll",
        &["/dll", "/noentry", "/export:one"],
    );
    let import_library = folder.join("first.lib");
    let program = link(
        object(BinaryFormat::Coff, cpu, &["start"], &["one"]),
        "program.exe",
        &["/entry:start", "/subsystem:console,6.02", import_library.to_str().unwrap()],
    );
    assert!(matches!(facts(&bytes(&import_library)), Ok(BinaryFacts::Archive(_))));
    (dll, program)
}

fn pe(bytes: &[u8]) -> PeFacts {
    match facts(bytes) {
        Ok(BinaryFacts::Pe(facts)) => facts,
        other => panic!("not PE: {other:?}"),
    }
}

#[test]
fn windows_programs_and_libraries_have_the_linkers_facts() {
    let (dll, program) = windows();
    let (library, executable) = (pe(&dll), pe(&program));
    assert_eq!((library.kind, executable.kind), (Kind::SharedLibrary, Kind::Executable));
    assert_eq!(library.imports, [""; 0]);
    assert_eq!(executable.imports, ["first.dll"]);
    assert_eq!(executable.architecture, Architecture::X86_64);
    assert_eq!((executable.bits, executable.signed), (64, false));
    assert_eq!(executable.subsystem, "console");
    assert_eq!(executable.subsystem_version, Version::new(6, 2, 0));
    for whole in [dll, program] {
        survives_changes(&whole);
        for length in 0..whole.len() {
            assert!(facts(&whole[..length]).is_err(), "{length} of {}", whole.len());
        }
    }
}
