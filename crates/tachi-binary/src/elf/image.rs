//! Where things stand in one ELF file: its header, segments and sections, as numbers.
//!
//! The format is that of the [System V ABI](https://gabi.xinuos.com/elf/02-eheader.html).

use object::elf;

use crate::architecture::Endianness;
use crate::bytes::part;
use crate::encoding::Encoding;
use crate::strings::Names;
use crate::strip::error::StripError;

/// A file with its tables read.
#[derive(Debug)]
pub(crate) struct ElfFile<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    pub(crate) encoding: Encoding,
    pub(crate) machine: u16,
    pub(crate) segments: Vec<Segment>,
    pub(crate) sections: Vec<Section<'bytes>>,
    /// The index of the section with the sections' names.
    pub(crate) names: usize,
    /// Where the table of sections ends.
    table_end: u64,
}

/// A segment, with the position of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) at: usize,
    pub(crate) kind: u32,
    pub(crate) offset: u64,
    pub(crate) address: u64,
    pub(crate) file_size: u64,
    pub(crate) align: u64,
}

/// A section: its header's fields, in their order, and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section<'bytes> {
    pub(crate) name: &'bytes [u8],
    pub(crate) name_offset: u32,
    pub(crate) kind: u32,
    pub(crate) flags: u64,
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) link: u32,
    pub(crate) info: u32,
    pub(crate) align: u64,
    pub(crate) entry_size: u64,
}

/// Positions in the file header, which differ from the width of addresses on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderFields {
    pub(crate) segments_offset: usize,
    pub(crate) sections_offset: usize,
    /// Of the header's own size; sizes and numbers of both tables follow, two bytes each.
    sizes: usize,
}

impl HeaderFields {
    pub(crate) fn of(encoding: Encoding) -> Self {
        let word = encoding.word_size();
        Self { segments_offset: 24 + word, sections_offset: 24 + 2 * word, sizes: 28 + 3 * word }
    }

    pub(crate) fn section_count(self) -> usize {
        self.sizes + 8
    }

    pub(crate) fn names_index(self) -> usize {
        self.sizes + 10
    }

    pub(crate) fn header_size(self) -> usize {
        self.sizes + 12
    }
}

impl<'bytes> ElfFile<'bytes> {
    /// Reads the tables; facts were read before, so that they are known to be inside.
    pub(crate) fn read(bytes: &'bytes [u8]) -> Result<Self, StripError> {
        let cut = StripError::Malformed("a header is cut off");
        let endian = if bytes.get(5) == Some(&2) { Endianness::Big } else { Endianness::Little };
        let encoding = Encoding { endian, is_64: bytes.get(4) == Some(&2) };
        let fields = HeaderFields::of(encoding);
        let read = || {
            let segments_at = encoding.word(bytes, fields.segments_offset)?;
            let sections_at = encoding.word(bytes, fields.sections_offset)?;
            let number = |index: usize| encoding.u16(bytes, fields.sizes + 2 * index);
            let segments = table(encoding, bytes, (segments_at, number(1)?, number(2)?), segment)?;
            let headers = table(encoding, bytes, (sections_at, number(3)?, number(4)?), section)?;
            let table_end =
                sections_at.checked_add(u64::from(number(3)?) * u64::from(number(4)?))?;
            Some((segments, headers, usize::from(number(5)?), table_end))
        };
        let (segments, mut sections, names, table_end) = read().ok_or(cut)?;
        let length = bytes.len() as u64;
        if segments.iter().any(|one| one.file_size > 0 && one.offset + one.file_size > length) {
            return Err(StripError::Malformed("a segment lies outside the file"));
        }
        if sections.is_empty() {
            let none = "it has no table of sections; there is nothing left to strip";
            return Err(StripError::Unsupported(none.to_owned()));
        }
        let Some(table) = sections.get(names).filter(|one| one.kind == elf::SHT_STRTAB.0) else {
            return Err(StripError::Malformed("its sections have no names"));
        };
        let mut texts = Names::new(table.content(bytes)?, sections.len());
        for section in &mut sections {
            section.name = texts.at(section.name_offset).ok_or_else(StripError::no_name)?;
        }
        let machine = encoding.u16(bytes, 18).unwrap_or(0);
        Ok(Self { bytes, encoding, machine, segments, sections, names, table_end })
    }

    /// How long an entry in the table of segments is.
    pub(crate) fn segment_size(&self) -> usize {
        if self.encoding.is_64 { 56 } else { 32 }
    }

    /// Where the offset is in such an entry: in 64-bit files the flags come before it.
    pub(crate) fn offset_in_segment(&self) -> usize {
        if self.encoding.is_64 { 8 } else { 4 }
    }

    /// How many bytes follow all that the headers speak of; `image_end` is where segments end.
    pub(crate) fn appended(&self, image_end: u64) -> u64 {
        let ends = self.sections.iter().map(|one| one.offset.saturating_add(one.file_size()));
        let end = ends.max().unwrap_or(0).max(image_end).max(self.table_end);
        (self.bytes.len() as u64).saturating_sub(end)
    }
}

impl<'bytes> Section<'bytes> {
    /// Whether it is in memory when the file runs (`SHF_ALLOC`).
    pub(crate) fn is_loaded(&self) -> bool {
        self.flags & elf::SHF_ALLOC.0 != 0
    }

    /// How many bytes it has in the file.
    pub(crate) fn file_size(&self) -> u64 {
        if [elf::SHT_NULL.0, elf::SHT_NOBITS.0].contains(&self.kind) { 0 } else { self.size }
    }

    /// A header of no section has no place and no size.
    pub(crate) fn clear_if_null(&mut self) {
        if self.kind == elf::SHT_NULL.0 {
            (self.offset, self.size) = (0, 0);
        }
    }

    pub(crate) fn content(&self, file: &'bytes [u8]) -> Result<&'bytes [u8], StripError> {
        let outside = StripError::Malformed("a section lies outside the file");
        part(file, self.offset, self.file_size()).ok_or(outside)
    }

    /// Whether it is debug information, by its name, as all tools tell it.
    pub(crate) fn is_debug(&self) -> bool {
        self.name.starts_with(b".debug")
            || self.name.starts_with(b".zdebug")
            || self.name == b".gdb_index"
    }

    pub(crate) fn is_relocations(&self) -> bool {
        [elf::SHT_REL.0, elf::SHT_RELA.0].contains(&self.kind)
    }

    /// Appends its header to a table; none if a number does not fit.
    pub(crate) fn write(&self, encoding: Encoding, output: &mut Vec<u8>) -> Option<()> {
        let word = encoding.word_size();
        let fields = [
            (4, self.name_offset.into()),
            (4, self.kind.into()),
            (word, self.flags),
            (word, self.address),
            (word, self.offset),
            (word, self.size),
            (4, self.link.into()),
            (4, self.info.into()),
            (word, self.align),
            (word, self.entry_size),
        ];
        for (width, value) in fields {
            let at = output.len();
            output.resize(at + width, 0);
            encoding.put(output, at, width, value)?;
        }
        Some(())
    }
}

/// Reads a table at `place`: where, how long an entry is, how many there are.
fn table<T>(
    encoding: Encoding,
    bytes: &[u8],
    place: (u64, u16, u16),
    read: fn(Encoding, &[u8], usize) -> Option<T>,
) -> Option<Vec<T>> {
    let (start, size, count) = place;
    let start = usize::try_from(start).ok()?;
    let entry = |index: u16| {
        let at = start.checked_add(usize::from(index) * usize::from(size))?;
        let end = at.checked_add(usize::from(size))?;
        read(encoding, bytes.get(..end)?, at)
    };
    (0..count).map(entry).collect()
}

fn segment(encoding: Encoding, bytes: &[u8], at: usize) -> Option<Segment> {
    let word = encoding.word_size();
    // In 64-bit files the flags come second, not second to last.
    let first = if encoding.is_64 { 8 } else { 4 };
    let field = |number: usize| encoding.word(bytes, at + first + number * word);
    let align = if encoding.is_64 { field(5)? } else { encoding.u32(bytes, at + 28)?.into() };
    let segment = Segment {
        at,
        kind: encoding.u32(bytes, at)?,
        offset: field(0)?,
        address: field(1)?,
        file_size: field(3)?,
        align,
    };
    segment.offset.checked_add(segment.file_size).map(|_| segment)
}

fn section<'bytes>(encoding: Encoding, bytes: &[u8], at: usize) -> Option<Section<'bytes>> {
    let word = encoding.word_size();
    let field = |number: usize| encoding.word(bytes, at + 8 + number * word);
    let behind = at + 8 + 4 * word;
    let section = Section {
        name: &[],
        name_offset: encoding.u32(bytes, at)?,
        kind: encoding.u32(bytes, at + 4)?,
        flags: field(0)?,
        address: field(1)?,
        offset: field(2)?,
        size: field(3)?,
        link: encoding.u32(bytes, behind)?,
        info: encoding.u32(bytes, behind + 4)?,
        align: encoding.word(bytes, behind + 8)?,
        entry_size: encoding.word(bytes, behind + 8 + word)?,
    };
    section.offset.checked_add(section.file_size()).map(|_| section)
}
