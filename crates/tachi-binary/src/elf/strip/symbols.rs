//! The symbols of an ELF file that stay when sections go.

use object::elf;

use crate::elf::image::{Image, Section};
use crate::elf::strip::mapped::Mapped;
use crate::elf::symbols::Symbol;
use crate::strings::{Names, Table};
use crate::strip::error::StripError;

/// The symbols that stay: the content of their section and of the section with their names.
#[derive(Debug)]
pub(crate) struct Symbols {
    /// The table's index in the old file.
    pub(crate) table: usize,
    /// The number of local entries, which come first: the table's `sh_info`.
    pub(crate) locals: u32,
    entries: Vec<u8>,
    /// The index of the names' section in the old file.
    names_table: usize,
    names: Vec<u8>,
}

impl Symbols {
    /// The new content of the section with an old index; none if its content stays.
    pub(crate) fn content(&self, old: usize) -> Option<&[u8]> {
        match old {
            _ if old == self.table => Some(&self.entries),
            _ if old == self.names_table => Some(&self.names),
            _ => None,
        }
    }
}

/// The symbols that stay: all but those in sections that go and the names of source files.
/// None if there is no symbol table, or if no section goes and the table has to stay as it is.
/// `numbers` has the new index of each section.
pub(crate) fn filtered(
    file: &Image<'_>,
    numbers: &[Option<u32>],
    mapped: &Mapped,
) -> Result<Option<Symbols>, StripError> {
    let stays = |index: usize| numbers.get(index).is_some_and(Option::is_some);
    let tables = || file.sections.iter().enumerate().filter(|(_, one)| is_table(one));
    let Some((table, section)) = tables().find(|(index, _)| stays(*index)) else {
        return Ok(None);
    };
    let names_table = section.link as usize;
    let names_section = file.sections.get(names_table).filter(|_| stays(names_table));
    let names_section = names_section.ok_or(StripError::Malformed("its symbols have no names"))?;
    if let Some(what) = shared(file, numbers, (table, names_table), mapped) {
        let is_idle = numbers.iter().all(Option::is_some);
        return if is_idle { Ok(None) } else { Err(StripError::Unsupported(what.to_owned())) };
    }

    let size = Symbol::size(file.encoding);
    let entries = section.content(file.bytes).ok_or_else(StripError::outside)?;
    let texts = names_section.content(file.bytes).ok_or_else(StripError::outside)?;
    let mut texts = Names::new(texts, entries.len() / size);
    let mut names = Table::default();
    let mut kept = Vec::new();
    let mut locals = 0;
    for (index, entry) in entries.chunks_exact(size).enumerate() {
        let symbol = Symbol::read(file.encoding, entry);
        let symbol = symbol.ok_or(StripError::Malformed("a symbol is cut off"))?;
        let number = match usize::from(symbol.section) {
            special if special == 0 || special >= usize::from(elf::SHN_LORESERVE) => {
                Some(symbol.section.into())
            }
            other => numbers.get(other).copied().flatten(),
        };
        let Some(number) = number.filter(|_| index == 0 || !symbol.is_file()) else {
            continue;
        };
        if symbol.is_local() {
            locals = kept.len() / size + 1;
        }
        names.add(texts.at(symbol.name).ok_or_else(StripError::no_name)?);
        let at = kept.len();
        kept.extend_from_slice(entry);
        let put =
            file.encoding.put_u16(&mut kept, at + Symbol::section_at(file.encoding), number.into());
        put.ok_or(StripError::Malformed("a symbol is cut off"))?;
    }
    let names = names.finish().ok_or_else(StripError::too_many_names)?;
    for (entry, offset) in kept.chunks_exact_mut(size).zip(names.offsets) {
        let put = file.encoding.put_u32(entry, 0, offset.into());
        put.ok_or(StripError::Malformed("a symbol is cut off"))?;
    }
    let locals = u32::try_from(locals).map_err(|_| StripError::Malformed("too many symbols"))?;
    Ok(Some(Symbols { table, locals, entries: kept, names_table, names: names.bytes }))
}

/// The reason why the table cannot change: other parts count on its entries or its names.
fn shared(
    file: &Image<'_>,
    numbers: &[Option<u32>],
    (table, names): (usize, usize),
    mapped: &Mapped,
) -> Option<&'static str> {
    let is_mapped = |index: usize| {
        file.sections.get(index).is_some_and(|one| one.is_loaded() || mapped.holds(one))
    };
    if is_mapped(table) || is_mapped(names) || names == file.names {
        return Some("its symbol table shares its names with other parts");
    }
    file.sections.iter().zip(numbers).enumerate().find_map(|(index, (section, number))| {
        let link = section.link as usize;
        let by_number = link == table && !section.is_loaded();
        match number {
            Some(_) if by_number && section.is_relocations() => {
                Some("it was linked with --emit-relocs, which refers to symbols by number")
            }
            Some(_) if index != table && (link == names || by_number) => {
                Some("other parts refer to its symbols by number")
            }
            _ => None,
        }
    })
}

fn is_table(section: &Section<'_>) -> bool {
    section.kind == elf::SHT_SYMTAB
}
