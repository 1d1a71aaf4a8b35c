//! WebAssembly: recognised, and its sections walked.

use serde::Serialize;

use crate::error::BinaryError;
use crate::facts::Format;

const FORMAT: Format = Format::Wasm;
const MAGIC: &[u8] = b"\0asm";

/// What was found in a WebAssembly file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WasmFacts {
    /// Module or component.
    pub kind: WasmKind,
    /// How many sections it has.
    pub sections: usize,
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

pub(crate) fn is_wasm(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

pub(crate) fn read(bytes: &[u8]) -> Result<WasmFacts, BinaryError> {
    let cut = |what| BinaryError::Truncated { format: FORMAT, what };
    let (header, mut rest) = bytes.split_at_checked(8).ok_or_else(|| cut("the header"))?;
    let kind = match header.get(6..) {
        Some([0, 0]) => WasmKind::Module,
        Some([1, 0]) => WasmKind::Component,
        _ => return Err(BinaryError::malformed(FORMAT, "neither a module nor a component")),
    };
    let mut sections = 0;
    while let Some((_id, after)) = rest.split_first() {
        let (size, after) = leb128(after)?;
        let size = usize::try_from(size).map_err(|_| cut("a section"))?;
        rest = after.get(size..).ok_or_else(|| cut("a section"))?;
        sections += 1;
    }
    Ok(WasmFacts { kind, sections })
}

/// An unsigned 32-bit number in [LEB128](https://webassembly.github.io/spec/core/binary/values.html#integers),
/// and what follows it.
fn leb128(bytes: &[u8]) -> Result<(u32, &[u8]), BinaryError> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value)
                .map_err(|_| BinaryError::malformed(FORMAT, "a size exceeds 32 bits"))?;
            return Ok((value, bytes.get(index + 1..).unwrap_or_default()));
        }
    }
    if bytes.len() < 5 {
        return Err(BinaryError::Truncated { format: FORMAT, what: "a section's size" });
    }
    Err(BinaryError::malformed(FORMAT, "a size exceeds five bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x00\x85\0nameX";

    #[test]
    fn modules_and_components_are_told_apart() {
        let module = read(MODULE).unwrap();
        assert_eq!(module, WasmFacts { kind: WasmKind::Module, sections: 2 });
        let component = read(b"\0asm\x0d\0\x01\0").unwrap();
        assert_eq!(component, WasmFacts { kind: WasmKind::Component, sections: 0 });
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
