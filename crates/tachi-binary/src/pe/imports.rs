//! The imports of a PE file, by name or by number.

use object::pe::{ImageNtHeaders32, ImageNtHeaders64};
use object::read::pe::{
    DelayLoadImportTable, ImageNtHeaders, Import, ImportTable, ImportThunkList,
};
use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::format::Format;
use crate::pe::image::Image;

const FORMAT: Format = Format::Pe;

/// A symbol that a library must define.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeImport {
    /// The library's name, as in [`PeFacts::imports`](crate::PeFacts::imports) or
    /// [`PeFacts::delay_imports`](crate::PeFacts::delay_imports).
    pub library: String,
    /// The symbol's name; none for an import by number.
    pub symbol: Option<String>,
    /// The symbol's number in the library; none for an import by name.
    pub ordinal: Option<u16>,
    /// Whether Windows looks it up at the first call.
    pub delayed: bool,
}

/// The libraries of a file with the symbols that they must define.
pub(crate) struct Imports {
    /// The libraries that are loaded with the file.
    pub(crate) libraries: Vec<String>,
    /// The libraries that are loaded at their first call.
    pub(crate) delayed: Vec<String>,
    pub(crate) symbols: Vec<PeImport>,
    budget: Budget,
}

impl Imports {
    /// Reads both tables of imports.
    pub(crate) fn read(image: &Image<'_>) -> Result<Self, BinaryError> {
        let mut found = Self {
            libraries: Vec::new(),
            delayed: Vec::new(),
            symbols: Vec::new(),
            budget: Budget::of(image.bytes, FORMAT),
        };
        if image.is_64 {
            found.tables::<ImageNtHeaders64>(image)?;
        } else {
            found.tables::<ImageNtHeaders32>(image)?;
        }
        Ok(found)
    }

    fn tables<Pe: ImageNtHeaders>(&mut self, image: &Image<'_>) -> Result<(), BinaryError> {
        let Image { bytes, directories, sections, .. } = image;
        let direct = directories.import_table(*bytes, sections).map_err(malformed)?;
        if let Some(table) = direct {
            self.loaded::<Pe>(&table)?;
        }
        let delayed = directories.delay_load_import_table(*bytes, sections).map_err(malformed)?;
        if let Some(table) = delayed {
            self.delayed::<Pe>(&table)?;
        }
        Ok(())
    }

    /// Reads the imports that are looked up when the file is loaded.
    fn loaded<Pe: ImageNtHeaders>(&mut self, table: &ImportTable<'_>) -> Result<(), BinaryError> {
        let mut descriptors = table.descriptors().map_err(malformed)?;
        while let Some(one) = descriptors.next().map_err(malformed)? {
            let library = table.name(one.name.get(object::LittleEndian)).map_err(malformed)?;
            // The list of addresses may hold results of binding; old linkers write no other.
            let names = one.original_first_thunk.get(object::LittleEndian);
            let addresses = one.first_thunk.get(object::LittleEndian);
            let thunks = table.thunks(if names == 0 { addresses } else { names });
            let import = |thunk| table.import::<Pe>(thunk);
            let library = self.library::<Pe>(library, thunks.map_err(malformed)?, false, import)?;
            self.libraries.push(library);
        }
        Ok(())
    }

    /// Reads the imports that are looked up at the first call.
    fn delayed<Pe: ImageNtHeaders>(
        &mut self,
        table: &DelayLoadImportTable<'_>,
    ) -> Result<(), BinaryError> {
        let mut descriptors = table.descriptors().map_err(malformed)?;
        while let Some(one) = descriptors.next().map_err(malformed)? {
            let library = table.name(one.dll_name_rva.get(object::LittleEndian));
            let thunks = table.thunks(one.import_name_table_rva.get(object::LittleEndian));
            let import = |thunk| table.import::<Pe>(thunk);
            let (library, thunks) = (library.map_err(malformed)?, thunks.map_err(malformed)?);
            let library = self.library::<Pe>(library, thunks, true, import)?;
            self.delayed.push(library);
        }
        Ok(())
    }

    /// Reads the imports from one library, and returns the library's name.
    fn library<'data, Pe: ImageNtHeaders>(
        &mut self,
        library: &[u8],
        mut thunks: ImportThunkList<'data>,
        delayed: bool,
        import: impl Fn(Pe::ImageThunkData) -> object::read::Result<Import<'data>>,
    ) -> Result<String, BinaryError> {
        self.budget.take::<[String; 2]>(library.len())?;
        let library = name(library, FORMAT)?;
        while let Some(thunk) = thunks.next::<Pe>().map_err(malformed)? {
            let (symbol, ordinal) = match import(thunk).map_err(malformed)? {
                Import::Name(_, symbol) => (Some(symbol), None),
                Import::Ordinal(number) => (None, Some(number)),
            };
            // Twice the entry: the list doubles as it grows.
            self.budget.take::<[PeImport; 2]>(library.len() + symbol.map_or(0, <[u8]>::len))?;
            let symbol = symbol.map(|symbol| name(symbol, FORMAT)).transpose()?;
            self.symbols.push(PeImport { library: library.clone(), symbol, ordinal, delayed });
        }
        Ok(library)
    }
}

/// The names of API sets among `libraries`: Windows maps each to a library.
pub(crate) fn api_sets<'a>(libraries: impl Iterator<Item = &'a String>) -> Vec<String> {
    let is_api_set = |name: &&String| {
        ["api-ms-", "ext-ms-"].iter().any(|prefix| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        })
    };
    libraries.filter(is_api_set).cloned().collect()
}

fn malformed(error: object::read::Error) -> BinaryError {
    BinaryError::malformed(FORMAT, &error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_sets_are_recognised_by_their_prefix_in_any_case() {
        let names = ["KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "API-MS-Win-Core.dll", "é"]
            .map(str::to_owned);
        assert_eq!(api_sets(names.iter()), &names[1..3]);
    }
}
