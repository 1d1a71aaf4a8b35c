//! ELF's dynamic section, read through the program headers as the loader does: section
//! headers may be stripped, or lie.

use object::elf;
use object::read::elf::{Dyn as _, FileHeader, ProgramHeader as _};

use crate::bytes::{name_at, part};
use crate::elf_versions::{self, VersionNeed};
use crate::error::BinaryError;
use crate::facts::Format;

/// What the dynamic linker is told.
#[derive(Debug, Default)]
pub(crate) struct Dynamic {
    pub(crate) needed: Vec<String>,
    pub(crate) soname: Option<String>,
    pub(crate) rpath: Option<String>,
    pub(crate) runpath: Option<String>,
    pub(crate) flags_1: u64,
    pub(crate) version_needs: Vec<VersionNeed>,
}

/// Reads `PT_DYNAMIC`; none if there is no such segment.
pub(crate) fn read<Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    endian: object::Endianness,
    segments: &[Elf::ProgramHeader],
) -> Result<Option<Dynamic>, BinaryError> {
    let malformed = |what: &str| BinaryError::malformed(Format::Elf, what);
    let mut entries = None;
    for segment in segments {
        let found = segment
            .dynamic(endian, bytes)
            .map_err(|error| BinaryError::malformed(Format::Elf, &error))?;
        entries = entries.or(found);
    }
    let Some(entries) = entries else {
        return Ok(None);
    };
    let entries: Vec<(elf::DynamicTag, u64)> = entries
        .iter()
        .map(|entry| (entry.tag(endian), entry.val(endian)))
        .take_while(|(tag, _)| *tag != elf::DT_NULL)
        .collect();
    let value =
        |wanted| entries.iter().rev().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);

    let strings = match value(elf::DT_STRTAB) {
        Some(address) => {
            let tail = at_address::<Elf>(bytes, endian, segments, address)
                .ok_or_else(|| malformed("DT_STRTAB lies in no segment"))?;
            let size = value(elf::DT_STRSZ).unwrap_or(u64::MAX);
            tail.get(..usize::try_from(size).unwrap_or(usize::MAX)).unwrap_or(tail)
        }
        None => &[],
    };
    let text = |offset| name_at(strings, offset, Format::Elf);

    let mut needed = Vec::new();
    for (_, offset) in entries.iter().filter(|(tag, _)| *tag == elf::DT_NEEDED) {
        needed.push(text(*offset)?);
    }
    let version_needs = match value(elf::DT_VERNEED) {
        Some(address) => {
            let data = at_address::<Elf>(bytes, endian, segments, address)
                .ok_or_else(|| malformed("DT_VERNEED lies in no segment"))?;
            let count = value(elf::DT_VERNEEDNUM).unwrap_or(u64::MAX);
            elf_versions::read(data, count, strings, endian)?
        }
        None => Vec::new(),
    };
    Ok(Some(Dynamic {
        needed,
        soname: value(elf::DT_SONAME).map(text).transpose()?,
        rpath: value(elf::DT_RPATH).map(text).transpose()?,
        runpath: value(elf::DT_RUNPATH).map(text).transpose()?,
        flags_1: value(elf::DT_FLAGS_1).unwrap_or(0),
        version_needs,
    }))
}

/// The bytes of the loaded segment that holds `address`, from there to its end.
fn at_address<'data, Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &'data [u8],
    endian: object::Endianness,
    segments: &[Elf::ProgramHeader],
    address: u64,
) -> Option<&'data [u8]> {
    segments.iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD).find_map(|segment| {
        let (offset, size) = segment.file_range(endian);
        let inside = address.checked_sub(segment.p_vaddr(endian).into())?;
        let left = size.checked_sub(inside).filter(|left| *left > 0)?;
        part(bytes, offset.checked_add(inside)?, left)
    })
}
