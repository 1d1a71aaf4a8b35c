//! Reading the numbers and texts of WebAssembly files one after the other.

use crate::error::BinaryError;
use crate::format::Format;

const FORMAT: Format = Format::Wasm;

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

    /// Skips the limits of a table or memory.
    fn skip_limits(&mut self) -> Result<(), BinaryError> {
        let flags = self.byte()?;
        self.skip_number()?;
        if flags & 1 != 0 {
            self.skip_number()?;
        }
        // The size of pages, if it is not the usual one (custom-page-sizes).
        if flags & 8 != 0 {
            self.skip_number()?;
        }
        Ok(())
    }

    /// Skips a number of any size, signed or not.
    fn skip_number(&mut self) -> Result<(), BinaryError> {
        while self.byte()? & 0x80 != 0 {}
        Ok(())
    }

    /// Skips a value type or a reference type. `(ref …)` has a heap type behind its first byte.
    fn skip_type(&mut self) -> Result<(), BinaryError> {
        match self.byte()? {
            0x63 | 0x64 => self.skip_number(),
            _ => Ok(()),
        }
    }

    /// Skips the description of an import: a function, table, memory, global or tag.
    pub(crate) fn skip_import(&mut self) -> Result<(), BinaryError> {
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
