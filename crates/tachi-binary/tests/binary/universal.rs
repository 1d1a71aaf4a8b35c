//! Universal files: the bytes are llvm-lipo's, and what cannot be joined is refused.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests write what llvm-lipo reads; the crate itself touches no file"
)]

use std::io::Cursor;

use object::BinaryFormat;
use tachi_binary::universal::{
    Content, Contents, Input, Layout, Slice, UniversalError, copy_slice,
};
use tachi_binary::{Cpu, Kind};

use crate::damaged::places;
use crate::foreign::{ARM64, X86_64, macos, object};
use crate::support::{bytes, llvm, run};

fn read(bytes: &[u8]) -> Result<Contents, UniversalError> {
    Contents::read(&mut Cursor::new(bytes))
}

/// Joins files that are called `a`, `b`, `c`.
pub(crate) fn join(files: &[&[u8]]) -> Result<Vec<u8>, UniversalError> {
    let mut inputs = Vec::new();
    for (name, file) in ["a", "b", "c"].into_iter().zip(files) {
        inputs.push(Input { name, contents: read(file)? });
    }
    let layout = Layout::new(&inputs)?;
    let mut files: Vec<_> = files.iter().map(Cursor::new).collect();
    let mut joined = Vec::new();
    layout.write(&mut files, &mut joined)?;
    assert_eq!(joined.len() as u64, layout.size());
    assert!(joined.starts_with(layout.header()));
    Ok(joined)
}

fn lipo(files: &[&[u8]]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut args = vec!["-create".to_owned(), "-output".to_owned(), path("out")];
    for (name, file) in ["a", "b", "c"].into_iter().zip(files) {
        std::fs::write(path(name), file).unwrap();
        args.push(path(name));
    }
    run(llvm("llvm-lipo"), &args.iter().map(String::as_str).collect::<Vec<_>>());
    bytes(path("out"))
}

/// The same file for another variant of its processor.
fn with_subtype(mut file: Vec<u8>, subtype: u32) -> Vec<u8> {
    file[8..12].copy_from_slice(&subtype.to_le_bytes());
    file
}

/// A static library in BSD's way, with a table of symbols and a long name.
fn archive(members: &[&[u8]]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    let table: &[u8] = &[0; 8];
    for (name, content) in std::iter::once(("__.SYMDEF\0\0\0", table))
        .chain(members.iter().map(|member| ("a long name of a member.o\0\0\0", *member)))
    {
        let size = name.len() + content.len();
        let header = format!("#1/{:<13}0           0     0     644     {size:<10}`\n", name.len());
        archive.extend([header.as_bytes(), name.as_bytes(), content].concat());
        archive.resize(archive.len().next_multiple_of(2), b'\n');
    }
    archive
}

fn executables() -> (Vec<u8>, Vec<u8>) {
    (macos(X86_64, &["main"], &[]), macos(ARM64, &["main"], &[]))
}

#[test]
fn joined_files_have_the_bytes_that_llvm_lipo_writes() {
    let (intel, arm) = executables();
    let both = |flags: &[&str]| [X86_64, ARM64].map(|cpu| macos(cpu, &["one"], flags));
    let dylibs = both(&["-dylib", "-install_name", "@rpath/libit.dylib"]);
    let bundles = both(&["-bundle"]);
    let objects =
        [ARM64, X86_64].map(|cpu| object(BinaryFormat::MachO, cpu.1, &["one", "two"], &["three"]));
    let libraries = objects.each_ref().map(|object| archive(&[object, object]));
    let arm64e = with_subtype(arm.clone(), 0x8000_0002);
    let haswell = with_subtype(intel.clone(), 8);
    let capable = with_subtype(intel.clone(), 0x8000_0003);
    let flat = lipo(&[&intel, &arm]);
    let wide = [&libraries[0][..], &libraries[1]];
    for (name, files) in [
        ("executables", vec![&intel[..], &arm]),
        ("executables in the other order", vec![&arm, &intel]),
        ("one file alone", vec![&arm]),
        ("dylibs", vec![&dylibs[1], &dylibs[0]]),
        ("bundles", vec![&bundles[0], &bundles[1]]),
        ("object files", vec![&objects[0], &objects[1]]),
        ("static libraries", wide.to_vec()),
        ("variants of arm64", vec![&arm64e, &arm, &intel]),
        ("variants of x86_64", vec![&haswell, &arm, &intel]),
        ("capability bits", vec![&capable, &arm]),
        ("a universal file and a thin one", vec![&haswell, &flat]),
        ("a universal file alone", vec![&flat]),
    ] {
        let ours = join(&files).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(ours == lipo(&files), "{name}: the bytes differ");
    }
}

#[test]
fn each_slice_comes_out_as_it_went_in() {
    let (intel, arm) = executables();
    let flat = join(&[&arm, &intel]).unwrap();
    let contents = read(&flat).unwrap();
    assert!(contents.is_universal);
    let listed: Vec<_> = contents.slices.iter().map(|slice| slice.cpu.to_string()).collect();
    assert_eq!(listed, ["x86_64", "arm64"]);
    for (name, original) in [("x86_64", &intel), ("arm64", &arm)] {
        let slice = contents.slice(name.parse().unwrap()).unwrap();
        assert_eq!(slice.content, Content::MachO(Kind::Executable));
        let mut out = Vec::new();
        copy_slice(&mut Cursor::new(&flat), slice, &mut out).unwrap();
        assert_eq!(&out, original);
    }
    let error = contents.slice("arm64e".parse().unwrap()).unwrap_err().to_string();
    assert_eq!(error, "there is no slice for arm64e, only for x86_64, arm64");
    let thin = read(&arm).unwrap();
    assert_eq!((thin.is_universal, thin.slices[0].size), (false, arm.len() as u64));
}

#[test]
fn files_that_cannot_be_joined_are_refused_by_name() {
    let (intel, arm) = executables();
    let dylib = macos(ARM64, &["one"], &["-dylib", "-install_name", "@rpath/libit.dylib"]);
    let flat = join(&[&arm, &intel]).unwrap();
    let small = object(BinaryFormat::MachO, ARM64.1, &["one"], &[]);
    let other = object(BinaryFormat::MachO, X86_64.1, &["one"], &[]);
    for (files, message) in [
        (vec![&arm[..], &arm], "a and b are both for arm64"),
        (vec![&intel, &flat], "a and b are both for x86_64"),
        (vec![&intel, &dylib], "a is an executable, but b is a dylib"),
        (vec![&archive(&[&other]), &small], "a is a static library, but b is an object file"),
        (vec![], "nothing to join"),
        (vec![&intel, b"\x7fELF and more"], "not a Mach-O file"),
        (vec![b""], "not a Mach-O file"),
        (vec![b"\xca\xfe\xba\xbe\0\0\0\x34 Java"], "not a Mach-O file"),
        (vec![&arm[..arm.len() - 1]], "cut off: a segment"),
        (vec![&flat[..flat.len() - 1]], "cut off: a slice"),
        (vec![&arm[..100]], "cut off: the load commands"),
        (vec![&archive(&[])], "has no members"),
        (vec![&archive(&[&small, &other])], "has members for arm64 and for x86_64"),
        (vec![&archive(&[&small, b"text"])], "no Mach-O object: a long name of a member.o"),
    ] {
        let error = join(&files).unwrap_err().to_string();
        assert!(error.contains(message), "{message}: {error}");
    }
}

#[test]
fn beyond_4_gib_the_table_has_64_bit_fields() {
    let slice = |cpu: &str, size| Slice {
        cpu: cpu.parse::<Cpu>().unwrap(),
        content: Content::MachO(Kind::SharedLibrary),
        offset: 0,
        size,
        align: if cpu == "arm64" { 14 } else { 12 },
    };
    let layout = |sizes: [u64; 2]| {
        let slices = vec![slice("x86_64", sizes[0]), slice("arm64", sizes[1])];
        Layout::new(&[Input { name: "a", contents: Contents { is_universal: false, slices } }])
    };
    let narrow = layout([0xffff_0000, 1]).unwrap();
    assert!(narrow.header().starts_with(b"\xca\xfe\xba\xbe\0\0\0\x02"));
    for sizes in [[0xffff_f000, 1], [1, 1 << 32]] {
        let wide = layout(sizes).unwrap();
        assert!(wide.header().starts_with(b"\xca\xfe\xba\xbf\0\0\0\x02\x01\0\0\x07\0\0\0\x03"));
        assert_eq!(wide.header().len(), 8 + 2 * 32);
        let [intel, arm] = wide.slices() else { panic!("two slices") };
        assert_eq!(intel.offset, 0x1000);
        assert_eq!(arm.offset, (0x1000 + sizes[0]).next_multiple_of(0x4000));
        assert_eq!(wide.header()[8 + 32 + 8..][..8], arm.offset.to_be_bytes());
        assert_eq!(wide.header()[8 + 32 + 16..][..8], sizes[1].to_be_bytes());
        assert_eq!(wide.size(), arm.offset + sizes[1]);
    }
    assert!(layout([u64::MAX, 1]).is_err());
}

#[test]
fn a_table_with_64_bit_fields_is_read() {
    let (_, arm) = executables();
    let mut file = b"\xca\xfe\xba\xbf\0\0\0\x01\x01\0\0\x0c\0\0\0\0".to_vec();
    file.extend([0x4000, arm.len() as u64].map(u64::to_be_bytes).concat());
    file.extend([14_u32, 0].map(u32::to_be_bytes).concat());
    file.resize(0x4000, 0);
    file.extend(&arm);
    let contents = read(&file).unwrap();
    assert_eq!((contents.slices[0].offset, contents.slices[0].align), (0x4000, 14));
}

#[test]
fn a_header_that_contradicts_its_slices_is_refused() {
    let (intel, arm) = executables();
    let flat = join(&[&intel, &arm]).unwrap();
    // Entries are 20 bytes each, from the eighth: processor, variant, offset, size, alignment.
    for (at, value, message) in [
        (4, 0_u32, "no slices"),
        (8 + 4, 8, "another architecture than the universal header says"),
        (8 + 8, 0x2000, "overlap"),
        (8 + 8, 0x1001, "contradicts its alignment"),
        (8 + 8, 0, "overlap"),
        (8 + 12, u32::MAX, "cut off: a slice"),
        (8 + 16, 16, "impossible alignment"),
        (8 + 16, u32::MAX, "impossible alignment"),
    ] {
        let mut damaged = flat.clone();
        damaged[at..at + 4].copy_from_slice(&value.to_be_bytes());
        let error = read(&damaged).unwrap_err().to_string();
        assert!(error.contains(message), "{at}: {message}: {error}");
    }
    let mut twice = flat.clone();
    let (first, second) = twice.split_at_mut(28);
    second[..8].copy_from_slice(&first[8..16]);
    assert!(read(&twice).unwrap_err().to_string().contains("two slices are for the same"));
}

#[test]
fn damaged_files_are_errors_and_never_panics() {
    let (intel, arm) = executables();
    let flat = join(&[&intel, &arm]).unwrap();
    let object = object(BinaryFormat::MachO, ARM64.1, &["one"], &[]);
    for original in [flat, archive(&[&object])] {
        for length in places(original.len()) {
            let _ = join(&[&original[..length]]);
        }
        let mut bytes = original.clone();
        for place in places(original.len().min(0x2000)) {
            for value in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                bytes[place] = value;
                // What is joined cannot be much more than what it was made of.
                if let Ok(joined) = join(&[&bytes]) {
                    assert!(joined.len() < original.len() * 2 + 0x8000, "{}", joined.len());
                }
            }
            bytes[place] = original[place];
        }
    }
}

#[test]
fn an_input_that_shrinks_while_it_is_read_is_an_error() {
    let (_, arm) = executables();
    let layout = Layout::new(&[Input { name: "a", contents: read(&arm).unwrap() }]).unwrap();
    let result = layout.write(&mut [Cursor::new(&arm[..arm.len() - 1])], &mut Vec::new());
    assert!(matches!(result, Err(UniversalError::Changed)), "{result:?}");
}
