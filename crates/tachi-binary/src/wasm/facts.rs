//! The facts of a WebAssembly module or component.

use serde::Serialize;

use crate::budget::Budget;
use crate::error::BinaryError;
use crate::format::Format;
use crate::wasm::lists::{self, WasmImport};
use crate::wasm::reader::Reader;
use crate::wasm::sections::{CUSTOM, EXPORT, IMPORT, Section, sections};

const FORMAT: Format = Format::Wasm;

/// The facts of a WebAssembly file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WasmFacts {
    /// Whether it is a module or a component.
    pub kind: WasmKind,
    /// The number of its sections, custom sections included.
    pub sections: usize,
    /// The imports of a module; empty for a component.
    pub imports: Vec<WasmImport>,
    /// The names of a module's exports; empty for a component.
    pub exports: Vec<String>,
    /// The languages and tools that it was made with (custom section `producers`):
    /// `language Rust`, `processed-by rustc 1.90.0`.
    pub producers: Vec<String>,
}

/// The two layers of WebAssembly files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WasmKind {
    /// A core module.
    Module,
    /// A [component](https://component-model.bytecodealliance.org/).
    Component,
}

pub(crate) fn read(bytes: &[u8]) -> Result<WasmFacts, BinaryError> {
    let header =
        bytes.get(..8).ok_or(BinaryError::Truncated { format: FORMAT, what: "the header" })?;
    let kind = match header.get(6..) {
        Some([0, 0]) => WasmKind::Module,
        Some([1, 0]) => WasmKind::Component,
        _ => return Err(BinaryError::malformed(FORMAT, "neither a module nor a component")),
    };
    let mut facts = WasmFacts {
        kind,
        sections: 0,
        imports: Vec::new(),
        exports: Vec::new(),
        producers: Vec::new(),
    };
    let mut budget = Budget::of(bytes, FORMAT);
    for section in sections(bytes) {
        let Section { id, content } = section?;
        facts.sections += 1;
        match (kind, id) {
            (_, CUSTOM) => {
                let mut reader = Reader(content);
                if reader.text()? == b"producers" {
                    facts.producers = lists::producers(reader.0, &mut budget)?;
                }
            }
            (WasmKind::Module, IMPORT) => {
                facts.imports = lists::imports(content, &mut budget)?;
            }
            (WasmKind::Module, EXPORT) => {
                facts.exports = lists::exports(content, &mut budget)?;
            }
            _ => {}
        }
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x00\x85\0\x04name";

    #[test]
    fn modules_and_components_are_told_apart() {
        let module = read(MODULE).unwrap();
        assert_eq!((module.kind, module.sections), (WasmKind::Module, 2));
        let component = read(b"\0asm\x0d\0\x01\0").unwrap();
        assert_eq!((component.kind, component.sections), (WasmKind::Component, 0));
    }

    #[test]
    fn a_cut_off_section_is_an_error() {
        for length in [4, 7, 9, 10, 13, 15, 16, 17, 20] {
            assert!(read(&MODULE[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn an_endless_size_is_an_error() {
        assert!(read(b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\xff\xff").is_err());
        assert!(read(b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\x7f").is_err());
    }
}
