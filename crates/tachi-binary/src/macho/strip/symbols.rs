//! The symbols of a Mach-O file that stay when others go, and the parts that count on their
//! numbers.

use object::macho;

use crate::macho::image::{Image, position};
use crate::macho::linkedit::{Linkedit, Use};
use crate::macho::symbols::Symbol;
use crate::strings::{Names, Table};
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// `REFERENCED_DYNAMICALLY`: looked up by name, such as `__mh_execute_header`.
const LOOKED_UP: u16 = 0x10;
/// `INDIRECT_SYMBOL_LOCAL` and `INDIRECT_SYMBOL_ABS`: no symbol's number.
const NO_SYMBOL: u32 = 0xc000_0000;

/// The symbols that stay: the contents of parts of `__LINKEDIT`.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) entries: Vec<u8>,
    pub(crate) names: Vec<u8>,
    pub(crate) indirect: Vec<u8>,
    /// The numbers of local symbols, of those defined for others and of undefined ones.
    counts: [u64; 3],
}

/// Whether a symbol stays. In an executable whose bindings are described apart, only stubs need
/// symbols. Linkers may read the symbol table of a library instead of its exports.
fn stays(symbol: Symbol, image: &Image<'_>, linkedit: &Linkedit, mode: Mode) -> bool {
    let is_looked_up = symbol.description.0 & LOOKED_UP != 0 && !symbol.is_elsewhere();
    match mode {
        Mode::None => true,
        Mode::DebugInfo => !symbol.is_stab(),
        Mode::Symbols if symbol.is_stab() => false,
        Mode::Symbols if is_looked_up => true,
        Mode::Symbols if image.is_executable() && linkedit.binds_apart => false,
        Mode::Symbols => symbol.is_external() || symbol.is_elsewhere(),
    }
}

/// A symbol's group in the table: local, defined for others, undefined.
fn group(symbol: Symbol) -> usize {
    match (symbol.is_stab() || !symbol.is_external(), symbol.is_elsewhere()) {
        (_, true) if !symbol.is_stab() => 2,
        (true, _) => 0,
        _ => 1,
    }
}

impl Kept {
    /// None if no symbol goes.
    pub(crate) fn new(
        image: &Image<'_>,
        linkedit: &Linkedit,
        mode: Mode,
    ) -> Result<Option<Self>, StripError> {
        let encoding = image.header.encoding;
        let malformed = || StripError::Malformed("a symbol is cut off");
        let size = Symbol::size(encoding);
        let entries = linkedit.content(image, Use::Symbols)?;
        let count = entries.len() / size;
        let mut is_used = vec![false; count];
        let indirect = linkedit.content(image, Use::Indirect)?;
        for entry in indirect.chunks_exact(4) {
            let number = encoding.u32(entry, 0).unwrap_or(NO_SYMBOL);
            if let Some(used) = is_used.get_mut(number as usize) {
                *used = number & NO_SYMBOL == 0;
            }
        }
        let mut texts = Names::new(linkedit.content(image, Use::Names)?, count);
        let mut names = Table::default();
        let mut kept = Vec::new();
        let mut counts = [0; 3];
        // Old number → new number.
        let mut numbers = vec![None; count];
        for ((entry, is_used), number) in entries.chunks_exact(size).zip(&is_used).zip(&mut numbers)
        {
            let symbol = Symbol::read(encoding, entry).ok_or_else(malformed)?;
            if !is_used && !stays(symbol, image, linkedit, mode) {
                continue;
            }
            *number = u32::try_from(kept.len() / size).ok();
            // The table is in the order of the groups: LC_DYSYMTAB describes them as ranges.
            let group = group(symbol);
            if counts.iter().skip(group + 1).any(|later| *later > 0) {
                return Err(StripError::Malformed("its symbols are in no order"));
            }
            if let Some(count) = counts.get_mut(group) {
                *count += 1;
            }
            names.add(texts.at(symbol.name).ok_or_else(StripError::no_name)?);
            kept.extend_from_slice(entry);
        }
        if numbers.iter().all(Option::is_some) {
            return Ok(None);
        }
        let mut names = names.finish().ok_or_else(StripError::too_many_names)?;
        for (entry, offset) in kept.chunks_exact_mut(size).zip(&names.offsets) {
            encoding.put_u32(entry, 0, (*offset).into()).ok_or_else(malformed)?;
        }
        names.bytes.resize(names.bytes.len().next_multiple_of(encoding.word_size()), 0);
        let mut indirect = indirect.to_vec();
        for entry in indirect.chunks_exact_mut(4) {
            let old = encoding.u32(entry, 0).unwrap_or(NO_SYMBOL);
            if old & NO_SYMBOL == 0 {
                let new = numbers.get(old as usize).copied().flatten();
                let new = new.ok_or(StripError::Malformed("a stub is for no symbol"))?;
                encoding.put_u32(entry, 0, new.into()).ok_or_else(malformed)?;
            }
        }
        Ok(Some(Self { entries: kept, names: names.bytes, indirect, counts }))
    }

    /// Writes the numbers of symbols into the load commands.
    pub(crate) fn put_counts(&self, image: &Image<'_>, output: &mut [u8]) -> Option<()> {
        let encoding = image.header.encoding;
        let [locals, defined, undefined] = self.counts;
        let table = position(&image.command(macho::LC_SYMTAB)?);
        encoding.put_u32(output, table + 12, locals + defined + undefined)?;
        let Some(dynamic) = image.command(macho::LC_DYSYMTAB) else { return Some(()) };
        let ranges = [0, locals, locals, defined, locals + defined, undefined];
        let mut fields = ranges.into_iter().zip((position(&dynamic) + 8..).step_by(4));
        fields.try_for_each(|(value, field)| encoding.put_u32(output, field, value))
    }
}
