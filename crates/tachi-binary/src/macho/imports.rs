//! The imports of a Mach-O file: the symbols that the loader binds, and those that the symbol
//! table leaves undefined.

use std::collections::BTreeMap;

use object::macho;
use object::read::macho::{BindOperation, BindOperationIterator};
use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::format::Format;
use crate::macho::dylib::Dylib;
use crate::macho::image::Image;
use crate::macho::symbols::{Symbol, Symbols};

const FORMAT: Format = Format::MachO;

/// A symbol that a library must define.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MachOImport {
    /// The symbol's name as the file has it, with the underscore before names of C.
    pub symbol: String,
    /// The library's path, as in [`MachOFacts::dylibs`](crate::MachOFacts::dylibs). None if
    /// the loader looks in all libraries of the process (flat lookup), or in the program that
    /// loads this file.
    pub library: Option<String>,
    /// Whether the file loads without the symbol.
    pub weak: bool,
}

/// The parts of a file that may name imports, as its load commands describe them.
#[derive(Debug, Default)]
pub(crate) struct Places<'data> {
    pub(crate) symbols: Option<Symbols<'data>>,
    pub(crate) chained: Option<&'data macho::LinkeditDataCommand<object::Endianness>>,
    pub(crate) bound: Option<&'data macho::DyldInfoCommand<object::Endianness>>,
}

/// Whether `imports` have a symbol to which guarded functions refer.
pub(crate) fn name_guard(imports: &[MachOImport]) -> bool {
    let is_guard = |name: &str| ["___stack_chk_fail", "___stack_chk_guard"].contains(&name);
    imports.iter().any(|one| is_guard(&one.symbol))
}

/// What is known of each symbol: the library's number, zero for none, and whether the symbol
/// is weak.
type Wanted<'data> = BTreeMap<&'data [u8], (i64, bool)>;

/// Reads the imports, sorted by name.
///
/// The bindings say what the loader does, and the symbol table may be stripped. But only the
/// symbol table has the library of symbols that C++ libraries share (`operator new`): for
/// these, the bindings let the loader look everywhere.
pub(crate) fn read(
    image: &Image<'_>,
    dylibs: &[Dylib],
    places: &Places<'_>,
) -> Result<Vec<MachOImport>, BinaryError> {
    let (bytes, endian) = (image.bytes, image.endian());
    let is_two_level = image.header.flags.contains(macho::MH_TWOLEVEL);
    let mut wanted = Wanted::new();
    if let Some(command) = places.chained.filter(|one| one.datasize.get(endian) > 0) {
        let fixups = command.chained_fixups(endian, bytes).map_err(malformed)?;
        let mut imports = fixups.imports(endian).map_err(malformed)?;
        while let Some(one) = imports.next().map_err(malformed)? {
            want(&mut wanted, one.name, i64::from(one.dylib.0), one.weak_import);
        }
    } else if let Some(command) = places.bound {
        bound(command.bind_operations(endian, bytes).map_err(malformed)?, &mut wanted)?;
        bound(command.lazy_bind_operations(endian, bytes).map_err(malformed)?, &mut wanted)?;
    }
    if let Some(symbols) = &places.symbols {
        let mut names = symbols.names();
        for symbol in symbols.iter().filter(|one| one.is_undefined() && one.is_external()) {
            let text = names.at(symbol.name).ok_or_else(no_name)?;
            let library = symbol.description.library().0;
            let is_special = !is_two_level || library > macho::MAX_LIBRARY_ORDINAL;
            let weak = symbol.description.0 & macho::N_WEAK_REF.0 != 0;
            want(&mut wanted, text, if is_special { 0 } else { library.into() }, weak);
        }
    }
    listed(bytes, dylibs, &wanted)
}

/// Notes a symbol. A source that knows the symbol's library wins.
fn want<'data>(wanted: &mut Wanted<'data>, symbol: &'data [u8], ordinal: i64, weak: bool) {
    let (known, _) = wanted.entry(symbol).or_insert((ordinal, weak));
    if *known <= 0 {
        *known = ordinal;
    }
}

fn listed(
    bytes: &[u8],
    dylibs: &[Dylib],
    wanted: &Wanted<'_>,
) -> Result<Vec<MachOImport>, BinaryError> {
    let mut budget = Budget::of(bytes, FORMAT);
    let library = |ordinal: i64| {
        let index = ordinal.checked_sub(1).and_then(|index| usize::try_from(index).ok())?;
        dylibs.get(index).map(|dylib| &dylib.path)
    };
    for (symbol, (ordinal, _)) in wanted {
        let texts = symbol.len() + library(*ordinal).map_or(0, String::len);
        budget.take::<MachOImport>(texts)?;
    }
    let import = |(symbol, (ordinal, weak)): (&&[u8], &(i64, bool))| {
        let symbol = name(symbol, FORMAT)?;
        Ok(MachOImport { symbol, library: library(*ordinal).cloned(), weak: *weak })
    };
    let mut found = Vec::with_capacity(wanted.len());
    for one in wanted.iter().map(import) {
        found.push(one?);
    }
    Ok(found)
}

fn malformed(error: object::read::Error) -> BinaryError {
    BinaryError::malformed(FORMAT, &error)
}

fn no_name() -> BinaryError {
    BinaryError::malformed(FORMAT, "a symbol's name lies outside the table of names")
}

/// The names of the symbols that the loader looks for in all libraries of the process
/// (`DYNAMIC_LOOKUP_ORDINAL`), sorted.
pub(crate) fn flat_lookups(symbols: &Symbols<'_>) -> Result<Vec<String>, BinaryError> {
    let mut names = symbols.names();
    let is_flat = |symbol: &Symbol| {
        symbol.is_undefined() && symbol.description.library() == macho::DYNAMIC_LOOKUP_ORDINAL
    };
    let mut found = Vec::new();
    for symbol in symbols.iter().filter(is_flat) {
        let name = names.at(symbol.name).ok_or_else(no_name)?;
        found.push(String::from_utf8_lossy(name).into_owned());
    }
    found.sort_unstable();
    Ok(found)
}

/// Follows the loader's instructions. A symbol may be bound at many places and is noted once.
fn bound<'data>(
    mut operations: BindOperationIterator<'data>,
    wanted: &mut Wanted<'data>,
) -> Result<(), BinaryError> {
    let mut ordinal = 0;
    let mut symbol = None;
    while let Some((_, operation)) = operations.next().map_err(malformed)? {
        match operation {
            BindOperation::SetDylibOrdinal { ordinal: new } => {
                ordinal = i64::try_from(new).unwrap_or(0);
            }
            BindOperation::SetDylibSpecial { .. } => ordinal = 0,
            BindOperation::SetSymbol { flags, name } => {
                let weak = flags.contains(macho::BIND_SYMBOL_FLAGS_WEAK_IMPORT);
                symbol = Some((name, weak));
            }
            BindOperation::DoBind
            | BindOperation::DoBindAddAddr { .. }
            | BindOperation::DoBindAddAddrScaled { .. }
            | BindOperation::DoBindTimesSkipping { .. } => {
                if let Some((name, weak)) = symbol.take() {
                    want(wanted, name, ordinal, weak);
                }
            }
            _ => {}
        }
    }
    Ok(())
}
