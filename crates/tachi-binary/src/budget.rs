//! A limit on the memory of lists of names. In a small file many entries may name the same long
//! text: the list would be far larger than the file.

use crate::error::BinaryError;
use crate::format::Format;

/// The memory that the lists of the smallest file may take, in bytes.
const SPARE: usize = 40 << 10;

/// The number of bytes of memory that the lists of one file may still take: at first twice the
/// file's size. For each import linkers write more than half of what its entry takes (symbol,
/// name, version, relocation, slot, and the code that uses it), so honest files stay below.
#[derive(Debug)]
pub(crate) struct Budget {
    format: Format,
    left: usize,
}

impl Budget {
    pub(crate) fn of(bytes: &[u8], format: Format) -> Self {
        Self { format, left: bytes.len().saturating_mul(2).saturating_add(SPARE) }
    }

    /// Takes the memory of one entry of type `T` whose texts have `texts` bytes.
    pub(crate) fn take<T>(&mut self, texts: usize) -> Result<(), BinaryError> {
        let wanted = texts.saturating_add(size_of::<T>());
        self.left = self.left.checked_sub(wanted).ok_or_else(|| {
            BinaryError::malformed(self.format, "it lists more names than it has room for")
        })?;
        Ok(())
    }
}
