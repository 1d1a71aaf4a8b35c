//! The imports of an ELF file: its undefined dynamic symbols, with the version and the
//! library that each is bound to.

use object::elf::{self, Versym};
use object::pod::from_bytes;
use object::read::elf::{FileHeader, GnuHashTable, HashTable};
use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name_at;
use crate::elf::dynamic::Dynamic;
use crate::elf::image::Image;
use crate::elf::symbols::Symbol;
use crate::error::BinaryError;
use crate::format::Format;

/// A symbol that another file must define.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElfImport {
    /// The symbol's name as the file has it, which is mangled for Rust and C++.
    pub symbol: String,
    /// The version it is bound to, such as `GLIBC_2.17`; none if any version will do.
    pub version: Option<String>,
    /// The library that must have that version; none for a symbol without a version, whose
    /// library ELF does not name.
    pub library: Option<String>,
    /// Whether the symbol is weak: the file loads without it.
    pub weak: bool,
}

/// Reads the undefined symbols of the dynamic symbol table, in the order of the file.
pub(crate) fn read(
    image: &Image<'_>,
    dynamic: &Dynamic<'_>,
) -> Result<Vec<ElfImport>, BinaryError> {
    let Some(table) = dynamic.symbols else { return Ok(Vec::new()) };
    let encoding = image.encoding;
    let count = if encoding.is_64 {
        count::<elf::FileHeader64<object::Endianness>>(image, dynamic)
    } else {
        count::<elf::FileHeader32<object::Endianness>>(image, dynamic)
    };
    let entries = table.chunks_exact(Symbol::size(encoding)).take(count.unwrap_or(0));
    let symbols = entries.filter_map(|entry| Symbol::read(encoding, entry)).enumerate();
    let wanted = symbols.filter(|(_, one)| one.is_undefined() && !one.is_local() && one.name != 0);
    let mut budget = Budget::of(image.bytes, Format::Elf);
    let size = wanted.clone().count();
    for _ in 0..size {
        budget.take::<ElfImport>(0)?;
    }
    let mut imports = Vec::with_capacity(size);
    for (index, symbol) in wanted {
        let (library, version) = version_of(dynamic, image.endian(), index).unzip();
        let symbol_name = name_at(dynamic.strings, symbol.name.into(), Format::Elf)?;
        let texts = [Some(symbol_name.as_str()), library, version];
        budget.take::<()>(texts.into_iter().flatten().map(str::len).sum())?;
        imports.push(ElfImport {
            symbol: symbol_name,
            version: version.map(str::to_owned),
            library: library.map(str::to_owned),
            weak: symbol.is_weak(),
        });
    }
    Ok(imports)
}

/// The library and the version that the symbol at `index` is bound to.
fn version_of<'a>(
    dynamic: &'a Dynamic<'_>,
    endian: object::Endianness,
    index: usize,
) -> Option<(&'a str, &'a str)> {
    let at = index.checked_mul(size_of::<Versym<object::Endianness>>())?;
    let (entry, _) = from_bytes::<Versym<object::Endianness>>(dynamic.versions?.get(at..)?).ok()?;
    let wanted = entry.0.get(endian).index().0;
    let found = dynamic.version_indices.binary_search_by_key(&wanted, |one| one.index).ok()?;
    let place = dynamic.version_indices.get(found)?;
    let need = dynamic.version_needs.get(place.need)?;
    Some((&need.library, &need.versions.get(place.version)?.name))
}

/// The number of dynamic symbols. No entry of the dynamic section holds it. GNU's hash table
/// does, unless it has no symbol; the older hash table does, unless its numbers have 64 bits;
/// else the symbols end where the next table begins.
fn count<Elf: FileHeader<Endian = object::Endianness>>(
    image: &Image<'_>,
    dynamic: &Dynamic<'_>,
) -> Option<usize> {
    let endian = image.endian();
    let by_gnu_hash = || {
        let table = GnuHashTable::<Elf>::parse(endian, dynamic.gnu_hash?).ok()?;
        table.symbol_table_length(endian)
    };
    let by_hash =
        || Some(HashTable::<Elf>::parse(endian, dynamic.hash?).ok()?.symbol_table_length());
    match by_gnu_hash().or_else(by_hash).filter(|count| *count > 0) {
        Some(count) => usize::try_from(count).ok(),
        None => Some(usize::try_from(dynamic.symbols_size?).ok()? / Symbol::size(image.encoding)),
    }
}
