//! The symbol table of a Mach-O file: which symbols stay, and all that counts on their
//! numbers.
//!
//! The format is that of
//! [mach-o/nlist.h](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/nlist.h).

use crate::encoding::Encoding;
use crate::macho::linkedit::Use;
use crate::macho::strip::Image;
use crate::strings::{Names, Table};
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// `LC_SYMTAB`.
pub(crate) const SYMTAB: u32 = 0x2;
/// `LC_DYSYMTAB`.
pub(crate) const DYSYMTAB: u32 = 0xb;

/// `N_STAB`: an entry for debuggers.
const STAB: u8 = 0xe0;
/// `N_TYPE`, of which `N_UNDF` is zero.
const TYPE: u8 = 0x0e;
/// `N_EXT`: it can be seen from outside.
const EXTERNAL: u8 = 0x01;
/// `REFERENCED_DYNAMICALLY`: looked up by name, such as `__mh_execute_header`.
const LOOKED_UP: u16 = 0x10;
/// `INDIRECT_SYMBOL_LOCAL` and `INDIRECT_SYMBOL_ABS`: no symbol's number.
const NO_SYMBOL: u32 = 0xc000_0000;

/// The symbols that stay, as the content of the parts of `__LINKEDIT`.
#[derive(Debug)]
pub(crate) struct Symbols {
    pub(crate) entries: Vec<u8>,
    pub(crate) names: Vec<u8>,
    pub(crate) indirect: Vec<u8>,
    /// How many are local, defined for others, and undefined, in this order.
    counts: [u64; 3],
}

/// What decides whether a symbol stays.
#[derive(Debug, Clone, Copy)]
struct Symbol {
    name: u32,
    kind: u8,
    description: u16,
}

impl Symbol {
    fn read(encoding: Encoding, entry: &[u8]) -> Option<Self> {
        Some(Self {
            name: encoding.u32(entry, 0)?,
            kind: *entry.get(4)?,
            description: encoding.u16(entry, 6)?,
        })
    }

    fn is_stab(self) -> bool {
        self.kind & STAB != 0
    }

    fn is_undefined(self) -> bool {
        self.kind & TYPE == 0
    }

    fn is_external(self) -> bool {
        self.kind & EXTERNAL != 0
    }

    /// Of an executable whose bindings are described apart, only stubs need symbols. What
    /// links against a library may read its table rather than its exports.
    fn stays(self, image: &Image<'_>, mode: Mode) -> bool {
        match mode {
            Mode::None => true,
            Mode::DebugInfo => !self.is_stab(),
            Mode::Symbols if self.is_stab() => false,
            Mode::Symbols if self.description & LOOKED_UP != 0 && !self.is_undefined() => true,
            Mode::Symbols if image.is_executable() && image.binds_apart => false,
            Mode::Symbols => self.is_external() || self.is_undefined(),
        }
    }

    /// Its group in the table: local, defined for others, undefined.
    fn group(self) -> usize {
        match (self.is_stab() || !self.is_external(), self.is_undefined()) {
            (_, true) if !self.is_stab() => 2,
            (true, _) => 0,
            _ => 1,
        }
    }
}

impl Symbols {
    /// None if no symbol goes.
    pub(crate) fn kept(image: &Image<'_>, mode: Mode) -> Result<Option<Self>, StripError> {
        let encoding = image.header.encoding;
        let malformed = || StripError::Malformed("a symbol is cut off");
        let size = if encoding.is_64 { 16 } else { 12 };
        let entries = image.content(Use::Symbols)?;
        let count = entries.len() / size;
        let mut is_used = vec![false; count];
        let indirect = image.content(Use::Indirect)?;
        for entry in indirect.chunks_exact(4) {
            let number = encoding.u32(entry, 0).unwrap_or(NO_SYMBOL);
            if let Some(used) = is_used.get_mut(number as usize) {
                *used = number & NO_SYMBOL == 0;
            }
        }
        let mut texts = Names::new(image.content(Use::Names)?, count);
        let mut names = Table::default();
        let mut kept = Vec::new();
        let mut counts = [0; 3];
        // Old number → new number.
        let mut numbers = vec![None; count];
        for ((entry, is_used), number) in entries.chunks_exact(size).zip(&is_used).zip(&mut numbers)
        {
            let symbol = Symbol::read(encoding, entry).ok_or_else(malformed)?;
            if !is_used && !symbol.stays(image, mode) {
                continue;
            }
            *number = u32::try_from(kept.len() / size).ok();
            // Tables are in the order of the groups; another order has no use for ranges.
            let group = symbol.group();
            if counts.iter().skip(group + 1).any(|later| *later > 0) {
                return Err(StripError::Malformed("its symbols are in no order"));
            }
            if let Some(count) = counts.get_mut(group) {
                *count += 1;
            }
            names.add(texts.at(symbol.name)?);
            kept.extend_from_slice(entry);
        }
        if numbers.iter().all(Option::is_some) {
            return Ok(None);
        }
        let mut names = names.finish()?;
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
        encoding.put_u32(output, image.table + 12, locals + defined + undefined)?;
        let Some(at) = image.dynamic else { return Some(()) };
        let ranges = [0, locals, locals, defined, locals + defined, undefined];
        let mut fields = ranges.into_iter().zip((at + 8..).step_by(4));
        fields.try_for_each(|(value, field)| encoding.put_u32(output, field, value))
    }
}
