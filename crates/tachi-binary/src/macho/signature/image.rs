//! Where one Mach-O file keeps its signature, or would.

use crate::macho::commands::{BUNDLE, CODE_SIGNATURE, DYLIB, EXECUTE, Header, Segment, segments};
use crate::macho::signature::SignatureError;

/// `MH_DYLINKER`, `MH_KEXT_BUNDLE`: the other kinds that systems map as code.
const OTHER_CODE: [u32; 2] = [7, 11];

/// What signing and checking need to know of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) header: Header,
    pub(super) linkedit: Option<Segment>,
    pub(super) text: Option<Segment>,
    /// The signature's load command.
    pub(super) signature: Option<Place>,
    /// Where the first bytes behind the load commands are in use.
    pub(super) first_content: u64,
    /// Where the segment behind `__LINKEDIT` begins in memory.
    pub(super) memory_limit: u64,
}

/// The load command of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The load command's position.
    pub(super) at: usize,
    /// The signature's position.
    pub(super) offset: u32,
    /// Its size, padding included.
    pub(super) size: u32,
}

impl Image {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SignatureError> {
        let malformed = SignatureError::Malformed;
        let header = Header::read(bytes).ok_or(malformed("the header is cut off"))?;
        let commands = header.commands(bytes).ok_or(malformed("a load command does not fit"))?;
        let end = commands.last().map_or(header.size(), |last| last.at + last.bytes.len());
        if end as u64 != header.commands_end() {
            return Err(malformed("its load commands are not as long as the header says"));
        }
        let mut signatures = commands.iter().filter(|one| one.id == CODE_SIGNATURE);
        let signature = match signatures.next() {
            None => None,
            Some(command) => {
                let field = |at| header.encoding.u32(command.bytes, at);
                let (Some(offset), Some(size)) = (field(8), field(12)) else {
                    return Err(malformed("a load command is too short"));
                };
                Some(Place { at: command.at, offset, size })
            }
        };
        if signatures.next().is_some() {
            return Err(malformed("it has two signatures"));
        }
        let segments =
            segments(&commands, header.encoding).ok_or(malformed("a load command is too short"))?;
        let named = |name: &[u8]| segments.iter().find(|segment| segment.is(name)).cloned();
        let linkedit = named(b"__LINKEDIT");
        let behind = |segment: &&Segment| {
            linkedit.as_ref().is_some_and(|linkedit| segment.address > linkedit.address)
        };
        Ok(Self {
            header,
            memory_limit: segments
                .iter()
                .filter(behind)
                .map(|segment| segment.address)
                .min()
                .unwrap_or(u64::MAX),
            first_content: first_content(&segments),
            text: named(b"__TEXT"),
            linkedit,
            signature,
        })
    }

    /// Whether systems would look for a signature in such a file.
    pub(super) fn is_code(&self) -> bool {
        [EXECUTE, DYLIB, BUNDLE].contains(&self.header.file_type)
            || OTHER_CODE.contains(&self.header.file_type)
    }

    pub(super) fn is_executable(&self) -> bool {
        self.header.file_type == EXECUTE
    }

    /// The unit in which this processor's systems map memory.
    pub(super) fn page_size(&self) -> u64 {
        if self.header.cpu.has_large_pages() { 0x4000 } else { 0x1000 }
    }
}

/// Sections have content from where they begin; segments without sections, from there,
/// except the one that begins with the header itself.
fn first_content(segments: &[Segment]) -> u64 {
    let starts = segments.iter().flat_map(|segment| {
        let own = if segment.size == 0 { 0 } else { segment.offset };
        segment.sections.iter().map(|section| section.offset.into()).chain([own])
    });
    starts.filter(|&start| start > 0).min().unwrap_or(u64::MAX)
}
