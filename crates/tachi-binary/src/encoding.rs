//! The encoding of numbers in a file: the byte order, and the width of addresses.

use crate::architecture::Endianness;

/// The encoding of numbers in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) endian: Endianness,
    pub(crate) is_64: bool,
}

impl Encoding {
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let field = *bytes.get(at..)?.first_chunk()?;
        Some(match self.endian {
            Endianness::Little => u16::from_le_bytes(field),
            Endianness::Big => u16::from_be_bytes(field),
        })
    }

    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let field = *bytes.get(at..)?.first_chunk()?;
        Some(match self.endian {
            Endianness::Little => u32::from_le_bytes(field),
            Endianness::Big => u32::from_be_bytes(field),
        })
    }

    /// An address or a size: 8 bytes in 64-bit files, else 4.
    pub(crate) fn word(self, bytes: &[u8], at: usize) -> Option<u64> {
        if !self.is_64 {
            return self.u32(bytes, at).map(u64::from);
        }
        let field = *bytes.get(at..)?.first_chunk()?;
        Some(match self.endian {
            Endianness::Little => u64::from_le_bytes(field),
            Endianness::Big => u64::from_be_bytes(field),
        })
    }

    pub(crate) fn word_size(self) -> usize {
        if self.is_64 { 8 } else { 4 }
    }

    /// Writes `value` into `width` bytes; none if it does not fit, or if `bytes` end before the
    /// field does.
    pub(crate) fn put(self, bytes: &mut [u8], at: usize, width: usize, value: u64) -> Option<()> {
        let field = bytes.get_mut(at..)?.get_mut(..width)?;
        let (little, unused) = (value.to_le_bytes(), 8_usize.checked_sub(width)?);
        if little.iter().rev().take(unused).any(|&byte| byte != 0) {
            return None;
        }
        field.copy_from_slice(little.get(..width)?);
        if self.endian == Endianness::Big {
            field.reverse();
        }
        Some(())
    }

    pub(crate) fn put_u16(self, bytes: &mut [u8], at: usize, value: u64) -> Option<()> {
        self.put(bytes, at, 2, value)
    }

    pub(crate) fn put_u32(self, bytes: &mut [u8], at: usize, value: u64) -> Option<()> {
        self.put(bytes, at, 4, value)
    }

    /// Writes an address or a size.
    pub(crate) fn put_word(self, bytes: &mut [u8], at: usize, value: u64) -> Option<()> {
        self.put(bytes, at, self.word_size(), value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_number_is_read_again_and_is_never_cut() {
        for endian in [Endianness::Little, Endianness::Big] {
            for is_64 in [false, true] {
                let encoding = Encoding { endian, is_64 };
                let mut bytes = [0xaa; 16];
                encoding.put_u16(&mut bytes, 1, 0x0102).unwrap();
                encoding.put_u32(&mut bytes, 3, 0x0304_0506).unwrap();
                encoding.put_word(&mut bytes, 7, 0x0708_090a).unwrap();
                assert_eq!(encoding.u16(&bytes, 1), Some(0x0102));
                assert_eq!(encoding.u32(&bytes, 3), Some(0x0304_0506));
                assert_eq!(encoding.word(&bytes, 7), Some(0x0708_090a));
                assert_eq!(bytes[0], 0xaa);
                assert_eq!(encoding.put_u16(&mut bytes, 0, 0x1_0000), None);
                assert_eq!(encoding.put_word(&mut bytes, 0, 1 << 32).is_some(), is_64);
                assert_eq!(encoding.put_u32(&mut bytes, 13, 0), None);
                assert_eq!(encoding.u32(&bytes, usize::MAX), None);
            }
        }
    }
}
