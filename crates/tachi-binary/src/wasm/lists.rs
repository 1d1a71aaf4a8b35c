//! The lists in the sections of a WebAssembly module: imports, exports and producers.
//!
//! Formats: [binary modules](https://webassembly.github.io/spec/core/binary/modules.html) and
//! [the producers section](https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md).

use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::format::Format;
use crate::wasm::reader::Reader;

const FORMAT: Format = Format::Wasm;

/// An import of a module: something that its host or another module must define.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WasmImport {
    /// The module that defines it: `wasi_snapshot_preview1`, `env`, ….
    pub module: String,
    /// Its name in that module.
    pub name: String,
}

/// Reads the import section.
pub(crate) fn imports(section: &[u8], budget: &mut Budget) -> Result<Vec<WasmImport>, BinaryError> {
    let mut reader = Reader(section);
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let (module, symbol) = (reader.text()?, reader.text()?);
        reader.skip_import()?;
        // Twice the entry, because the list doubles as it grows.
        budget.take::<[WasmImport; 2]>(module.len() + symbol.len())?;
        found.push(WasmImport { module: name(module, FORMAT)?, name: name(symbol, FORMAT)? });
    }
    Ok(found)
}

/// Reads the names in the export section.
pub(crate) fn exports(section: &[u8], budget: &mut Budget) -> Result<Vec<String>, BinaryError> {
    let mut reader = Reader(section);
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let symbol = reader.text()?;
        reader.byte()?;
        reader.number()?;
        budget.take::<[String; 2]>(symbol.len())?;
        found.push(name(symbol, FORMAT)?);
    }
    Ok(found)
}

/// Reads the producers section: `language Rust`, `processed-by rustc 1.90.0`, ….
pub(crate) fn producers(section: &[u8], budget: &mut Budget) -> Result<Vec<String>, BinaryError> {
    let mut reader = Reader(section);
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let field = name(reader.text()?, FORMAT)?;
        for _ in 0..reader.number()? {
            let (tool, version) = (reader.text()?, reader.text()?);
            budget.take::<[String; 2]>(field.len() + tool.len() + version.len() + 2)?;
            let words = [field.clone(), name(tool, FORMAT)?, name(version, FORMAT)?];
            found.push(words.join(" ").trim_end().to_owned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget::of(&[], FORMAT)
    }

    #[test]
    fn imports_of_every_kind_are_read() {
        let kinds: [&[u8]; 8] = [
            b"\x00\x85\x01",                         // function, type 133
            b"\x01\x70\x00\x01",                     // table of funcref
            b"\x01\x63\x6f\x01\x01\x02",             // table of (ref null extern), with a maximum
            b"\x02\x01\x01\x80\x02",                 // memory, with a maximum
            b"\x02\x05\x80\x80\x04\x80\x80\x80\x01", // memory of 64 bits
            b"\x03\x7f\x01",                         // global, mutable i32
            b"\x03\x64\x00\x00",                     // global, (ref 0)
            b"\x04\x00\x02",                         // tag
        ];
        let mut section = vec![u8::try_from(kinds.len()).unwrap()];
        for kind in kinds {
            section.extend_from_slice(b"\x03env\x01f");
            section.extend_from_slice(kind);
        }
        let found = imports(&section, &mut budget()).unwrap();
        let one = WasmImport { module: "env".into(), name: "f".into() };
        assert_eq!(found, vec![one; kinds.len()]);
        for length in 0..section.len() {
            assert!(imports(&section[..length], &mut budget()).is_err(), "{length}");
        }
        assert!(imports(b"\x01\0\0\x09", &mut budget()).is_err(), "no such kind");
    }

    #[test]
    fn producers_are_listed_with_their_field_and_version() {
        let section = b"\x02\x08language\x01\x04Rust\0\x0cprocessed-by\x01\x05rustc\x061.90.0";
        let found = producers(section, &mut budget()).unwrap();
        assert_eq!(found, ["language Rust", "processed-by rustc 1.90.0"]);
    }

    #[test]
    fn more_names_than_the_file_has_bytes_are_refused() {
        let many = [&b"\xff\xff\x03"[..], &vec![0; 3 * 0xffff]].concat();
        assert!(exports(&many, &mut budget()).is_err());
    }
}
