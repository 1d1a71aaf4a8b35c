//! Where things stand in one Mach-O file: its header and its load commands, with the
//! positions that joining and signing need. [`macho`](crate::macho) reads what they mean.
//!
//! The format is that of
//! [mach-o/loader.h](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h).

use crate::architecture::Endianness;
use crate::encoding::Encoding;
use crate::macho::cpu::Cpu;

/// `LC_SEGMENT` and `LC_SEGMENT_64`.
const SEGMENT: u32 = 0x1;
const SEGMENT_64: u32 = 0x19;
/// `LC_CODE_SIGNATURE`.
pub(crate) const CODE_SIGNATURE: u32 = 0x1d;

/// `MH_OBJECT`, whose one segment has no name and no address.
pub(crate) const OBJECT: u32 = 1;
/// `MH_EXECUTE`.
pub(crate) const EXECUTE: u32 = 2;
/// `MH_DYLIB`.
pub(crate) const DYLIB: u32 = 6;
/// `MH_BUNDLE`.
pub(crate) const BUNDLE: u32 = 8;

/// The start of a Mach-O file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) encoding: Encoding,
    pub(crate) cpu: Cpu,
    pub(crate) file_type: u32,
    pub(crate) command_count: u32,
    pub(crate) commands_size: u32,
}

impl Header {
    /// The longest header.
    pub(crate) const LIMIT: usize = 32;

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (endian, is_64) = match bytes.first_chunk()? {
            b"\xcf\xfa\xed\xfe" => (Endianness::Little, true),
            b"\xce\xfa\xed\xfe" => (Endianness::Little, false),
            b"\xfe\xed\xfa\xcf" => (Endianness::Big, true),
            b"\xfe\xed\xfa\xce" => (Endianness::Big, false),
            _ => return None,
        };
        let encoding = Encoding { endian, is_64 };
        let header = Self {
            encoding,
            cpu: Cpu { kind: encoding.u32(bytes, 4)?, subtype: encoding.u32(bytes, 8)? },
            file_type: encoding.u32(bytes, 12)?,
            command_count: encoding.u32(bytes, 16)?,
            commands_size: encoding.u32(bytes, 20)?,
        };
        (bytes.len() >= header.size()).then_some(header)
    }

    pub(crate) fn size(self) -> usize {
        if self.encoding.is_64 { 32 } else { 28 }
    }

    /// Where the load commands end.
    pub(crate) fn commands_end(self) -> u64 {
        self.size() as u64 + u64::from(self.commands_size)
    }

    /// The load commands, which lie behind the header in `bytes`: each with its position.
    /// None at the first that does not fit.
    pub(crate) fn commands(self, bytes: &[u8]) -> Option<Vec<Command<'_>>> {
        let end = usize::try_from(self.commands_end()).ok()?;
        let bytes = bytes.get(..end)?;
        let mut at = self.size();
        let mut found = Vec::new();
        for _ in 0..self.command_count {
            let id = self.encoding.u32(bytes, at)?;
            let size = usize::try_from(self.encoding.u32(bytes, at + 4)?).ok()?;
            if size < 8 {
                return None;
            }
            let next = at.checked_add(size)?;
            found.push(Command { id, at, bytes: bytes.get(at..next)? });
            at = next;
        }
        Some(found)
    }
}

/// One load command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'bytes> {
    pub(crate) id: u32,
    /// Its position in the file.
    pub(crate) at: usize,
    pub(crate) bytes: &'bytes [u8],
}

/// A segment, with the position of its load command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) at: usize,
    pub(crate) name: [u8; 16],
    pub(crate) address: u64,
    pub(crate) memory: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) sections: Vec<Section>,
}

/// What joining and signing need of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its position in the file; zero if it has no bytes there.
    pub(crate) offset: u32,
    /// Its alignment, as a power of two.
    pub(crate) align: u32,
}

impl Segment {
    /// Whether its name is `name`; names are padded with zeros.
    pub(crate) fn is(&self, name: &[u8]) -> bool {
        self.name.strip_prefix(name).is_some_and(|rest| rest.iter().all(|&byte| byte == 0))
    }

    /// Where its bytes end in the file.
    pub(crate) fn end(&self) -> Option<u64> {
        self.offset.checked_add(self.size)
    }
}

/// The segments among `commands`; none if one is cut off.
pub(crate) fn segments(commands: &[Command<'_>], encoding: Encoding) -> Option<Vec<Segment>> {
    let id = if encoding.is_64 { SEGMENT_64 } else { SEGMENT };
    commands.iter().filter(|one| one.id == id).map(|one| segment(*one, encoding)).collect()
}

fn segment(command: Command<'_>, encoding: Encoding) -> Option<Segment> {
    let Command { at, bytes, .. } = command;
    let word = |number: usize| encoding.word(bytes, 24 + number * encoding.word_size());
    // Behind four words: two protections, the number of sections, flags.
    let fixed = 24 + 4 * encoding.word_size();
    let count = usize::try_from(encoding.u32(bytes, fixed + 8)?).ok()?;
    let (section_size, offset_at) = if encoding.is_64 { (80, 48) } else { (68, 40) };
    let table = bytes.get(fixed + 16..)?.get(..count.checked_mul(section_size)?)?;
    let sections = table.chunks_exact(section_size).map(|section| {
        Some(Section {
            offset: encoding.u32(section, offset_at)?,
            align: encoding.u32(section, offset_at + 4)?,
        })
    });
    Some(Segment {
        at,
        name: *bytes.get(8..)?.first_chunk()?,
        address: word(0)?,
        memory: word(1)?,
        offset: word(2)?,
        size: word(3)?,
        sections: sections.collect::<Option<_>>()?,
    })
}
