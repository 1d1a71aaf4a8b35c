//! What a Mach-O file wants of its libraries: what the loader is told to bind, and what the
//! symbol table leaves open.

use std::collections::BTreeMap;

use object::macho;
use object::read::macho::{
    BindOperation, BindOperationIterator, MachHeader, Nlist as _, SymbolTable,
};
use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::format::Format;
use crate::macho::facts::Dylib;

const FORMAT: Format = Format::MachO;

/// A symbol that a Mach-O file wants of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MachOImport {
    /// Its name, as the file has it: with the underscore that C's names get.
    pub symbol: String,
    /// The library's path, as in [`MachOFacts::dylibs`](crate::MachOFacts::dylibs). None if
    /// it is sought among all of the process (flat lookup), or in the program that loads
    /// this file.
    pub library: Option<String>,
    /// It may be missing.
    pub weak: bool,
}

/// The places in a file that may name imports, as its load commands give them.
pub(crate) struct Places<'data, Mach: MachHeader> {
    pub(crate) symbols: Option<SymbolTable<'data, Mach, &'data [u8]>>,
    pub(crate) chained: Option<&'data macho::LinkeditDataCommand<Mach::Endian>>,
    pub(crate) bound: Option<&'data macho::DyldInfoCommand<Mach::Endian>>,
}

/// Whether what guarded functions refer to is among `imports`.
pub(crate) fn name_guard(imports: &[MachOImport]) -> bool {
    let is_guard = |name: &str| ["___stack_chk_fail", "___stack_chk_guard"].contains(&name);
    imports.iter().any(|one| is_guard(&one.symbol))
}

/// What is known of each symbol so far: the library's number, zero for none, and weakness.
type Wanted<'data> = BTreeMap<&'data [u8], (i64, bool)>;

/// Reads the imports, sorted by name.
///
/// Bindings say what the loader does; the symbol table may have been stripped. But it alone
/// has symbols that C++ libraries share (`operator new`), with the library they were linked
/// against, where the loader is told to look everywhere.
pub(crate) fn read<Mach: MachHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    endian: object::Endianness,
    is_two_level: bool,
    dylibs: &[Dylib],
    places: &Places<'_, Mach>,
) -> Result<Vec<MachOImport>, BinaryError> {
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
        for symbol in symbols.iter().filter(|one| is_import::<Mach>(one, endian)) {
            let text = symbol.name(endian, symbols.strings()).map_err(malformed)?;
            let library = symbol.library_ordinal(endian).0;
            let is_special = !is_two_level || library > macho::MAX_LIBRARY_ORDINAL;
            let weak = symbol.n_desc(endian).0 & macho::N_WEAK_REF.0 != 0;
            want(&mut wanted, text, if is_special { 0 } else { library.into() }, weak);
        }
    }
    listed(bytes, dylibs, &wanted)
}

/// Notes a symbol. Who knows its library is believed.
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

/// An external symbol that is neither here nor common to several objects.
fn is_import<Mach: MachHeader<Endian = object::Endianness>>(
    symbol: &Mach::Nlist,
    endian: object::Endianness,
) -> bool {
    symbol.is_undefined()
        && !symbol.is_stab()
        && symbol.n_type().0 & macho::N_EXT.0 != 0
        && symbol.n_value(endian).into() == 0
}

/// Follows the loader's instructions. A symbol may be bound in many places: once is enough.
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
