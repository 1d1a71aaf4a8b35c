//! Stripping Mach-O: the symbol table is thinned out, `__LINKEDIT` laid out anew, and an
//! ad-hoc signature renewed. All other segments stay as they are.

use std::io::Cursor;

use crate::bytes::part;
use crate::macho_commands::{CODE_SIGNATURE, Command, EXECUTE, Header, Segment, segments};
use crate::signature::{self, Replace};
use crate::strip::macho_linkedit::{self, Chunk, Use};
use crate::strip::macho_symbols::{self, Symbols};
use crate::strip::{Mode, StripError};
use crate::universal::{Contents, Input, Layout, Slice};

/// Strips a file for one architecture, or every slice of a universal one.
pub(super) fn strip(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let contents = Contents::read(&mut Cursor::new(file))?;
    if let ([_], false) = (contents.slices.as_slice(), contents.is_universal) {
        return one(file, mode);
    }
    let mut stripped = Vec::new();
    let mut inputs = Vec::new();
    for slice in &contents.slices {
        let bytes = part(file, slice.offset, slice.size);
        let bytes = bytes.ok_or(StripError::Malformed("a slice is cut off"))?;
        let bytes = crate::strip::strip(bytes, mode)?;
        let slice = Slice { offset: 0, size: bytes.len() as u64, ..slice.clone() };
        let contents = Contents { is_universal: false, slices: vec![slice] };
        inputs.push(Input { name: "a slice", contents });
        stripped.push(Cursor::new(bytes));
    }
    let layout = Layout::new(&inputs)?;
    let mut joined = Vec::with_capacity(usize::try_from(layout.size()).unwrap_or(0));
    layout.write(&mut stripped, &mut joined)?;
    Ok(joined)
}

/// What stripping needs to know of a file.
pub(super) struct Image<'bytes> {
    pub(super) bytes: &'bytes [u8],
    pub(super) header: Header,
    pub(super) linkedit: Segment,
    pub(super) chunks: Vec<Chunk>,
    /// The positions of the load commands `LC_SYMTAB` and `LC_DYSYMTAB`.
    pub(super) table: usize,
    pub(super) dynamic: Option<usize>,
    /// Binding is described apart from the symbol table, as everywhere since 2009.
    pub(super) binds_apart: bool,
}

impl Image<'_> {
    pub(super) fn is_executable(&self) -> bool {
        self.header.file_type == EXECUTE
    }

    /// The part of `__LINKEDIT` with a use.
    pub(super) fn chunk(&self, wanted: Use) -> Option<&Chunk> {
        self.chunks.iter().find(|chunk| chunk.usage == wanted)
    }

    /// The bytes of such a part; none if there is none.
    pub(super) fn content(&self, wanted: Use) -> Result<&[u8], StripError> {
        let Some(chunk) = self.chunk(wanted) else { return Ok(&[]) };
        part(self.bytes, chunk.offset, chunk.size)
            .ok_or(StripError::Malformed("a part of __LINKEDIT lies outside the file"))
    }
}

/// Strips a file for one architecture.
fn one(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let Some(image) = read(file)? else { return Ok(file.to_vec()) };
    let identifier = signature::renewable(file)?;
    let Some(symbols) = Symbols::kept(&image, mode)? else { return Ok(file.to_vec()) };
    let stripped = macho_linkedit::laid_out(&image, &symbols)?;
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
    let Some(table) = at(macho_symbols::SYMTAB) else { return Ok(None) };
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
    let chunks = macho_linkedit::chunks(&commands, header.encoding, &linkedit)?;
    Ok(Some(Image {
        bytes: file,
        header,
        linkedit,
        chunks,
        table,
        dynamic: at(macho_symbols::DYSYMTAB),
        binds_apart: macho_linkedit::BINDINGS.iter().any(|id| at(*id).is_some()),
    }))
}

/// The load command of a signature, whose bytes are made anew.
pub(super) fn is_signature(command: &Command<'_>) -> bool {
    command.id == CODE_SIGNATURE
}
