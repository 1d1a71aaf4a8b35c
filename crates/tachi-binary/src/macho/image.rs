//! One Mach-O file as its load commands describe it: the only reader of the format's
//! structure. Facts, stripping, signing and joining all begin here.

use object::macho::{self, FileType, LoadCommandType, SegmentCommand32, SegmentCommand64, VmProt};
use object::read::macho::{Section as _, Segment as Segment32Or64};

use crate::macho::commands::{Command, Commands, Header};

/// A Mach-O file. Its first bytes, up to the end of the load commands, are enough to read it.
#[derive(Debug, Clone)]
pub(crate) struct Image<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    pub(crate) header: Header,
    /// In the order of the file.
    pub(crate) segments: Vec<Segment>,
    commands: Commands<'bytes>,
}

/// A segment, with the position of its load command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) at: usize,
    pub(crate) name: [u8; 16],
    /// Where it begins in memory, and how many bytes it has there.
    pub(crate) address: u64,
    pub(crate) memory: u64,
    /// Where it begins in the file, and how many bytes it has there.
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// What may be done with its memory when the program starts.
    pub(crate) rights: VmProt,
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

impl<'bytes> Image<'bytes> {
    /// Reads the header and every load command.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn read(bytes: &'bytes [u8]) -> Result<Self, &'static str> {
        let header = Header::read(bytes).ok_or("the header is cut off")?;
        let commands = header.commands(bytes).ok_or("its load commands are cut off")?;
        let mut segments = Vec::new();
        for command in commands {
            let command = command.map_err(|_| "a load command does not fit")?;
            let endian = header.encoding.endian.into();
            let found = if header.encoding.is_64 {
                segment::<SegmentCommand64<_>>(command, endian)
            } else {
                segment::<SegmentCommand32<_>>(command, endian)
            };
            segments.extend(found.map_err(|_| "a load command is too short")?);
        }
        Ok(Self { bytes, header, segments, commands })
    }

    /// The load commands, in the order of the file.
    pub(crate) fn commands(&self) -> impl Iterator<Item = Command<'bytes>> + use<'bytes> {
        // Reading the image has passed all of them.
        self.commands.map_while(Result::ok)
    }

    /// The first load command of a type.
    pub(crate) fn command(&self, wanted: LoadCommandType) -> Option<Command<'bytes>> {
        self.commands().find(|command| command.cmd() == wanted)
    }

    /// The first segment of a name.
    pub(crate) fn segment(&self, name: &[u8]) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.is(name))
    }

    /// How the file's numbers are read by the crate `object`.
    pub(crate) fn endian(&self) -> object::Endianness {
        self.header.encoding.endian.into()
    }

    pub(crate) fn is_executable(&self) -> bool {
        self.header.file_type == macho::MH_EXECUTE
    }

    /// Whether systems map such a file as code, and look for a signature in it.
    pub(crate) fn is_code(&self) -> bool {
        const CODE: [FileType; 5] = [
            macho::MH_EXECUTE,
            macho::MH_DYLIB,
            macho::MH_BUNDLE,
            macho::MH_DYLINKER,
            macho::MH_KEXT_BUNDLE,
        ];
        CODE.contains(&self.header.file_type)
    }
}

impl Segment {
    /// Whether its name is `name`; names are padded with zeros.
    pub(crate) fn is(&self, name: &[u8]) -> bool {
        self.name.strip_prefix(name).is_some_and(|rest| rest.iter().all(|&byte| byte == 0))
    }

    /// Its name without the padding.
    pub(crate) fn name(&self) -> &[u8] {
        self.name.split(|&byte| byte == 0).next().unwrap_or_default()
    }

    /// Where its bytes end in the file.
    pub(crate) fn end(&self) -> Option<u64> {
        self.offset.checked_add(self.size)
    }
}

/// The position of a load command in the file.
pub(crate) fn position(command: &Command<'_>) -> usize {
    usize::try_from(command.offset()).unwrap_or(usize::MAX)
}

/// The segment that a load command describes; none if it describes something else.
fn segment<S: Segment32Or64<Endian = object::Endianness>>(
    command: Command<'_>,
    endian: object::Endianness,
) -> object::read::Result<Option<Segment>> {
    let Some((segment, behind)) = S::from_command(command)? else { return Ok(None) };
    let section = |section: &S::Section| Section {
        offset: section.offset(endian),
        align: section.align(endian),
    };
    Ok(Some(Segment {
        at: position(&command),
        name: *segment.segname(),
        address: segment.vmaddr(endian).into(),
        memory: segment.vmsize(endian).into(),
        offset: segment.fileoff(endian).into(),
        size: segment.filesize(endian).into(),
        rights: segment.initprot(endian),
        sections: segment.sections(endian, behind)?.iter().map(section).collect(),
    }))
}
