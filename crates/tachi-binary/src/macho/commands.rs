//! The header of a Mach-O file, and the walk over its load commands.
//!
//! The format is that of
//! [mach-o/loader.h](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h).

use object::macho::{FileFlags, FileType, MachHeader32, MachHeader64};
use object::read::macho::{LoadCommandData, LoadCommandIterator, MachHeader};

use crate::encoding::Encoding;
use crate::macho::cpu::Cpu;

/// One load command, with its position in the file.
pub(crate) type Command<'bytes> = LoadCommandData<'bytes, object::Endianness>;
/// The load commands of one file. The iterator copies nothing and may be cloned.
pub(crate) type Commands<'bytes> = LoadCommandIterator<'bytes, object::Endianness>;

/// The start of a Mach-O file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) encoding: Encoding,
    pub(crate) cpu: Cpu,
    pub(crate) file_type: FileType,
    pub(crate) flags: FileFlags,
    pub(crate) command_count: u32,
    pub(crate) commands_size: u32,
}

impl Header {
    /// The size of the longest header, in bytes.
    pub(crate) const LIMIT: usize = 32;

    /// The header at the start of `bytes`; none if it is cut off or of another format.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.first_chunk()? {
            b"\xcf\xfa\xed\xfe" | b"\xfe\xed\xfa\xcf" => {
                Self::of::<MachHeader64<object::Endianness>>(bytes)
            }
            b"\xce\xfa\xed\xfe" | b"\xfe\xed\xfa\xce" => {
                Self::of::<MachHeader32<object::Endianness>>(bytes)
            }
            _ => None,
        }
    }

    fn of<Mach: MachHeader<Endian = object::Endianness>>(bytes: &[u8]) -> Option<Self> {
        let header = Mach::parse(bytes, 0).ok()?;
        let endian = header.endian().ok()?;
        Some(Self {
            encoding: Encoding { endian: endian.into(), is_64: header.is_type_64() },
            cpu: Cpu { kind: header.cputype(endian).0, subtype: header.cpusubtype(endian).0 },
            file_type: header.filetype(endian),
            flags: header.flags(endian),
            command_count: header.ncmds(endian),
            commands_size: header.sizeofcmds(endian),
        })
    }

    /// The size of this header, in bytes.
    pub(crate) fn size(self) -> usize {
        if self.encoding.is_64 { 32 } else { 28 }
    }

    /// Where the load commands end.
    pub(crate) fn commands_end(self) -> u64 {
        self.size() as u64 + u64::from(self.commands_size)
    }

    /// The load commands, which lie behind the header in `bytes`; none if `bytes` end before
    /// they do.
    pub(crate) fn commands(self, bytes: &[u8]) -> Option<Commands<'_>> {
        if self.encoding.is_64 {
            commands::<MachHeader64<object::Endianness>>(bytes)
        } else {
            commands::<MachHeader32<object::Endianness>>(bytes)
        }
    }
}

fn commands<Mach: MachHeader<Endian = object::Endianness>>(bytes: &[u8]) -> Option<Commands<'_>> {
    let header = Mach::parse(bytes, 0).ok()?;
    header.load_commands(header.endian().ok()?, bytes, 0).ok()
}
