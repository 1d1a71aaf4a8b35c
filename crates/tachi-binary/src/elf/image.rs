//! One ELF file as its headers describe it: the only reader of the format's structure. Facts,
//! stripping and splitting all begin here.
//!
//! The format is that of the [System V ABI](https://gabi.xinuos.com/elf/02-eheader.html).

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader as _, SectionHeader as _};

use crate::bytes::part;
use crate::encoding::Encoding;
use crate::strings::Names;

/// An ELF file. Where its segments and sections lie is not checked.
#[derive(Debug)]
pub(crate) struct Image<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    pub(crate) encoding: Encoding,
    pub(crate) file_type: elf::FileType,
    pub(crate) machine: elf::Machine,
    pub(crate) segments: Vec<Segment>,
    pub(crate) sections: Vec<Section<'bytes>>,
    /// The index of the section with the sections' names.
    pub(crate) names: usize,
    /// Every section has a name in that section. Where this is not so, names may be empty.
    pub(crate) has_names: bool,
    /// Where the table of sections ends in the file; zero if there is no such table.
    pub(crate) table_end: u64,
}

/// A segment, with the position of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) at: usize,
    pub(crate) kind: elf::ProgramType,
    pub(crate) flags: elf::ProgramFlags,
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
    pub(crate) kind: elf::SectionType,
    pub(crate) flags: elf::SectionFlags,
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) link: u32,
    pub(crate) info: u32,
    pub(crate) align: u64,
    pub(crate) entry_size: u64,
}

/// Positions in the file header, which depend on the width of addresses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderFields {
    pub(crate) segments_offset: usize,
    pub(crate) sections_offset: usize,
    /// The position of the header's own size. The entry size and the number of entries of both
    /// tables follow, two bytes each.
    sizes: usize,
}

impl HeaderFields {
    pub(crate) fn of(encoding: Encoding) -> Self {
        let word = encoding.word_size();
        Self { segments_offset: 24 + word, sections_offset: 24 + 2 * word, sizes: 28 + 3 * word }
    }

    pub(crate) fn segment_count(self) -> usize {
        self.sizes + 4
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

impl<'bytes> Image<'bytes> {
    /// Reads the header and both tables.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn read(bytes: &'bytes [u8]) -> Result<Self, String> {
        // The file's class: 1 has addresses of 32 bits, 2 of 64.
        let read = if bytes.get(4) == Some(&2) {
            Self::of::<FileHeader64<object::Endianness>>(bytes)
        } else {
            Self::of::<FileHeader32<object::Endianness>>(bytes)
        };
        let mut image = read.map_err(|error| error.to_string())?;
        if !image.sections.is_empty() {
            image.name_sections().ok_or("the section with the sections' names is missing")?;
        }
        Ok(image)
    }

    fn of<Elf: FileHeader<Endian = object::Endianness>>(
        bytes: &'bytes [u8],
    ) -> object::read::Result<Self> {
        let header = Elf::parse(bytes)?;
        let endian = header.endian()?;
        let segments_at: u64 = header.e_phoff(endian).into();
        let segments = header.program_headers(endian, bytes)?;
        let segments_at = usize::try_from(segments_at).unwrap_or(usize::MAX);
        let places = (segments_at..).step_by(size_of::<Elf::ProgramHeader>());
        let sections_at: u64 = header.e_shoff(endian).into();
        let sections = header.section_headers(endian, bytes)?;
        let table_end = sections_at.saturating_add(size_of_val(sections) as u64);
        let names = match sections {
            [] => 0,
            _ => header.section_strings_index(endian, bytes)?.0,
        };
        Ok(Self {
            bytes,
            encoding: Encoding { endian: endian.into(), is_64: header.is_class_64() },
            file_type: header.e_type(endian),
            machine: header.e_machine(endian),
            segments: (segments.iter().zip(places))
                .map(|(header, at)| segment::<Elf>(header, endian, at))
                .collect(),
            sections: sections.iter().map(|header| section::<Elf>(header, endian)).collect(),
            names,
            has_names: true,
            table_end: if sections.is_empty() { 0 } else { table_end },
        })
    }

    /// None if there is no table of names.
    fn name_sections(&mut self) -> Option<()> {
        let table = self.sections.get(self.names)?.content(self.bytes);
        let mut names = Names::new(table.unwrap_or_default(), self.sections.len());
        for section in &mut self.sections {
            match names.at(section.name_offset) {
                Some(name) => section.name = name,
                None => self.has_names = false,
            }
        }
        Some(())
    }

    /// How the file's numbers are read by the crate `object`.
    pub(crate) fn endian(&self) -> object::Endianness {
        self.encoding.endian.into()
    }

    /// The segments that are mapped when the file runs (`PT_LOAD`).
    pub(crate) fn loaded(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.kind == elf::PT_LOAD)
    }

    /// How long an entry in the table of segments is, in bytes.
    pub(crate) fn segment_size(&self) -> usize {
        if self.encoding.is_64 { 56 } else { 32 }
    }

    /// Where the offset is in such an entry: in 64-bit files the flags come before it.
    pub(crate) fn offset_in_segment(&self) -> usize {
        if self.encoding.is_64 { 8 } else { 4 }
    }
}

impl Segment {
    /// Its bytes; none if they lie outside the file.
    pub(crate) fn content<'bytes>(&self, file: &'bytes [u8]) -> Option<&'bytes [u8]> {
        part(file, self.offset, self.file_size)
    }
}

impl<'bytes> Section<'bytes> {
    /// Whether it is in memory when the file runs (`SHF_ALLOC`).
    pub(crate) fn is_loaded(&self) -> bool {
        self.flags.contains(elf::SHF_ALLOC)
    }

    /// How many bytes it has in the file.
    pub(crate) fn file_size(&self) -> u64 {
        if [elf::SHT_NULL, elf::SHT_NOBITS].contains(&self.kind) { 0 } else { self.size }
    }

    /// A header of no section has no place and no size. It may hold numbers that do not fit into
    /// the file's header; stripped files have none of these.
    pub(crate) fn clear_if_null(&mut self) {
        if self.kind == elf::SHT_NULL {
            (self.offset, self.size, self.link) = (0, 0, 0);
        }
    }

    /// Its bytes; none if they lie outside the file.
    pub(crate) fn content(&self, file: &'bytes [u8]) -> Option<&'bytes [u8]> {
        part(file, self.offset, self.file_size())
    }

    /// Whether it is debug information. Only the name tells, to all tools.
    pub(crate) fn is_debug(&self) -> bool {
        self.name.starts_with(b".debug")
            || self.name.starts_with(b".zdebug")
            || self.name == b".gdb_index"
    }

    pub(crate) fn is_relocations(&self) -> bool {
        [elf::SHT_REL, elf::SHT_RELA].contains(&self.kind)
    }

    /// Appends its header to a table; none if a number does not fit into its field.
    pub(crate) fn write(&self, encoding: Encoding, output: &mut Vec<u8>) -> Option<()> {
        let word = encoding.word_size();
        let fields = [
            (4, self.name_offset.into()),
            (4, self.kind.0.into()),
            (word, self.flags.0),
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

fn segment<Elf: FileHeader<Endian = object::Endianness>>(
    header: &Elf::ProgramHeader,
    endian: object::Endianness,
    at: usize,
) -> Segment {
    Segment {
        at,
        kind: header.p_type(endian),
        flags: header.p_flags(endian),
        offset: header.p_offset(endian).into(),
        address: header.p_vaddr(endian).into(),
        file_size: header.p_filesz(endian).into(),
        align: header.p_align(endian).into(),
    }
}

fn section<'bytes, Elf: FileHeader<Endian = object::Endianness>>(
    header: &Elf::SectionHeader,
    endian: object::Endianness,
) -> Section<'bytes> {
    Section {
        name: &[],
        name_offset: header.sh_name(endian),
        kind: header.sh_type(endian),
        flags: header.sh_flags(endian),
        address: header.sh_addr(endian).into(),
        offset: header.sh_offset(endian).into(),
        size: header.sh_size(endian).into(),
        link: header.sh_link(endian),
        info: header.sh_info(endian),
        align: header.sh_addralign(endian).into(),
        entry_size: header.sh_entsize(endian).into(),
    }
}
