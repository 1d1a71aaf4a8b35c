//! Where things stand in one PE file: its headers and sections, as numbers.
//!
//! The format is that of
//! [Microsoft's specification](https://learn.microsoft.com/windows/win32/debug/pe-format).

use crate::architecture::Endianness;
use crate::bytes::part;
use crate::encoding::Encoding;
use crate::strip::error::StripError;

/// PE numbers have the least byte first; addresses are never read as such here.
pub(crate) const LITTLE: Encoding = Encoding { endian: Endianness::Little, is_64: false };
/// The size of a section's header.
pub(crate) const SECTION_SIZE: usize = 40;
/// The widest alignment in files.
const ALIGN_LIMIT: u64 = 0x1_0000;

/// Positions in the optional header, alike in both of its forms.
pub(crate) const INITIALIZED_SIZE: usize = 8;
pub(crate) const IMAGE_SIZE: usize = 56;
pub(crate) const HEADERS_SIZE: usize = 60;
pub(crate) const CHECKSUM: usize = 64;
/// Numbers of data directories.
const SECURITY: usize = 4;
const DEBUG: usize = 6;

/// A file with its tables read.
#[derive(Debug)]
pub(crate) struct PeFile<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    /// The positions of the COFF header, the optional header and the table of sections.
    pub(crate) coff: usize,
    pub(crate) optional: usize,
    pub(crate) table: usize,
    pub(crate) sections: Vec<Section<'bytes>>,
    pub(crate) section_alignment: u64,
    pub(crate) file_alignment: u64,
    pub(crate) header_size: u64,
    pub(crate) is_signed: bool,
    /// Address and size of the debug directory.
    pub(crate) debug: (u32, u32),
}

/// A section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section<'bytes> {
    /// Its header.
    pub(crate) header: &'bytes [u8],
    /// Its name, from the table of long names if it is one.
    pub(crate) name: &'bytes [u8],
    pub(crate) memory: u32,
    pub(crate) address: u32,
    /// Its place and size in the file.
    pub(crate) offset: u32,
    pub(crate) content: &'bytes [u8],
}

impl<'bytes> PeFile<'bytes> {
    pub(crate) fn read(bytes: &'bytes [u8]) -> Result<Self, StripError> {
        let file = Self::headers(bytes).ok_or(StripError::Malformed("a header is cut off"))?;
        for align in [file.section_alignment, file.file_alignment] {
            if !align.is_power_of_two() {
                return Err(StripError::Malformed("an alignment is no power of two"));
            }
        }
        if file.file_alignment > ALIGN_LIMIT {
            return Err(StripError::Malformed("an alignment is too wide"));
        }
        // Each byte belongs to one section; else a small file could grow large.
        let sizes = file.sections.iter().map(|one| file.aligned(one.content.len() as u64));
        if sizes.sum::<u64>() > file.aligned(bytes.len() as u64) {
            return Err(StripError::Malformed("its sections overlap"));
        }
        Ok(file)
    }

    fn headers(bytes: &'bytes [u8]) -> Option<Self> {
        let coff = usize::try_from(LITTLE.u32(bytes, 0x3c)?).ok()?.checked_add(4)?;
        let optional = coff.checked_add(20)?;
        let table = optional.checked_add(LITTLE.u16(bytes, coff + 16)?.into())?;
        let count = usize::from(LITTLE.u16(bytes, coff + 2)?);
        let headers = bytes.get(table..)?.get(..count * SECTION_SIZE)?;
        let sections = headers.chunks_exact(SECTION_SIZE).map(|header| section(bytes, header));
        let field = |at: usize| LITTLE.u32(bytes, optional + at);
        // PE32+ has wider addresses before the directories.
        let directories = if LITTLE.u16(bytes, optional)? == 0x20b { 112 } else { 96 };
        let known = field(directories - 4)? as usize;
        let directory = |number: usize| {
            let at = directories + 8 * number;
            if number < known { Some((field(at)?, field(at + 4)?)) } else { Some((0, 0)) }
        };
        Some(Self {
            bytes,
            coff,
            optional,
            table,
            sections: sections.collect::<Option<_>>()?,
            section_alignment: field(32)?.into(),
            file_alignment: field(36)?.into(),
            header_size: field(HEADERS_SIZE)?.into(),
            is_signed: directory(SECURITY)? != (0, 0),
            debug: directory(DEBUG)?,
        })
    }

    /// Rounds up to the unit of places in the file.
    pub(crate) fn aligned(&self, size: u64) -> u64 {
        size.next_multiple_of(self.file_alignment.max(1))
    }

    /// How many bytes follow the last section and the symbols, which end at `symbols_end`.
    pub(crate) fn appended(&self, symbols_end: u64) -> u64 {
        let ends = self.sections.iter().map(|one| u64::from(one.offset) + one.content.len() as u64);
        let end = ends.max().unwrap_or(0).max(self.header_size).max(symbols_end);
        let size = (self.bytes.len() as u64).saturating_sub(end);
        // LLVM's linker fills the last unit up.
        let is_padding = size < self.file_alignment
            && part(self.bytes, end, size).is_some_and(|rest| rest.iter().all(|&byte| byte == 0));
        if is_padding { 0 } else { size }
    }
}

impl Section<'_> {
    /// Whether it is debug information: by its name, and not loaded to stay.
    pub(crate) fn is_debug(&self) -> bool {
        const DISCARDABLE: u32 = 0x0200_0000;
        let flags = LITTLE.u32(self.header, 36).unwrap_or(0);
        self.name.starts_with(b".debug") && flags & DISCARDABLE != 0
    }

    /// Whether its header counts it as data (`IMAGE_SCN_CNT_INITIALIZED_DATA`).
    pub(crate) fn is_data(&self) -> bool {
        LITTLE.u32(self.header, 36).unwrap_or(0) & 0x40 != 0
    }
}

fn section<'bytes>(bytes: &'bytes [u8], header: &'bytes [u8]) -> Option<Section<'bytes>> {
    let field = |at: usize| LITTLE.u32(header, at);
    let (size, offset) = (field(16)?, field(20)?);
    let short = header.get(..8)?;
    let short = short.split(|&byte| byte == 0).next()?;
    Some(Section {
        header,
        name: short,
        memory: field(8)?,
        address: field(12)?,
        offset,
        content: part(bytes, offset.into(), size.into())?,
    })
}
