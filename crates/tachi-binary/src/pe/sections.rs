//! The sections of a PE file that is to be stripped: with their long names and their bytes,
//! none of which belongs to two.

use object::LittleEndian as LE;
use object::pe::{self, ImageSectionHeader};
use object::pod::bytes_of;

use crate::architecture::Endianness;
use crate::bytes::part;
use crate::encoding::Encoding;
use crate::pe::image::Image;
use crate::strip::error::StripError;

/// The encoding of PE's numbers. No number of the width of an address is read with it.
pub(crate) const LITTLE: Encoding = Encoding { endian: Endianness::Little, is_64: false };
/// The widest alignment of sections in files.
const ALIGN_LIMIT: u64 = 0x1_0000;

/// A file whose sections can be moved.
#[derive(Debug)]
pub(crate) struct Movable<'bytes> {
    pub(crate) image: Image<'bytes>,
    pub(crate) sections: Vec<Section<'bytes>>,
    pub(crate) section_alignment: u64,
    pub(crate) file_alignment: u64,
    pub(crate) header_size: u64,
}

/// A section.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section<'bytes> {
    pub(crate) header: &'bytes ImageSectionHeader,
    /// Its name, from the table of long names if it is long.
    pub(crate) name: &'bytes [u8],
    /// Where it begins in memory, and how many bytes it has there.
    pub(crate) address: u32,
    pub(crate) memory: u32,
    /// Where it begins in the file, and its bytes there.
    pub(crate) offset: u32,
    pub(crate) content: &'bytes [u8],
}

impl<'bytes> Movable<'bytes> {
    /// Reads a file.
    pub(crate) fn read(bytes: &'bytes [u8]) -> Result<Self, StripError> {
        let cut = |_| StripError::Malformed("a header is cut off");
        let image = Image::read(bytes).map_err(cut)?;
        let sections = image.sections.iter().map(|header| section(bytes, header));
        let file = Self {
            sections: sections.collect::<Option<_>>().ok_or_else(StripError::outside)?,
            section_alignment: image.section_alignment.into(),
            file_alignment: image.file_alignment.into(),
            header_size: image.header_size.into(),
            image,
        };
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

    /// `size`, rounded up to the alignment of sections in the file.
    pub(crate) fn aligned(&self, size: u64) -> u64 {
        size.next_multiple_of(self.file_alignment.max(1))
    }

    /// The number of bytes behind the last section and the symbols, which end at `symbols_end`.
    pub(crate) fn appended(&self, symbols_end: u64) -> u64 {
        let ends = self.sections.iter().map(|one| u64::from(one.offset) + one.content.len() as u64);
        let end = ends.max().unwrap_or(0).max(self.header_size).max(symbols_end);
        let size = (self.image.bytes.len() as u64).saturating_sub(end);
        // LLVM's linker pads the file to the alignment.
        let is_padding = size < self.file_alignment
            && part(self.image.bytes, end, size)
                .is_some_and(|rest| rest.iter().all(|&byte| byte == 0));
        if is_padding { 0 } else { size }
    }
}

impl<'bytes> Section<'bytes> {
    /// The bytes of its header.
    pub(crate) fn header_bytes(&self) -> &'bytes [u8] {
        bytes_of(self.header)
    }

    /// Whether it is debug information: by its name, and because it may be discarded.
    pub(crate) fn is_debug(&self) -> bool {
        let flags = self.header.characteristics.get(LE);
        self.name.starts_with(b".debug") && flags.contains(pe::IMAGE_SCN_MEM_DISCARDABLE)
    }

    /// Whether its header counts it as data (`IMAGE_SCN_CNT_INITIALIZED_DATA`).
    pub(crate) fn is_data(&self) -> bool {
        self.header.characteristics.get(LE).contains(pe::IMAGE_SCN_CNT_INITIALIZED_DATA)
    }
}

/// None if its bytes lie outside the file.
fn section<'bytes>(
    bytes: &'bytes [u8],
    header: &'bytes ImageSectionHeader,
) -> Option<Section<'bytes>> {
    let offset = header.pointer_to_raw_data.get(LE);
    let size = header.size_of_raw_data.get(LE);
    Some(Section {
        header,
        name: header.raw_name(),
        address: header.virtual_address.get(LE),
        memory: header.virtual_size.get(LE),
        offset,
        content: part(bytes, offset.into(), size.into())?,
    })
}
