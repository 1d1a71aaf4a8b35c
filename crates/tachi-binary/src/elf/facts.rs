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

/// The facts of an ELF file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElfFacts {
    /// The processor architecture (`e_machine`).
    pub architecture: Architecture,
    /// The width of addresses in bits, 32 or 64 (`EI_CLASS`).
    pub bits: u8,
    /// The byte order of its numbers (`EI_DATA`).
    pub endianness: Endianness,
    /// Whether it is a program, a library, an object file or something else.
    pub kind: Kind,
    /// Whether it is a position-independent executable, static or not.
    pub pie: bool,
    /// How it finds its libraries.
    pub linkage: Linkage,
    /// The path of the dynamic loader that starts it (`PT_INTERP`).
    pub interpreter: Option<String>,
    /// The libraries it needs (`DT_NEEDED`), in the order in which they are searched.
    pub needed: Vec<String>,
    /// Its own name as a library (`DT_SONAME`).
    pub soname: Option<String>,
    /// Folders in which the loader looks for libraries before `LD_LIBRARY_PATH` (`DT_RPATH`),
    /// separated by colons.
    pub rpath: Option<String>,
    /// Folders in which the loader looks for libraries after `LD_LIBRARY_PATH` (`DT_RUNPATH`),
    /// separated by colons.
    pub runpath: Option<String>,
    /// The symbol versions that its libraries must have (`DT_VERNEED`).
    pub version_needs: Vec<VersionNeed>,
    /// The oldest releases of glibc, libstdc++ and `libgcc_s` that have those versions.
    pub floors: VersionFloors,
    /// The oldest Linux kernel on which the start-up code of its C library runs
    /// (`NT_GNU_ABI_TAG`).
    pub kernel_floor: Option<Version>,
    /// The symbols that other files must define: its undefined dynamic symbols.
    pub imports: Vec<ElfImport>,
    /// The protections against exploits of its own bugs.
    pub hardening: ElfHardening,
    /// The parts that are writable and executable at once: segments by their number
    /// (`segment 2`), then sections by name.
    pub writable_executable: Vec<String>,
    /// Whether it has neither a symbol table (`SHT_SYMTAB`) nor debug information.
    pub stripped: bool,
    /// Whether it has debug information (`.debug_info`, compressed or not).
    pub debug_info: bool,
    /// The build id that the linker wrote (`NT_GNU_BUILD_ID`), in lower-case hexadecimal.
    pub build_id: Option<String>,
}

impl ElfFacts {
    /// The oldest glibc that has every symbol version the file needs; none if it needs no
    /// glibc.
    pub fn glibc_floor(&self) -> Option<Version> {
        self.floors.glibc
    }
}

/// How an ELF file finds its libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Linkage {
    /// A dynamic loader finds them, or the file is itself a shared library.
    Dynamic,
    /// The file is an executable with everything inside: no loader, no libraries. Static PIEs
    /// are such files, too.
    Static,
    /// The file is not linked yet, or is nothing to run.
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

/// The kind of a file, and whether it is position-independent. `ET_DYN` stands for
/// position-independent executables and for shared libraries. Linkers mark the executables
/// with `DF_1_PIE`; older linkers do not, but their executables have a loader and no library
/// name (`libc.so.6` has both).
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

/// Refuses a file that ends before a segment or a section does.
fn require_all(image: &Image<'_>) -> Result<(), BinaryError> {
    // The headers may place a segment without bytes, for zeroed memory alone, anywhere.
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
