//! The symbol table of a Mach-O file: one reader for facts and for stripping.
//!
//! The format is that of
//! [mach-o/nlist.h](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/nlist.h).

use object::macho::{self, SymbolDesc, SymbolFlags, SymtabCommand};

use crate::bytes::part;
use crate::encoding::Encoding;
use crate::strings::Names;

/// One entry of the table (`nlist`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbol {
    /// The place of its name in the table of names.
    pub(crate) name: u32,
    pub(crate) flags: SymbolFlags,
    pub(crate) description: SymbolDesc,
    pub(crate) value: u64,
}

impl Symbol {
    /// The size of an entry, in bytes.
    pub(crate) fn size(encoding: Encoding) -> usize {
        8 + encoding.word_size()
    }

    pub(crate) fn read(encoding: Encoding, entry: &[u8]) -> Option<Self> {
        Some(Self {
            name: encoding.u32(entry, 0)?,
            flags: SymbolFlags(*entry.get(4)?),
            description: SymbolDesc(encoding.u16(entry, 6)?),
            value: encoding.word(entry, 8)?,
        })
    }

    /// Whether it is an entry for debuggers (`N_STAB`).
    pub(crate) fn is_stab(self) -> bool {
        self.flags.is_stab()
    }

    /// Whether other files can see it (`N_EXT`).
    pub(crate) fn is_external(self) -> bool {
        self.flags.is_ext()
    }

    /// Whether it lies in no section of this file (`N_UNDF`): it is undefined, or common to
    /// several object files.
    pub(crate) fn is_elsewhere(self) -> bool {
        self.flags.typ() == macho::N_UNDF
    }

    /// Whether another file has to define it.
    pub(crate) fn is_undefined(self) -> bool {
        self.is_elsewhere() && !self.is_stab() && self.value == 0
    }
}

/// The table with its names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbols<'bytes> {
    encoding: Encoding,
    entries: &'bytes [u8],
    names: &'bytes [u8],
}

impl<'bytes> Symbols<'bytes> {
    /// The table that `LC_SYMTAB` tells the place of; none if it lies outside the file.
    pub(crate) fn at(
        bytes: &'bytes [u8],
        encoding: Encoding,
        command: &SymtabCommand<object::Endianness>,
    ) -> Option<Self> {
        let endian = encoding.endian.into();
        let size = u64::from(command.nsyms.get(endian)) * Symbol::size(encoding) as u64;
        let entries = part(bytes, command.symoff.get(endian).into(), size)?;
        let names =
            part(bytes, command.stroff.get(endian).into(), command.strsize.get(endian).into());
        // Without names the table still tells what was stripped.
        Some(Self { encoding, entries, names: names.unwrap_or_default() })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Symbol> {
        let entries = self.entries.chunks_exact(Symbol::size(self.encoding));
        entries.filter_map(|entry| Symbol::read(self.encoding, entry))
    }

    /// A reader of the symbols' names.
    pub(crate) fn names(&self) -> Names<'bytes> {
        Names::new(self.names, self.entries.len() / Symbol::size(self.encoding))
    }
}
