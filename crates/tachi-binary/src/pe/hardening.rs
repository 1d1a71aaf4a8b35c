//! The protections of a PE file against exploits of its own bugs, and its debug directory.
//!
//! Format: [PE, the optional header, the load configuration and the debug directory](https://learn.microsoft.com/windows/win32/debug/pe-format).

use object::LittleEndian as LE;
use object::pe;
use object::pod::{from_bytes, slice_from_bytes};
use object::read::pe::SectionTable;
use serde::Serialize;

use crate::bytes::{name, part};
use crate::error::BinaryError;
use crate::format::Format;
use crate::pe::image::Image;

/// `IMAGE_DLLCHARACTERISTICS_EX_CET_COMPAT`.
const CET_COMPAT: u32 = 1;

/// The protections of a PE file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct PeHardening {
    /// Whether it may be loaded at any address (`DYNAMIC_BASE`).
    pub aslr: bool,
    /// Whether it may be loaded above 4 GiB (`HIGH_ENTROPY_VA`, 64-bit files only).
    pub high_entropy: bool,
    /// Whether its data is not executable (`NX_COMPAT`).
    pub nx: bool,
    /// Whether indirect calls are checked (`GUARD_CF`).
    pub cfg: bool,
    /// Whether return addresses may have a second, protected copy (`CET_COMPAT`, shadow
    /// stacks).
    pub cet: bool,
    /// Whether it has no structured exception handlers (`NO_SEH`).
    pub no_seh: bool,
    /// Whether it lists its exception handlers (`SafeSEH`). None for all processors but 32-bit
    /// x86, on which alone handlers are not in tables.
    pub safe_seh: Option<bool>,
    /// Whether Windows refuses to load it without a valid signature (`FORCE_INTEGRITY`).
    pub force_integrity: bool,
}

/// The contents of the debug directory.
#[derive(Debug, Default)]
pub(crate) struct Debug {
    /// The path at which the linker wrote the program database.
    pub(crate) pdb_path: Option<String>,
    cet: bool,
}

pub(crate) fn read(image: &Image<'_>, debug: &Debug) -> PeHardening {
    let flags = image.characteristics;
    PeHardening {
        aslr: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE),
        high_entropy: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA),
        nx: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_NX_COMPAT),
        cfg: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_GUARD_CF),
        cet: debug.cet,
        no_seh: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_NO_SEH),
        safe_seh: (image.machine() == pe::IMAGE_FILE_MACHINE_I386).then(|| lists_handlers(image)),
        force_integrity: flags.contains(pe::IMAGE_DLLCHARACTERISTICS_FORCE_INTEGRITY),
    }
}

/// Whether the load configuration of a 32-bit file has a list of handlers. Its own size field
/// decides which of its fields exist.
fn lists_handlers(image: &Image<'_>) -> bool {
    /// Where the address of the list and the number of its handlers end.
    const ENOUGH: u32 = 0x48;
    let table = image
        .directory(pe::IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG)
        .and_then(|(address, _)| image.sections.pe_data_at(image.bytes, address))
        .and_then(|data| data.get(..size_of::<pe::ImageLoadConfigDirectory32>()).or(Some(data)));
    let word = |at: usize| {
        let field = table?.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*field))
    };
    word(0).is_some_and(|size| size >= ENOUGH) && word(0x40).is_some_and(|address| address != 0)
}

/// Reads the debug directory. Damaged entries are left out and are no error: loaders do not
/// read them.
pub(crate) fn debug(image: &Image<'_>) -> Result<Debug, BinaryError> {
    let mut found = Debug::default();
    let Some((address, size)) = image.directory(pe::IMAGE_DIRECTORY_ENTRY_DEBUG) else {
        return Ok(found);
    };
    let entries = image.sections.pe_data_at(image.bytes, address).and_then(|data| {
        let size = usize::try_from(size).ok()?.min(data.len());
        let count = size / size_of::<pe::ImageDebugDirectory>();
        slice_from_bytes::<pe::ImageDebugDirectory>(data, count).ok()
    });
    for entry in entries.map_or(&[][..], |(entries, _)| entries) {
        let (start, size) = (entry.pointer_to_raw_data.get(LE), entry.size_of_data.get(LE));
        let Some(data) = part(image.bytes, start.into(), size.into()) else { continue };
        match entry.typ.get(LE) {
            pe::IMAGE_DEBUG_TYPE_CODEVIEW if found.pdb_path.is_none() => {
                found.pdb_path = pdb_path(data)?;
            }
            pe::IMAGE_DEBUG_TYPE_EX_DLLCHARACTERISTICS => {
                found.cet |= from_bytes::<object::U32<LE>>(data)
                    .is_ok_and(|(flags, _)| flags.get(LE) & CET_COMPAT != 0);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The path in a `CodeView` entry, in today's form (`RSDS`, a GUID and an age) or the old form
/// (`NB10` and three numbers).
fn pdb_path(data: &[u8]) -> Result<Option<String>, BinaryError> {
    let path = match data.get(..4) {
        Some(b"RSDS") => data.get(24..),
        Some(b"NB10") => data.get(16..),
        _ => None,
    };
    let path = path.and_then(|path| path.split(|&byte| byte == 0).next());
    path.filter(|path| !path.is_empty()).map(|path| name(path, Format::Pe)).transpose()
}

/// The names of the sections that are writable and executable at once.
pub(crate) fn writable_executable(sections: &SectionTable<'_>) -> Result<Vec<String>, BinaryError> {
    let both = pe::IMAGE_SCN_MEM_WRITE | pe::IMAGE_SCN_MEM_EXECUTE;
    let found = sections.iter().filter(|one| one.characteristics.get(LE).contains(both));
    found.map(|one| name(one.raw_name(), Format::Pe)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_program_database_is_read_from_both_forms() {
        let new = [&b"RSDS"[..], &[7; 20], b"C:\\it\\it.pdb\0rest"].concat();
        let old = [&b"NB10"[..], &[7; 12], b"it.pdb\0"].concat();
        for (data, path) in [
            (&new[..], Some("C:\\it\\it.pdb")),
            (&old, Some("it.pdb")),
            (&new[..20], None),
            (b"RSDS", None),
            (b"else", None),
            (b"", None),
        ] {
            assert_eq!(pdb_path(data).unwrap().as_deref(), path, "{data:?}");
        }
    }
}
