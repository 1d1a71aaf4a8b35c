//! The sections of WebAssembly modules that say what a module wants, offers, and was made by.
//!
//! Formats: [binary modules](https://webassembly.github.io/spec/core/binary/modules.html) and
//! [the producers section](https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md).

use serde::Serialize;

use crate::budget::Budget;
use crate::bytes::name;
use crate::error::BinaryError;
use crate::facts::Format;

const FORMAT: Format = Format::Wasm;

/// Something that a module wants of its host or of another module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WasmImport {
    /// Whose it is: `wasi_snapshot_preview1`, `env`, ….
    pub module: String,
    /// Its name there.
    pub name: String,
}

/// Bytes that are read from their start.
pub(crate) struct Reader<'data>(pub(crate) &'data [u8]);

impl<'data> Reader<'data> {
    /// An unsigned 32-bit number in [LEB128](https://webassembly.github.io/spec/core/binary/values.html#integers).
    pub(crate) fn number(&mut self) -> Result<u32, BinaryError> {
        let mut value = 0_u64;
        for (index, byte) in self.0.iter().take(5).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.0 = self.0.get(index + 1..).unwrap_or_default();
                return u32::try_from(value)
                    .map_err(|_| BinaryError::malformed(FORMAT, "a size exceeds 32 bits"));
            }
        }
        if self.0.len() < 5 {
            return Err(cut("a number"));
        }
        Err(BinaryError::malformed(FORMAT, "a size exceeds five bytes"))
    }

    pub(crate) fn byte(&mut self) -> Result<u8, BinaryError> {
        let (byte, rest) = self.0.split_first().ok_or_else(|| cut("a section"))?;
        self.0 = rest;
        Ok(*byte)
    }

    pub(crate) fn take(
        &mut self,
        size: u32,
        what: &'static str,
    ) -> Result<&'data [u8], BinaryError> {
        let size = usize::try_from(size).map_err(|_| cut(what))?;
        let (taken, rest) = self.0.split_at_checked(size).ok_or_else(|| cut(what))?;
        self.0 = rest;
        Ok(taken)
    }

    /// A text, with its length before it.
    pub(crate) fn text(&mut self) -> Result<&'data [u8], BinaryError> {
        let size = self.number()?;
        self.take(size, "a name")
    }

    /// Passes by the limits of a table or memory.
    fn skip_limits(&mut self) -> Result<(), BinaryError> {
        let flags = self.byte()?;
        self.skip_number()?;
        if flags & 1 != 0 {
            self.skip_number()?;
        }
        // Pages of a size of their own (custom-page-sizes).
        if flags & 8 != 0 {
            self.skip_number()?;
        }
        Ok(())
    }

    /// Passes by a number of any size, signed or not.
    fn skip_number(&mut self) -> Result<(), BinaryError> {
        while self.byte()? & 0x80 != 0 {}
        Ok(())
    }

    /// Passes by a value or reference type. `(ref …)` has a heap type behind its first byte.
    fn skip_type(&mut self) -> Result<(), BinaryError> {
        match self.byte()? {
            0x63 | 0x64 => self.skip_number(),
            _ => Ok(()),
        }
    }

    fn skip_import(&mut self) -> Result<(), BinaryError> {
        match self.byte()? {
            0 => self.skip_number(),
            1 => {
                self.skip_type()?;
                self.skip_limits()
            }
            2 => self.skip_limits(),
            3 => {
                self.skip_type()?;
                self.byte().map(drop)
            }
            4 => {
                self.byte()?;
                self.skip_number()
            }
            _ => Err(BinaryError::malformed(FORMAT, "an import is of no known kind")),
        }
    }
}

fn cut(what: &'static str) -> BinaryError {
    BinaryError::Truncated { format: FORMAT, what }
}

/// Reads the import section.
pub(crate) fn imports(section: &[u8], budget: &mut Budget) -> Result<Vec<WasmImport>, BinaryError> {
    let mut reader = Reader(section);
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let (module, symbol) = (reader.text()?, reader.text()?);
        reader.skip_import()?;
        // Twice the entry: the list doubles as it grows.
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
    fn imports_of_every_kind_are_passed_by() {
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
    fn producers_are_said_in_words() {
        let section = b"\x02\x08language\x01\x04Rust\0\x0cprocessed-by\x01\x05rustc\x061.90.0";
        let found = producers(section, &mut budget()).unwrap();
        assert_eq!(found, ["language Rust", "processed-by rustc 1.90.0"]);
    }

    #[test]
    fn names_without_end_are_refused() {
        let many = [&b"\xff\xff\x03"[..], &[0; 3 * 0xffff]].concat();
        assert!(exports(&many, &mut budget()).is_err());
    }
}
