//! `__LINKEDIT`, the last segment: which load commands point into it, and to what.

use object::macho::{self, LoadCommandType};

use crate::bytes::part;
use crate::encoding::Encoding;
use crate::macho::image::{Image, Segment, position};
use crate::macho::symbols::Symbol;
use crate::strip::error::StripError;

/// Load commands that describe bindings apart from the symbol table.
const BINDINGS: [LoadCommandType; 3] =
    [macho::LC_DYLD_INFO, macho::LC_DYLD_INFO_ONLY, macho::LC_DYLD_CHAINED_FIXUPS];
/// Load commands with one place and size in `__LINKEDIT`.
const LINKEDIT_DATA: [LoadCommandType; 10] = [
    macho::LC_SEGMENT_SPLIT_INFO,
    macho::LC_FUNCTION_STARTS,
    macho::LC_DATA_IN_CODE,
    macho::LC_DYLIB_CODE_SIGN_DRS,
    macho::LC_LINKER_OPTIMIZATION_HINT,
    macho::LC_DYLD_EXPORTS_TRIE,
    macho::LC_DYLD_CHAINED_FIXUPS,
    macho::LC_ATOM_INFO,
    macho::LC_FUNCTION_VARIANTS,
    macho::LC_FUNCTION_VARIANT_FIXUPS,
];
/// Load commands that point to nothing in `__LINKEDIT`.
const APART: [LoadCommandType; 34] = [
    macho::LC_SEGMENT,
    macho::LC_THREAD,
    macho::LC_UNIXTHREAD,
    macho::LC_LOAD_DYLIB,
    macho::LC_ID_DYLIB,
    macho::LC_LOAD_DYLINKER,
    macho::LC_ID_DYLINKER,
    macho::LC_PREBOUND_DYLIB,
    macho::LC_ROUTINES,
    macho::LC_SUB_FRAMEWORK,
    macho::LC_SUB_UMBRELLA,
    macho::LC_SUB_CLIENT,
    macho::LC_SUB_LIBRARY,
    macho::LC_PREBIND_CKSUM,
    macho::LC_LOAD_WEAK_DYLIB,
    macho::LC_SEGMENT_64,
    macho::LC_ROUTINES_64,
    macho::LC_UUID,
    macho::LC_RPATH,
    macho::LC_REEXPORT_DYLIB,
    macho::LC_LAZY_LOAD_DYLIB,
    macho::LC_ENCRYPTION_INFO,
    macho::LC_LOAD_UPWARD_DYLIB,
    macho::LC_VERSION_MIN_MACOSX,
    macho::LC_VERSION_MIN_IPHONEOS,
    macho::LC_DYLD_ENVIRONMENT,
    macho::LC_MAIN,
    macho::LC_SOURCE_VERSION,
    macho::LC_ENCRYPTION_INFO_64,
    macho::LC_LINKER_OPTION,
    macho::LC_VERSION_MIN_TVOS,
    macho::LC_VERSION_MIN_WATCHOS,
    macho::LC_BUILD_VERSION,
    macho::LC_TARGET_TRIPLE,
];

/// The use of a part of `__LINKEDIT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The symbols.
    Symbols,
    /// The names of the symbols.
    Names,
    /// The numbers of symbols, for the stubs and pointers of sections.
    Indirect,
    /// A part that moves as it is.
    Other,
}

/// A part of `__LINKEDIT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) usage: Use,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// Where in the file its load command has the offset.
    pub(crate) at: usize,
}

/// `__LINKEDIT` with its parts.
#[derive(Debug)]
pub(crate) struct Linkedit {
    pub(crate) segment: Segment,
    /// In the order of the file.
    pub(crate) chunks: Vec<Chunk>,
    /// Whether bindings are described apart from the symbol table, as in all files since 2009.
    pub(crate) binds_apart: bool,
}

impl Linkedit {
    /// Reads the segment, which has to be the end of the file.
    pub(crate) fn read(image: &Image<'_>) -> Result<Self, StripError> {
        let malformed = StripError::Malformed;
        let segment = image.segment(b"__LINKEDIT").cloned();
        let segment = segment.ok_or(malformed("it has no __LINKEDIT segment"))?;
        let end = segment.end().ok_or(malformed("__LINKEDIT lies outside the file"))?;
        let length = image.bytes.len() as u64;
        if end < length {
            return Err(StripError::Appended(length - end));
        }
        if image.header.commands_end() > segment.offset {
            return Err(malformed("__LINKEDIT begins among the load commands"));
        }
        if image.segments.iter().any(|one| one.at != segment.at && one.end() > Some(segment.offset))
        {
            return Err(malformed("__LINKEDIT is not its last segment"));
        }
        let chunks = chunks(image, &segment)?;
        let binds_apart = image.commands().any(|command| BINDINGS.contains(&command.cmd()));
        Ok(Self { segment, chunks, binds_apart })
    }

    /// The bytes of the part with a use; empty if there is none.
    pub(crate) fn content<'bytes>(
        &self,
        image: &Image<'bytes>,
        wanted: Use,
    ) -> Result<&'bytes [u8], StripError> {
        match self.chunks.iter().find(|chunk| chunk.usage == wanted) {
            Some(chunk) => chunk.content(image.bytes),
            None => Ok(&[]),
        }
    }
}

impl Chunk {
    /// Its bytes.
    pub(crate) fn content<'bytes>(&self, file: &'bytes [u8]) -> Result<&'bytes [u8], StripError> {
        part(file, self.offset, self.size)
            .ok_or(StripError::Malformed("a part of __LINKEDIT lies outside the file"))
    }
}

/// The parts in the order of the file, the signature left out.
fn chunks(image: &Image<'_>, linkedit: &Segment) -> Result<Vec<Chunk>, StripError> {
    let cut = || StripError::Malformed("a load command is too short");
    let encoding = image.header.encoding;
    let mut found = Vec::new();
    for command in image.commands() {
        let mut add = |usage, field: usize, unit: u64| {
            let bytes = command.raw_data();
            let offset = encoding.u32(bytes, field)?.into();
            let size = u64::from(encoding.u32(bytes, field + 4)?).checked_mul(unit)?;
            found.push(Chunk { usage, offset, size, at: position(&command) + field });
            Some(())
        };
        let entry = Symbol::size(encoding) as u64;
        let added = match command.cmd() {
            macho::LC_SYMTAB => add(Use::Symbols, 8, entry).and_then(|()| add(Use::Names, 16, 1)),
            macho::LC_DYSYMTAB => {
                refuse_old(command.raw_data(), encoding)?;
                // Behind three pairs of ranges, five pairs of place and number follow: the
                // fourth is that of indirect symbols, the last that of local relocations.
                add(Use::Indirect, 56, 4).and_then(|()| add(Use::Other, 72, 8))
            }
            macho::LC_DYLD_INFO | macho::LC_DYLD_INFO_ONLY => {
                (0..5).try_for_each(|number| add(Use::Other, 8 + 8 * number, 1))
            }
            id if LINKEDIT_DATA.contains(&id) => add(Use::Other, 8, 1),
            id if APART.contains(&id) || id == macho::LC_CODE_SIGNATURE => Some(()),
            id => {
                let what = format!("its load command {:#x} is not known here", id.0);
                return Err(StripError::Unsupported(what));
            }
        };
        added.ok_or_else(cut)?;
    }
    // An empty part has a place, too, which has to be inside the file.
    found.retain(|chunk| chunk.size > 0 || chunk.offset >= linkedit.offset);
    found.sort_by_key(|chunk| (chunk.offset, chunk.size));
    let mut end = linkedit.offset;
    for chunk in found.iter().filter(|chunk| chunk.size > 0) {
        if chunk.offset < end {
            return Err(StripError::Malformed("parts of __LINKEDIT overlap or lie before it"));
        }
        end = chunk.offset + chunk.size;
    }
    if Some(end) > linkedit.end() {
        return Err(StripError::Malformed("a part of __LINKEDIT lies outside the file"));
    }
    Ok(found)
}

/// Refuses tables of contents, modules and references, and relocations against symbols, which
/// only kernel extensions and files from before 2007 have.
fn refuse_old(command: &[u8], encoding: Encoding) -> Result<(), StripError> {
    let count = |at| encoding.u32(command, at).unwrap_or(0);
    if [36, 44, 52, 68].into_iter().any(|at| count(at) > 0) {
        let what = "its symbols are referred to by number, as in kernel extensions";
        return Err(StripError::Unsupported(what.to_owned()));
    }
    Ok(())
}
