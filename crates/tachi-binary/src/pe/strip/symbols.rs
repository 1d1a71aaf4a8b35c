//! The COFF symbol table of a PE file, and the long names behind it. Only tools read them.

use crate::bytes::part;
use crate::pe::sections::{LITTLE, Movable, Section};
use crate::strings::{Names, Table};
use crate::strip::error::StripError;

/// The size of a symbol, and of the auxiliary entries behind some symbols.
const SYMBOL_SIZE: usize = 18;
/// `IMAGE_SYM_CLASS_WEAK_EXTERNAL`: the auxiliary entry begins with another symbol's number.
const WEAK_EXTERNAL: u8 = 105;

/// The table in a file.
#[derive(Debug)]
pub(crate) struct Symbols<'bytes> {
    pub(crate) entries: &'bytes [u8],
    names: &'bytes [u8],
    /// Where the names end in the file; zero if the file has no table.
    pub(crate) end: u64,
}

/// The table of the stripped file, and the sections' names in it.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Symbols, then long names; empty if there are neither.
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u64,
    /// The eight bytes of the name of each section that stays.
    pub(crate) section_names: Vec<[u8; 8]>,
}

impl<'bytes> Symbols<'bytes> {
    /// Finds the table, and gives sections their long names.
    pub(crate) fn read(file: &mut Movable<'bytes>) -> Result<Self, StripError> {
        let cut = StripError::Malformed("the symbol table lies outside the file");
        let bytes = file.image.bytes;
        let read = || {
            let start = u64::from(LITTLE.u32(bytes, file.image.coff + 8)?);
            let count = u64::from(LITTLE.u32(bytes, file.image.coff + 12)?);
            if start == 0 {
                return Some(Self { entries: &[], names: &[], end: 0 });
            }
            let size = count * SYMBOL_SIZE as u64;
            let entries = part(bytes, start, size)?;
            let names_start = start + size;
            // Linkers may leave out an empty table of names.
            let names_size = part(bytes, names_start, 4).and_then(|field| LITTLE.u32(field, 0));
            let names_size = u64::from(names_size.unwrap_or(0));
            let names = part(bytes, names_start, names_size)?;
            Some(Self { entries, names, end: names_start + names_size })
        };
        let found = read().ok_or(cut)?;
        let mut texts = Names::new(found.names, file.sections.len());
        for section in &mut file.sections {
            if let Some(offset) = long_name(section.name) {
                section.name = texts.at(offset).ok_or_else(StripError::no_name)?;
            }
        }
        Ok(found)
    }

    /// The table without symbols, or without those in debug sections.
    pub(crate) fn kept(
        &self,
        file: &Movable<'bytes>,
        with_symbols: bool,
    ) -> Result<Kept, StripError> {
        let malformed = || StripError::Malformed("a symbol is cut off");
        let mut names = Table::default();
        let sections = || file.sections.iter().filter(|one| !one.is_debug());
        sections().filter(|one| one.name.len() > 8).for_each(|one| names.add(one.name));
        let entries = if with_symbols { self.entries } else { &[] };
        let (mut bytes, long) =
            self.filtered(file, entries, &mut names).ok_or_else(malformed)??;
        let names = names.finish().ok_or_else(StripError::too_many_names)?;
        // The names begin behind the size of the table, in place of the empty name.
        let mut offsets = names.offsets.iter().map(|offset| offset + 3);
        let section_names = sections().map(|one| {
            if one.name.len() <= 8 {
                let mut short = [0; 8];
                short.iter_mut().zip(one.name).for_each(|(to, from)| *to = *from);
                return Some(short);
            }
            let text = format!("/{}", offsets.next()?);
            let mut short = [0; 8];
            short.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
            Some(short)
        });
        let section_names = section_names.collect::<Option<_>>();
        let section_names = section_names.ok_or(StripError::Malformed("too many names"))?;
        for (at, offset) in long.into_iter().zip(offsets) {
            LITTLE.put_u32(&mut bytes, at + 4, offset.into()).ok_or_else(malformed)?;
        }
        let count = (bytes.len() / SYMBOL_SIZE) as u64;
        let names = names.bytes.get(1..).unwrap_or_default();
        if count > 0 || !names.is_empty() {
            let size = u32::try_from(names.len() + 4).map_err(|_| malformed())?;
            bytes.extend(size.to_le_bytes());
            bytes.extend_from_slice(names);
        }
        Ok(Kept { bytes, count, section_names })
    }

    /// The symbols that stay, and the positions of symbols with long names, which are added to
    /// `names`. None if a symbol is cut off.
    #[expect(clippy::type_complexity, reason = "two ways to fail, used once")]
    fn filtered(
        &self,
        file: &Movable<'bytes>,
        entries: &'bytes [u8],
        names: &mut Table<'bytes>,
    ) -> Option<Result<(Vec<u8>, Vec<usize>), StripError>> {
        let numbers = section_numbers(&file.sections);
        let mut texts = Names::new(self.names, entries.len() / SYMBOL_SIZE);
        let (mut kept, mut long, mut weak) = (Vec::new(), Vec::new(), Vec::new());
        // Old number → new number, of symbols.
        let mut moved: Vec<u32> = Vec::new();
        let mut at = 0;
        while at < entries.len() {
            let symbol = entries.get(at..at + SYMBOL_SIZE)?;
            let [class, behind] = *symbol.get(16..18)?.first_chunk()?;
            let size = SYMBOL_SIZE * (1 + usize::from(behind));
            let number = LITTLE.u16(symbol, 12)?;
            let new = match usize::from(number).checked_sub(1) {
                Some(index) if index < numbers.len() => numbers.get(index).copied().flatten(),
                // The number of no section: the symbol is undefined, absolute or for debuggers.
                _ => Some(number.into()),
            };
            let place = u32::try_from(kept.len() / SYMBOL_SIZE).ok()?;
            moved.extend((place..).take(1 + usize::from(behind)));
            if let Some(new) = new {
                let start = kept.len();
                kept.extend_from_slice(entries.get(at..at + size)?);
                LITTLE.put_u16(&mut kept, start + 12, new)?;
                if symbol.starts_with(&[0; 4]) {
                    let Some(name) = texts.at(LITTLE.u32(symbol, 4)?) else {
                        return Some(Err(StripError::no_name()));
                    };
                    names.add(name);
                    long.push(start);
                }
                if class == WEAK_EXTERNAL && behind > 0 {
                    weak.push(start + SYMBOL_SIZE);
                }
            }
            at += size;
        }
        for field in weak {
            let new = moved.get(LITTLE.u32(&kept, field)? as usize).copied()?;
            LITTLE.put_u32(&mut kept, field, new.into())?;
        }
        Some(Ok((kept, long)))
    }
}

/// Old index → new number, which counts from one; none for debug sections.
fn section_numbers(sections: &[Section<'_>]) -> Vec<Option<u64>> {
    let mut next = 1..;
    sections.iter().map(|one| if one.is_debug() { None } else { next.next() }).collect()
}

/// The place of a long name: decimal digits behind a slash.
fn long_name(short: &[u8]) -> Option<u32> {
    let digits = short.strip_prefix(b"/")?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}
