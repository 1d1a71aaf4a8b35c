//! One PE file as its headers describe it: the only reader of the format's structure. Facts
//! and stripping both begin here.
//!
//! The format is that of
//! [Microsoft's specification](https://learn.microsoft.com/windows/win32/debug/pe-format).

use object::LittleEndian as LE;
use object::pe::{self, DllFlags, ImageFileHeader, ImageNtHeaders32, ImageNtHeaders64, Subsystem};
use object::read::pe::{
    DataDirectories, ImageNtHeaders, ImageOptionalHeader as _, SectionTable, optional_header_magic,
};

use crate::version::Version;

/// A PE file. Where its sections lie is not checked.
#[derive(Debug)]
pub(crate) struct Image<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    /// It is of the form with 64-bit addresses (PE32+).
    pub(crate) is_64: bool,
    /// The positions of the COFF header, the optional header and the table of sections.
    pub(crate) coff: usize,
    pub(crate) optional: usize,
    pub(crate) table: usize,
    pub(crate) file_header: &'bytes ImageFileHeader,
    pub(crate) directories: DataDirectories<'bytes>,
    pub(crate) sections: SectionTable<'bytes>,
    pub(crate) subsystem: Subsystem,
    pub(crate) subsystem_version: Version,
    pub(crate) system_version: Version,
    pub(crate) characteristics: DllFlags,
    /// What addresses of sections, and their places in the file, are multiples of.
    pub(crate) section_alignment: u32,
    pub(crate) file_alignment: u32,
    /// The size of all headers and the table of sections, rounded up.
    pub(crate) header_size: u32,
}

impl<'bytes> Image<'bytes> {
    /// Reads the headers and the table of sections.
    pub(crate) fn read(bytes: &'bytes [u8]) -> object::read::Result<Self> {
        if optional_header_magic(bytes)? == pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC {
            Self::of::<ImageNtHeaders64>(bytes)
        } else {
            Self::of::<ImageNtHeaders32>(bytes)
        }
    }

    fn of<Pe: ImageNtHeaders>(bytes: &'bytes [u8]) -> object::read::Result<Self> {
        let start = pe::ImageDosHeader::parse(bytes)?.nt_headers_offset();
        let mut end = start.into();
        let (headers, directories) = Pe::parse(bytes, &mut end)?;
        let sections = headers.sections(bytes, end)?;
        let optional = headers.optional_header();
        let position = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let version = |major: u16, minor: u16| Version::new(major.into(), minor.into(), 0);
        // Behind the signature `PE\0\0`.
        let coff = u64::from(start) + 4;
        Ok(Self {
            bytes,
            is_64: headers.is_type_64(),
            coff: position(coff),
            optional: position(coff + size_of::<ImageFileHeader>() as u64),
            table: position(end),
            file_header: headers.file_header(),
            directories,
            sections,
            subsystem: optional.subsystem(),
            subsystem_version: version(
                optional.major_subsystem_version(),
                optional.minor_subsystem_version(),
            ),
            system_version: version(
                optional.major_operating_system_version(),
                optional.minor_operating_system_version(),
            ),
            characteristics: optional.dll_characteristics(),
            section_alignment: optional.section_alignment(),
            file_alignment: optional.file_alignment(),
            header_size: optional.size_of_headers(),
        })
    }

    /// The processor that it runs on.
    pub(crate) fn machine(&self) -> pe::Machine {
        self.file_header.machine.get(LE)
    }

    /// The address and the size of a data directory; none if there is no such directory.
    pub(crate) fn directory(&self, number: usize) -> Option<(u32, u32)> {
        self.directories.get(number).map(pe::ImageDataDirectory::address_range)
    }
}
