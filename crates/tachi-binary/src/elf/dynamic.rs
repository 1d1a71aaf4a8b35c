//! ELF's dynamic section, read through the program headers as the loader does: section
//! headers may be stripped, or lie.

use object::elf;

use crate::bytes::{name_at, part};
use crate::elf::image::Image;
use crate::elf::versions::{self, VersionNeed, VersionPlace};
use crate::encoding::Encoding;
use crate::error::BinaryError;
use crate::format::Format;

/// The entries that hold the address of a table which linkers put beside the symbols.
const TABLES: [elf::DynamicTag; 9] = [
    elf::DT_STRTAB,
    elf::DT_VERSYM,
    elf::DT_VERNEED,
    elf::DT_VERDEF,
    elf::DT_HASH,
    elf::DT_GNU_HASH,
    elf::DT_RELA,
    elf::DT_REL,
    elf::DT_JMPREL,
];

/// The contents of the dynamic section.
#[derive(Debug, Default)]
pub(crate) struct Dynamic<'data> {
    pub(crate) needed: Vec<String>,
    pub(crate) soname: Option<String>,
    pub(crate) rpath: Option<String>,
    pub(crate) runpath: Option<String>,
    pub(crate) flags_1: u64,
    pub(crate) version_needs: Vec<VersionNeed>,
    /// The place of each version in `version_needs`, sorted by the number that symbols use.
    pub(crate) version_indices: Vec<VersionPlace>,
    /// The names (`DT_STRTAB`).
    pub(crate) strings: &'data [u8],
    /// The bytes from the first dynamic symbol (`DT_SYMTAB`) to the end of its segment. The
    /// next tables also extend to the end of their segments.
    pub(crate) symbols: Option<&'data [u8]>,
    /// The number of bytes from the first symbol to the table behind the symbols, if there is
    /// one.
    pub(crate) symbols_size: Option<u64>,
    /// The symbols' versions (`DT_VERSYM`).
    pub(crate) versions: Option<&'data [u8]>,
    /// `DT_HASH`.
    pub(crate) hash: Option<&'data [u8]>,
    /// `DT_GNU_HASH`.
    pub(crate) gnu_hash: Option<&'data [u8]>,
    flags: u64,
    bind_now: bool,
    text_relocations: bool,
}

impl Dynamic<'_> {
    /// Whether the loader looks up all symbols before the program runs.
    pub(crate) fn is_bound_at_start(&self) -> bool {
        let flagged = self.flags & elf::DF_BIND_NOW.0 | self.flags_1 & elf::DF_1_NOW.0;
        self.bind_now || flagged != 0
    }

    pub(crate) fn has_text_relocations(&self) -> bool {
        self.text_relocations || self.flags & elf::DF_TEXTREL.0 != 0
    }
}

/// Reads `PT_DYNAMIC`; none if there is no such segment.
pub(crate) fn read<'data>(image: &Image<'data>) -> Result<Option<Dynamic<'data>>, BinaryError> {
    let malformed = |what: &str| BinaryError::malformed(Format::Elf, what);
    let mut segments = image.segments.iter().filter(|segment| segment.kind == elf::PT_DYNAMIC);
    let Some(segment) = segments.next() else {
        return Ok(None);
    };
    let content = segment
        .content(image.bytes)
        .ok_or(BinaryError::Truncated { format: Format::Elf, what: "the dynamic section" })?;
    let entries: Vec<(elf::DynamicTag, u64)> =
        entries(content, image.encoding).take_while(|(tag, _)| *tag != elf::DT_NULL).collect();
    let value =
        |wanted| entries.iter().rev().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);

    let strings = match value(elf::DT_STRTAB) {
        Some(address) => {
            let tail = at_address(image, address)
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
    let (version_needs, version_indices) = match value(elf::DT_VERNEED) {
        Some(address) => {
            let data = at_address(image, address)
                .ok_or_else(|| malformed("DT_VERNEED lies in no segment"))?;
            let count = value(elf::DT_VERNEEDNUM).unwrap_or(u64::MAX);
            versions::read(data, count, strings, image.endian())?
        }
        None => (Vec::new(), Vec::new()),
    };
    let is_wide_hash = image.machine == elf::EM_S390 || image.machine == elf::EM_ALPHA;
    let table = |tag| at_address(image, value(tag)?);
    let tables = TABLES.into_iter().filter_map(value);
    let symbols_size = value(elf::DT_SYMTAB)
        .and_then(|start| tables.filter(|other| *other > start).map(|other| other - start).min());
    Ok(Some(Dynamic {
        needed,
        soname: value(elf::DT_SONAME).map(text).transpose()?,
        rpath: value(elf::DT_RPATH).map(text).transpose()?,
        runpath: value(elf::DT_RUNPATH).map(text).transpose()?,
        flags_1: value(elf::DT_FLAGS_1).unwrap_or(0),
        version_needs,
        version_indices,
        strings,
        symbols: table(elf::DT_SYMTAB),
        symbols_size,
        versions: table(elf::DT_VERSYM),
        // The tables of 64-bit s390x and of Alpha have 64-bit numbers, which `object` does not
        // read.
        hash: table(elf::DT_HASH).filter(|_| !is_wide_hash),
        gnu_hash: table(elf::DT_GNU_HASH),
        flags: value(elf::DT_FLAGS).unwrap_or(0),
        bind_now: value(elf::DT_BIND_NOW).is_some(),
        text_relocations: value(elf::DT_TEXTREL).is_some(),
    }))
}

/// The entries of the dynamic section: tags, which are signed, and values.
fn entries(
    content: &[u8],
    encoding: Encoding,
) -> impl Iterator<Item = (elf::DynamicTag, u64)> + use<'_> {
    let word = encoding.word_size();
    content.chunks_exact(2 * word).filter_map(move |entry| {
        let tag = encoding.word(entry, 0)?;
        let tag = if encoding.is_64 {
            tag.cast_signed()
        } else {
            u32::try_from(tag).ok()?.cast_signed().into()
        };
        Some((elf::DynamicTag(tag), encoding.word(entry, word)?))
    })
}

/// The bytes of the loaded segment that holds `address`, from there to its end.
fn at_address<'data>(image: &Image<'data>, address: u64) -> Option<&'data [u8]> {
    image.loaded().find_map(|segment| {
        let inside = address.checked_sub(segment.address)?;
        let left = segment.file_size.checked_sub(inside).filter(|left| *left > 0)?;
        part(image.bytes, segment.offset.checked_add(inside)?, left)
    })
}
