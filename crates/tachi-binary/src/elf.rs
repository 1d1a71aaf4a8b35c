//! ELF: the files of Linux, Android, the BSDs and most of the rest.

use object::elf;
use object::read::elf::{FileHeader, ProgramHeader as _, SectionHeader as _, SectionTable};
use serde::Serialize;

use crate::architecture::{Architecture, Endianness};
use crate::bytes::{hex, name, require};
use crate::elf_dynamic::{self, Dynamic};
use crate::elf_versions::{VersionFloors, VersionNeed};
use crate::error::BinaryError;
use crate::facts::{Format, Kind};

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
    /// It has no symbol table (`.symtab`) and no debug information.
    pub stripped: bool,
    /// It has debug information (`.debug_info`, compressed or not).
    pub debug_info: bool,
    /// The linker's build id, in hexadecimal.
    pub build_id: Option<String>,
}

impl ElfFacts {
    /// The oldest glibc that has every version demanded; none if no glibc is needed.
    pub fn glibc_floor(&self) -> Option<crate::Version> {
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
    let mut build_id = None;
    for segment in segments {
        if let Some(path) = segment.interpreter(endian, bytes).map_err(malformed)? {
            interpreter = Some(name(path, FORMAT)?);
        }
        if build_id.is_none() {
            build_id = build_id_of::<Elf>(bytes, endian, segment);
        }
    }
    let dynamic = elf_dynamic::read::<Elf>(bytes, endian, segments)?;
    let is_dynamic = dynamic.is_some();
    let dynamic = dynamic.unwrap_or_default();
    let (kind, pie) = kind_of(header.e_type(endian), interpreter.is_some(), &dynamic);
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
        architecture: Architecture::of_elf(header.e_machine(endian), header.is_class_64()),
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
        stripped: !symbol_table && !debug_info,
        debug_info,
        build_id,
    })
}

/// `ET_DYN` is both: position-independent executables and shared libraries. The linker
/// marks the former with `DF_1_PIE`; those of linkers that do not are the ones that have a
/// loader but no library name (`libc.so.6` has both).
fn kind_of(file_type: elf::FileType, has_interpreter: bool, dynamic: &Dynamic) -> (Kind, bool) {
    match file_type {
        elf::ET_REL => (Kind::Relocatable, false),
        elf::ET_EXEC => (Kind::Executable, false),
        elf::ET_CORE => (Kind::Core, false),
        elf::ET_DYN => {
            let marked = dynamic.flags_1 & elf::DF_1_PIE.0 != 0;
            if marked || (has_interpreter && dynamic.soname.is_none()) {
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

/// A note that cannot be read ends the search: loaders ignore notes they do not know.
fn build_id_of<Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    endian: object::Endianness,
    segment: &Elf::ProgramHeader,
) -> Option<String> {
    let mut notes = segment.notes(endian, bytes).ok()??;
    while let Some(note) = notes.next().ok()? {
        if note.name() == elf::ELF_NOTE_GNU && note.n_type(endian) == elf::NT_GNU_BUILD_ID {
            return Some(hex(note.desc()));
        }
    }
    None
}
