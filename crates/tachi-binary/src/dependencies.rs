//! The list of dependencies that [cargo-auditable](https://github.com/rust-secure-code/cargo-auditable)
//! embeds: JSON, compressed by zlib, in the section `.dep-v0`.
//!
//! Format: [PARSING.md of that project](https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md).

use std::io::Read as _;

use object::{FileKind, Object as _, ObjectSection as _};
use serde::{Deserialize, Serialize};

use crate::bytes::part;
use crate::error::BinaryError;
use crate::format::Format;
use crate::macho::fat::table::{CutOff, entries};
use crate::wasm::reader::Reader;
use crate::wasm::sections::{CUSTOM, is_wasm, sections};

const SECTION: &str = ".dep-v0";

/// The JSON that the list of the smallest file may have, in bytes.
const SPARE: usize = 8 << 10;

/// The packages that a program was built from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyList {
    /// The packages in the order of the list, which cargo-auditable sorts by name.
    pub packages: Vec<ListedPackage>,
}

/// A package in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPackage {
    /// The package's name.
    pub name: String,
    /// The package's version, in [semantic versioning](https://semver.org/).
    pub version: String,
    /// The source of the package: `crates.io`, `git`, `local`, `registry`, ….
    pub source: String,
    /// The use of the package: `runtime`, or `build` for build scripts and proc macros.
    #[serde(default = "runtime")]
    pub kind: String,
    /// Whether the package is the program itself.
    #[serde(default)]
    pub root: bool,
}

fn runtime() -> String {
    "runtime".to_owned()
}

/// Reads the list of a file; none if the file has no list. A universal file has the list of its
/// first slice that has one.
///
/// # Errors
/// The file cannot be read, the list is damaged, or the list is larger than half of the file
/// plus 8 KiB.
pub fn read(bytes: &[u8]) -> Result<Option<DependencyList>, BinaryError> {
    if is_wasm(bytes) {
        return match wasm_section(bytes)? {
            Some(section) => unpack(section, bytes.len(), Format::Wasm).map(Some),
            None => Ok(None),
        };
    }
    match FileKind::parse(bytes).map_err(|_| BinaryError::UnknownFormat)? {
        FileKind::MachOFat32 | FileKind::MachOFat64 => universal(bytes),
        FileKind::Archive => Ok(None),
        kind => file(bytes, format_of(kind)),
    }
}

/// The list of the first slice that has one.
fn universal(bytes: &[u8]) -> Result<Option<DependencyList>, BinaryError> {
    let cut = |what| BinaryError::Truncated { format: Format::FatMachO, what };
    let entries = entries(bytes).map_err(|CutOff| cut("the table of slices"))?;
    for entry in entries.ok_or(BinaryError::UnknownFormat)? {
        let slice = part(bytes, entry.offset, entry.size).ok_or(cut("a slice"))?;
        let is_file = matches!(FileKind::parse(slice), Ok(FileKind::MachO32 | FileKind::MachO64));
        let list = if is_file { file(slice, Format::MachO)? } else { None };
        if list.is_some() {
            return Ok(list);
        }
    }
    Ok(None)
}

fn file(bytes: &[u8], format: Format) -> Result<Option<DependencyList>, BinaryError> {
    let file =
        object::File::parse(bytes).map_err(|error| BinaryError::malformed(format, &error))?;
    let Some(section) = file.sections().find(|one| one.name() == Ok(SECTION)) else {
        return Ok(None);
    };
    let content = section.data().map_err(|error| BinaryError::malformed(format, &error))?;
    unpack(content, bytes.len(), format).map(Some)
}

fn wasm_section(bytes: &[u8]) -> Result<Option<&[u8]>, BinaryError> {
    for section in sections(bytes) {
        let section = section?;
        if section.id == CUSTOM {
            let mut reader = Reader(section.content);
            if reader.text()? == SECTION.as_bytes() {
                return Ok(Some(reader.0));
            }
        }
    }
    Ok(None)
}

/// Unpacks the list. `section` may end in zeros, as sections of PE files do.
fn unpack(section: &[u8], size: usize, format: Format) -> Result<DependencyList, BinaryError> {
    let damaged = |error: &dyn std::fmt::Display| {
        BinaryError::malformed(format, &format!("its list of dependencies: {error}"))
    };
    let limit = size / 2 + SPARE;
    let mut json = Vec::new();
    flate2::bufread::ZlibDecoder::new(section)
        .take(limit as u64 + 1)
        .read_to_end(&mut json)
        .map_err(|error| damaged(&error))?;
    if json.len() > limit {
        return Err(damaged(&"it is larger than a file of this size can have"));
    }
    serde_json::from_slice(&json).map_err(|error| damaged(&error))
}

fn format_of(kind: FileKind) -> Format {
    match kind {
        FileKind::MachO32 | FileKind::MachO64 => Format::MachO,
        FileKind::Pe32 | FileKind::Pe64 | FileKind::Coff | FileKind::CoffBig => Format::Pe,
        _ => Format::Elf,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use object::write::Object;
    use object::{Architecture, BinaryFormat, Endianness, SectionKind};

    use super::*;

    const JSON: &str = r#"{"packages":[
        {"name":"anstyle","version":"1.0.11","source":"crates.io","new_field":7},
        {"name":"cc","version":"1.2.0","source":"crates.io","kind":"build"},
        {"name":"it","version":"0.1.0","source":"local","dependencies":[0,1],"root":true}
    ],"format":1}"#;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn object_file(format: BinaryFormat, content: &[u8]) -> Vec<u8> {
        let mut object = Object::new(format, Architecture::X86_64, Endianness::Little);
        let section = object.add_section(
            b"__DATA".to_vec(),
            SECTION.as_bytes().to_vec(),
            SectionKind::ReadOnlyData,
        );
        object.append_section_data(section, content, 1);
        object.write().unwrap()
    }

    fn wasm_file(content: &[u8]) -> Vec<u8> {
        let size = u8::try_from(content.len() + 8).unwrap();
        let head = [b"\0asm\x01\0\0\0\0", &[size | 0x80, size >> 7][..]].concat();
        [&head[..], b"\x07.dep-v0", content].concat()
    }

    #[test]
    fn the_list_is_read_from_every_format() {
        let packed = packed(JSON.as_bytes());
        let mut files = vec![("wasm", wasm_file(&packed))];
        for format in [BinaryFormat::Elf, BinaryFormat::MachO, BinaryFormat::Coff] {
            files.push(("object", object_file(format, &packed)));
            files.push(("padded", object_file(format, &[&packed[..], &[0; 64]].concat())));
        }
        for (name, file) in files {
            let list = read(&file).unwrap().unwrap();
            let short: Vec<_> = list
                .packages
                .iter()
                .map(|one| (&*one.name, &*one.version, &*one.source, &*one.kind, one.root))
                .collect();
            let expected = [
                ("anstyle", "1.0.11", "crates.io", "runtime", false),
                ("cc", "1.2.0", "crates.io", "build", false),
                ("it", "0.1.0", "local", "runtime", true),
            ];
            assert_eq!(short, expected, "{name}");
        }
    }

    #[test]
    fn a_file_without_a_list_has_none() {
        let file = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        assert_eq!(read(&file.write().unwrap()), Ok(None));
        assert_eq!(read(b"\0asm\x01\0\0\0"), Ok(None));
        assert_eq!(read(b"!<arch>\n                "), Ok(None));
        assert_eq!(read(b"text"), Err(BinaryError::UnknownFormat));
    }

    #[test]
    fn a_damaged_or_endless_list_is_an_error() {
        for content in [
            b"junk".to_vec(),
            packed(b"{}"),
            packed(b"{\"packages\":[{\"name\":1}]}"),
            packed(JSON.as_bytes())[..40].to_vec(),
            packed(&vec![b' '; 1 << 20]),
        ] {
            let error = read(&object_file(BinaryFormat::Elf, &content)).unwrap_err();
            assert!(error.to_string().contains("its list of dependencies"), "{error}");
        }
    }
}
