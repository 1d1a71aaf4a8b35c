//! ELF: the files of Linux, Android, the BSDs and most of the rest.

use object::elf;
use serde::Serialize;

use crate::architecture::{Architecture, Endianness};
use crate::bytes::{name_at, require};
use crate::elf::dynamic::{self, Dynamic};
use crate::elf::hardening::{self, ElfHardening};
use crate::elf::image::Image;
use crate::elf::imports::{self, ElfImport};
use crate::elf::notes;
use crate::elf::versions::{VersionFloors, VersionNeed};
use crate::error::BinaryError;
use crate::format::{Format, Kind};
use crate::version::Version;

const FORMAT: Format = Format::Elf;

/// What was found in an ELF file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElfFacts {
    /// What it runs on.
    pub architecture: Architecture,
    /// 32 or 64: the file's class.
    pub bits: u8,
    /// The order of bytes.
    pub endianness: Endianness,
    /// What it is for.
    pub kind: Kind,
    /// A position-independent executable, static or not.
    pub pie: bool,
    /// How it finds its libraries.
    pub linkage: Linkage,
    /// The dynamic loader it asks for (`PT_INTERP`).
    pub interpreter: Option<String>,
    /// The libraries it asks for (`DT_NEEDED`), in the order they are searched.
    pub needed: Vec<String>,
    /// Its own name as a library (`DT_SONAME`).
    pub soname: Option<String>,
    /// Folders to search for libraries (`DT_RPATH`), separated by colons.
    pub rpath: Option<String>,
    /// Folders to search after `LD_LIBRARY_PATH` (`DT_RUNPATH`), separated by colons.
    pub runpath: Option<String>,
    /// The symbol versions it demands of its libraries.
    pub version_needs: Vec<VersionNeed>,
    /// The oldest libraries with those versions.
    pub floors: VersionFloors,
    /// The oldest Linux kernel that its C library's start-up code runs on (`NT_GNU_ABI_TAG`).
    pub kernel_floor: Option<Version>,
    /// The symbols it wants of other files: its undefined dynamic symbols.
    pub imports: Vec<ElfImport>,
    /// How it is protected against its own bugs.
    pub hardening: ElfHardening,
    /// What is writable and executable at once: segments by their number (`segment 2`),
    /// then sections by name.
    pub writable_executable: Vec<String>,
    /// It has no symbol table (`.symtab`) and no debug information.
    pub stripped: bool,
    /// It has debug information (`.debug_info`, compressed or not).
    pub debug_info: bool,
    /// The linker's build id, in hexadecimal.
    pub build_id: Option<String>,
}

impl ElfFacts {
    /// The oldest glibc that has every version demanded; none if no glibc is needed.
    pub fn glibc_floor(&self) -> Option<Version> {
        self.floors.glibc
    }
}

/// How an ELF file finds its libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Linkage {
    /// A dynamic loader resolves them, or the file is itself a shared library.
    Dynamic,
    /// An executable with everything inside: no loader, no libraries. Static PIEs too.
    Static,
    /// Not linked yet, or nothing to run.
    None,
}

pub(crate) fn read(bytes: &[u8]) -> Result<ElfFacts, BinaryError> {
    let image = Image::read(bytes).map_err(|error| BinaryError::malformed(FORMAT, &error))?;
    require_all(&image)?;
    let interpreter = interpreter(&image)?;
    let notes = notes::read(&image);
    let dynamic = dynamic::read(&image)?;
    let imports = match &dynamic {
        Some(dynamic) => imports::read(&image, dynamic)?,
        None => Vec::new(),
    };
    let architecture = Architecture::of_elf(image.machine, image.encoding.is_64);
    let (kind, pie) = kind_of(image.file_type, interpreter.is_some(), dynamic.as_ref());
    let known = hardening::Known {
        architecture,
        kind,
        dynamic: dynamic.as_ref(),
        imports: &imports,
        protections: notes.protections,
    };
    let hardening = hardening::read(&image, &known);
    let is_dynamic = dynamic.is_some();
    let dynamic = dynamic.unwrap_or_default();
    let linkage = match kind {
        Kind::Executable if interpreter.is_none() && dynamic.needed.is_empty() => Linkage::Static,
        Kind::Executable | Kind::SharedLibrary => Linkage::Dynamic,
        _ if is_dynamic => Linkage::Dynamic,
        _ => Linkage::None,
    };
    let has_section = |name: &[u8]| image.sections.iter().any(|section| section.name == name);
    let debug_info = has_section(b".debug_info") || has_section(b".zdebug_info");
    let symbol_table = image.sections.iter().any(|section| section.kind == elf::SHT_SYMTAB);
    Ok(ElfFacts {
        architecture,
        bits: if image.encoding.is_64 { 64 } else { 32 },
        endianness: image.encoding.endian,
        kind,
        pie,
        linkage,
        interpreter,
        needed: dynamic.needed,
        soname: dynamic.soname,
        rpath: dynamic.rpath,
        runpath: dynamic.runpath,
        floors: VersionFloors::of(&dynamic.version_needs),
        version_needs: dynamic.version_needs,
        kernel_floor: notes.kernel_floor,
        imports,
        hardening,
        writable_executable: hardening::writable_executable(&image)?,
        stripped: !symbol_table && !debug_info,
        debug_info,
        build_id: notes.build_id,
    })
}

/// `ET_DYN` is both: position-independent executables and shared libraries. The linker
/// marks the former with `DF_1_PIE`; those of linkers that do not are the ones that have a
/// loader but no library name (`libc.so.6` has both).
fn kind_of(
    file_type: elf::FileType,
    has_interpreter: bool,
    dynamic: Option<&Dynamic<'_>>,
) -> (Kind, bool) {
    match file_type {
        elf::ET_REL => (Kind::Relocatable, false),
        elf::ET_EXEC => (Kind::Executable, false),
        elf::ET_CORE => (Kind::Core, false),
        elf::ET_DYN => {
            let marked = dynamic.is_some_and(|one| one.flags_1 & elf::DF_1_PIE.0 != 0);
            let is_named = dynamic.is_some_and(|one| one.soname.is_some());
            if marked || (has_interpreter && !is_named) {
                (Kind::Executable, true)
            } else {
                (Kind::SharedLibrary, false)
            }
        }
        _ => (Kind::Other, false),
    }
}

/// Refuses a file that ends before what its headers speak of.
fn require_all(image: &Image<'_>) -> Result<(), BinaryError> {
    // A segment without bytes, for zeroed memory alone, may be said to be anywhere.
    for segment in image.loaded().filter(|segment| segment.file_size > 0) {
        require(image.bytes, (segment.offset, segment.file_size), FORMAT, "a segment")?;
    }
    for section in image.sections.iter().filter(|section| section.kind != elf::SHT_NOBITS) {
        require(image.bytes, (section.offset, section.size), FORMAT, "a section")?;
    }
    Ok(())
}

/// The path of the dynamic loader; the last if there are several.
fn interpreter(image: &Image<'_>) -> Result<Option<String>, BinaryError> {
    let mut found = None;
    for segment in image.segments.iter().filter(|segment| segment.kind == elf::PT_INTERP) {
        let cut = BinaryError::Truncated { format: FORMAT, what: "the interpreter's path" };
        let content = segment.content(image.bytes).ok_or(cut)?;
        found = Some(name_at(content, 0, FORMAT)?);
    }
    Ok(found)
}
