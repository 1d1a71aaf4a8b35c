//! What a Mach-O file wants of its libraries: from what the loader is told to bind, or, where
//! there is nothing of that kind, from its symbol table, which may be stripped.

use object::macho;
use object::read::macho::{
    BindOperation, BindOperationIterator, MachHeader, Nlist as _, SymbolTable,
};
use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::facts::Format;
use crate::macho::Dylib;

const FORMAT: Format = Format::MachO;

/// A symbol that a Mach-O file wants of a library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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

/// Collects imports within a budget.
struct Imports<'a> {
    dylibs: &'a [Dylib],
    budget: Budget,
    found: Vec<MachOImport>,
}

impl Imports<'_> {
    fn add(&mut self, symbol: &[u8], ordinal: i64, weak: bool) -> Result<(), BinaryError> {
        let index = ordinal.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let library = index.and_then(|index| self.dylibs.get(index)).map(|dylib| &dylib.path);
        // Twice the entry: the list doubles as it grows.
        self.budget.take::<[MachOImport; 2]>(symbol.len() + library.map_or(0, String::len))?;
        let symbol = name(symbol, FORMAT)?;
        self.found.push(MachOImport { symbol, library: library.cloned(), weak });
        Ok(())
    }

    fn sorted(mut self) -> Vec<MachOImport> {
        self.found.sort_unstable();
        self.found.dedup();
        self.found
    }
}

/// Reads the imports, sorted: stripping may change the order of the file.
pub(crate) fn read<Mach: MachHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    endian: object::Endianness,
    is_two_level: bool,
    dylibs: &[Dylib],
    places: &Places<'_, Mach>,
) -> Result<Vec<MachOImport>, BinaryError> {
    let malformed = |error: object::read::Error| BinaryError::malformed(FORMAT, &error);
    let mut imports = Imports { dylibs, budget: Budget::of(bytes, FORMAT), found: Vec::new() };
    if let Some(command) = places.chained.filter(|one| one.datasize.get(endian) > 0) {
        let fixups = command.chained_fixups(endian, bytes).map_err(malformed)?;
        let mut wanted = fixups.imports(endian).map_err(malformed)?;
        while let Some(one) = wanted.next().map_err(malformed)? {
            imports.add(one.name, i64::from(one.dylib.0), one.weak_import)?;
        }
    } else if let Some(command) = places.bound {
        let now = command.bind_operations(endian, bytes).map_err(malformed)?;
        let lazy = command.lazy_bind_operations(endian, bytes).map_err(malformed)?;
        bound(now, &mut imports)?;
        bound(lazy, &mut imports)?;
    }
    if !imports.found.is_empty() {
        return Ok(imports.sorted());
    }
    if let Some(symbols) = &places.symbols {
        for symbol in symbols.iter().filter(|one| is_import::<Mach>(one, endian)) {
            let text = symbol.name(endian, symbols.strings()).map_err(malformed)?;
            let library = symbol.library_ordinal(endian);
            let is_special = !is_two_level || library.0 > macho::MAX_LIBRARY_ORDINAL;
            let ordinal = if is_special { 0 } else { library.0.into() };
            let weak = symbol.n_desc(endian).0 & macho::N_WEAK_REF.0 != 0;
            imports.add(text, ordinal, weak)?;
        }
    }
    Ok(imports.sorted())
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
fn bound(
    mut operations: BindOperationIterator<'_>,
    imports: &mut Imports<'_>,
) -> Result<(), BinaryError> {
    let mut ordinal = 0;
    let mut symbol = None;
    while let Some((_, operation)) =
        operations.next().map_err(|error| BinaryError::malformed(FORMAT, &error))?
    {
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
                    imports.add(name, ordinal, weak)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
