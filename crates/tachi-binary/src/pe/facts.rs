//! The facts of a PE file.

use object::LittleEndian as LE;
use object::pe;
use serde::Serialize;

use crate::architecture::{Architecture, Endianness};
use crate::bytes::require;
use crate::error::BinaryError;
use crate::format::{Format, Kind};
use crate::pe::hardening::{self, PeHardening};
use crate::pe::image::Image;
use crate::pe::imports::{self, Imports, PeImport};
use crate::version::Version;

const FORMAT: Format = Format::Pe;

/// The facts of a PE file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeFacts {
    /// The processor architecture (`Machine`).
    pub architecture: Architecture,
    /// The width of addresses in bits: 32 (PE32) or 64 (PE32+).
    pub bits: u8,
    /// The byte order of its numbers, which is always little-endian.
    pub endianness: Endianness,
    /// An executable, or a shared library if the header marks it as a DLL.
    pub kind: Kind,
    /// The subsystem under which it runs: `console`, `gui`, `native`, `efi-application`, ….
    pub subsystem: &'static str,
    /// The oldest release of the subsystem on which it runs: `6.0` is Windows Vista, `10.0` is
    /// Windows 10.
    pub subsystem_version: Version,
    /// The libraries that are loaded with it, in the order of the file.
    pub imports: Vec<String>,
    /// The libraries that are loaded at their first call, in the order of the file.
    pub delay_imports: Vec<String>,
    /// The symbols that the libraries of both lists must define.
    pub imported_symbols: Vec<PeImport>,
    /// The API sets among its libraries (`api-ms-…`, `ext-ms-…`): names that Windows maps to a
    /// library, each since some release of Windows.
    pub api_sets: Vec<String>,
    /// The protections against exploits of its own bugs.
    pub hardening: PeHardening,
    /// The names of the sections that are writable and executable at once.
    pub writable_executable: Vec<String>,
    /// The path at which the linker wrote the program database (`CodeView`).
    pub pdb_path: Option<String>,
    /// `TimeDateStamp`: seconds since 1970 or, in reproducible builds, a number with another
    /// meaning.
    pub timestamp: u32,
    /// `MajorOperatingSystemVersion` and `MinorOperatingSystemVersion`. Windows checks
    /// [`subsystem_version`](Self::subsystem_version) instead.
    pub minimum_os: Version,
    /// Whether it has an Authenticode signature. The signature is not checked.
    pub signed: bool,
}

pub(crate) fn read(bytes: &[u8]) -> Result<PeFacts, BinaryError> {
    let image = Image::read(bytes).map_err(|error| BinaryError::malformed(FORMAT, &error))?;
    for section in image.sections.iter() {
        // With its padding, which `pe_file_range` leaves out.
        let start = section.pointer_to_raw_data.get(LE);
        let size = section.size_of_raw_data.get(LE);
        require(bytes, (start.into(), size.into()), FORMAT, "a section")?;
    }
    // The one directory whose address is a place in the file.
    let signature = image.directory(pe::IMAGE_DIRECTORY_ENTRY_SECURITY);
    let signature = signature.filter(|(_, size)| *size != 0);
    if let Some((start, size)) = signature {
        require(bytes, (start.into(), size.into()), FORMAT, "the signature")?;
    }
    let imports = Imports::read(&image)?;
    let debug = hardening::debug(&image)?;
    let is_dll = image.file_header.characteristics.get(LE).contains(pe::IMAGE_FILE_DLL);
    Ok(PeFacts {
        architecture: Architecture::of_coff(image.machine()),
        bits: if image.is_64 { 64 } else { 32 },
        endianness: Endianness::Little,
        kind: if is_dll { Kind::SharedLibrary } else { Kind::Executable },
        subsystem: subsystem_name(image.subsystem),
        subsystem_version: image.subsystem_version,
        minimum_os: image.system_version,
        timestamp: image.file_header.time_date_stamp.get(LE),
        api_sets: imports::api_sets(imports.libraries.iter().chain(&imports.delayed)),
        imports: imports.libraries,
        delay_imports: imports.delayed,
        imported_symbols: imports.symbols,
        hardening: hardening::read(&image, &debug),
        writable_executable: hardening::writable_executable(&image.sections)?,
        pdb_path: debug.pdb_path,
        signed: signature.is_some(),
    })
}

fn subsystem_name(subsystem: pe::Subsystem) -> &'static str {
    match subsystem {
        pe::IMAGE_SUBSYSTEM_NATIVE => "native",
        pe::IMAGE_SUBSYSTEM_WINDOWS_GUI => "gui",
        pe::IMAGE_SUBSYSTEM_WINDOWS_CUI => "console",
        pe::IMAGE_SUBSYSTEM_EFI_APPLICATION => "efi-application",
        pe::IMAGE_SUBSYSTEM_EFI_BOOT_SERVICE_DRIVER => "efi-boot-service-driver",
        pe::IMAGE_SUBSYSTEM_EFI_RUNTIME_DRIVER => "efi-runtime-driver",
        _ => "unknown",
    }
}
