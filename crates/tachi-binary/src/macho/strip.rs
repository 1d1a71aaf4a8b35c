//! Stripping Mach-O: the symbol table is thinned out, `__LINKEDIT` laid out anew, and an
//! ad-hoc signature renewed. All other segments stay as they are.

use crate::bytes::part;
use crate::macho::commands::{CODE_SIGNATURE, Command, EXECUTE, Header, Segment, segments};
use crate::macho::linkedit::{self, Chunk, Use};
use crate::macho::signature::{self, Replace};
use crate::macho::symbols::{self, Symbols};
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// What stripping needs to know of a file.
pub(crate) struct Image<'bytes> {
    pub(crate) bytes: &'bytes [u8],
    pub(crate) header: Header,
    pub(crate) linkedit: Segment,
    pub(crate) chunks: Vec<Chunk>,
    /// The positions of the load commands `LC_SYMTAB` and `LC_DYSYMTAB`.
    pub(crate) table: usize,
    pub(crate) dynamic: Option<usize>,
    /// Binding is described apart from the symbol table, as everywhere since 2009.
    pub(crate) binds_apart: bool,
}

impl Image<'_> {
    pub(crate) fn is_executable(&self) -> bool {
        self.header.file_type == EXECUTE
    }

    /// The part of `__LINKEDIT` with a use.
    pub(crate) fn chunk(&self, wanted: Use) -> Option<&Chunk> {
        self.chunks.iter().find(|chunk| chunk.usage == wanted)
    }

    /// The bytes of such a part; none if there is none.
    pub(crate) fn content(&self, wanted: Use) -> Result<&[u8], StripError> {
        let Some(chunk) = self.chunk(wanted) else { return Ok(&[]) };
        part(self.bytes, chunk.offset, chunk.size)
            .ok_or(StripError::Malformed("a part of __LINKEDIT lies outside the file"))
    }
}

/// Strips a file for one architecture.
pub(crate) fn strip(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let Some(image) = read(file)? else { return Ok(file.to_vec()) };
    let identifier = signature::renewable(file)?;
    let Some(kept) = Symbols::kept(&image, mode)? else { return Ok(file.to_vec()) };
    let stripped = linkedit::laid_out(&image, &kept)?;
    let Some(identifier) = identifier else { return Ok(stripped) };
    Ok(signature::sign(&stripped, &identifier, Replace::AdHoc)?)
}

/// None if the file has no symbol table.
fn read(file: &[u8]) -> Result<Option<Image<'_>>, StripError> {
    let malformed = StripError::Malformed;
    let header = Header::read(file).ok_or(malformed("the header is cut off"))?;
    let commands = header.commands(file).ok_or(malformed("a load command does not fit"))?;
    let segments =
        segments(&commands, header.encoding).ok_or(malformed("a load command is too short"))?;
    if segments.iter().any(|one| one.is(b"__DWARF")) {
        let what = "its debug information is in a segment of its own, as no linker puts it into \
                    programs";
        return Err(StripError::Unsupported(what.to_owned()));
    }
    let at = |id: u32| commands.iter().find(|one| one.id == id).map(|one: &Command<'_>| one.at);
    let Some(table) = at(symbols::SYMTAB) else { return Ok(None) };
    let linkedit = segments.iter().find(|one| one.is(b"__LINKEDIT")).cloned();
    let linkedit = linkedit.ok_or(malformed("it has no __LINKEDIT segment"))?;
    let end = linkedit.end().ok_or(malformed("__LINKEDIT lies outside the file"))?;
    if end < file.len() as u64 {
        return Err(StripError::Appended(file.len() as u64 - end));
    }
    if header.commands_end() > linkedit.offset {
        return Err(malformed("__LINKEDIT begins among the load commands"));
    }
    if segments.iter().any(|one| one.at != linkedit.at && one.end() > Some(linkedit.offset)) {
        return Err(malformed("__LINKEDIT is not its last segment"));
    }
    let chunks = linkedit::chunks(&commands, header.encoding, &linkedit)?;
    Ok(Some(Image {
        bytes: file,
        header,
        linkedit,
        chunks,
        table,
        dynamic: at(symbols::DYSYMTAB),
        binds_apart: linkedit::BINDINGS.iter().any(|id| at(*id).is_some()),
    }))
}

/// The load command of a signature, whose bytes are made anew.
pub(crate) fn is_signature(command: &Command<'_>) -> bool {
    command.id == CODE_SIGNATURE
}
