//! One entry of a symbol table of ELF, dynamic or not: one reader for facts and for stripping.

use object::elf;

use crate::encoding::Encoding;

/// An entry. Its name comes first in both classes of files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbol {
    /// The place of its name in the table of names.
    pub(crate) name: u32,
    pub(crate) info: elf::SymbolInfo,
    /// The index of its section, or a special number from `SHN_LORESERVE` on.
    pub(crate) section: u16,
}

impl Symbol {
    /// The size of an entry, in bytes.
    pub(crate) fn size(encoding: Encoding) -> usize {
        if encoding.is_64 { 24 } else { 16 }
    }

    /// Where the index of its section is in an entry.
    pub(crate) fn section_at(encoding: Encoding) -> usize {
        if encoding.is_64 { 6 } else { 14 }
    }

    pub(crate) fn read(encoding: Encoding, entry: &[u8]) -> Option<Self> {
        let info = entry.get(if encoding.is_64 { 4 } else { 12 })?;
        Some(Self {
            name: encoding.u32(entry, 0)?,
            info: elf::SymbolInfo(*info),
            section: encoding.u16(entry, Self::section_at(encoding))?,
        })
    }

    /// Whether only its own file can see it.
    pub(crate) fn is_local(self) -> bool {
        self.info.st_bind() == elf::STB_LOCAL
    }

    /// Whether it may be missing.
    pub(crate) fn is_weak(self) -> bool {
        self.info.st_bind() == elf::STB_WEAK
    }

    /// Whether it names a source file.
    pub(crate) fn is_file(self) -> bool {
        self.info.st_type() == elf::STT_FILE
    }

    /// Whether another file has to define it.
    pub(crate) fn is_undefined(self) -> bool {
        self.section == 0
    }
}
