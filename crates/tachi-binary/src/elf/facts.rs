//! ELF: the files of Linux, Android, the BSDs and most of the rest.

use object::elf;
use object::read::elf::{FileHeader, ProgramHeader as _, SectionHeader as _, SectionTable};
use serde::Serialize;

use crate::architecture::{Architecture, Endianness};
use crate::bytes::{name, require};
use crate::elf::dynamic::{self, Dynamic};
use crate::elf::hardening::{self, ElfHardening};
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

pub(crate) fn read<Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &[u8],
) -> Result<ElfFacts, BinaryError> {
    let malformed = |error: object::read::Error| BinaryError::malformed(FORMAT, &error);
    let header = Elf::parse(bytes).map_err(malformed)?;
    let endian = header.endian().map_err(malformed)?;
    let segments = header.program_headers(endian, bytes).map_err(malformed)?;
    let sections = header.sections(endian, bytes).map_err(malformed)?;
    is_complete::<Elf>(bytes, endian, segments, &sections)?;

    let mut interpreter = None;
    for segment in segments {
        if let Some(path) = segment.interpreter(endian, bytes).map_err(malformed)? {
            interpreter = Some(name(path, FORMAT)?);
        }
    }
    let notes = notes::read::<Elf>(bytes, endian, segments);
    let dynamic = dynamic::read::<Elf>(bytes, endian, header.e_machine(endian), segments)?;
    let imports = match &dynamic {
        Some(dynamic) => imports::read::<Elf>(bytes, endian, dynamic)?,
        None => Vec::new(),
    };
    let architecture = Architecture::of_elf(header.e_machine(endian), header.is_class_64());
    let (kind, pie) = kind_of(header.e_type(endian), interpreter.is_some(), dynamic.as_ref());
    let known = hardening::Known {
        architecture,
        kind,
        dynamic: dynamic.as_ref(),
        imports: &imports,
        protections: notes.protections,
    };
    let hardening = hardening::read::<Elf>(endian, segments, &known);
    let is_dynamic = dynamic.is_some();
    let dynamic = dynamic.unwrap_or_default();
    let linkage = match kind {
        Kind::Executable if interpreter.is_none() && dynamic.needed.is_empty() => Linkage::Static,
        Kind::Executable | Kind::SharedLibrary => Linkage::Dynamic,
        _ if is_dynamic => Linkage::Dynamic,
        _ => Linkage::None,
    };
    let has_section = |wanted: &[u8]| {
        sections.iter().any(|section| sections.section_name(endian, section) == Ok(wanted))
    };
    let debug_info = has_section(b".debug_info") || has_section(b".zdebug_info");
    let symbol_table = sections.iter().any(|one| one.sh_type(endian) == elf::SHT_SYMTAB);
    Ok(ElfFacts {
        architecture,
        bits: if header.is_class_64() { 64 } else { 32 },
        endianness: endian.into(),
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
        writable_executable: hardening::writable_executable(endian, segments, &sections)?,
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

/// Whether all that the headers speak of lies within the file.
fn is_complete<Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    endian: object::Endianness,
    segments: &[Elf::ProgramHeader],
    sections: &SectionTable<'_, Elf>,
) -> Result<(), BinaryError> {
    // One without bytes, for zeroed memory alone, may be said to be anywhere.
    let is_loaded = |one: &&Elf::ProgramHeader| {
        one.p_type(endian) == elf::PT_LOAD && one.p_filesz(endian).into() > 0
    };
    for segment in segments.iter().filter(is_loaded) {
        require(bytes, segment.file_range(endian), FORMAT, "a segment")?;
    }
    for section in sections.iter() {
        if let Some(range) = section.file_range(endian) {
            require(bytes, range, FORMAT, "a section")?;
        }
    }
    Ok(())
}
