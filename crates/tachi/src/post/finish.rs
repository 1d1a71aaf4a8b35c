//! Finishes a linked file before it is placed: stamps it, and signs a macOS file again, since
//! stamping breaks its signature. Pure: bytes in, bytes out.

use tachi_binary::signature::{self, Replace, SignatureError};
use tachi_binary::stamp::{self, Stamp, StampError};
use tachi_binary::{BinaryError, Format};

/// Why a file could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// Its slot is damaged or too small.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// It cannot be signed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Stamps and signs. A file without a place for a stamp comes back as it is.
///
/// # Errors
/// The file is damaged, or the stamp does not fit.
pub fn finish(mut bytes: Vec<u8>, stamp: &Stamp, identifier: &str) -> Result<Vec<u8>, FinishError> {
    let filled = match stamp::write(&mut bytes, stamp) {
        Ok(filled) => filled,
        Err(StampError::NoSlot { .. } | StampError::Binary(BinaryError::UnknownFormat)) => {
            return Ok(bytes);
        }
        Err(error) => return Err(error.into()),
    };
    let is_macho = matches!(filled.format, Format::MachO | Format::FatMachO);
    if filled.changed && is_macho && tachi_binary::facts(&bytes).is_ok_and(|now| now.is_signed()) {
        return Ok(signature::sign(&bytes, identifier, Replace::AdHoc)?);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_place_for_a_stamp_is_left_alone() {
        let mut stamp = Stamp::new();
        stamp.set("git_hash", "abc").unwrap();
        assert_eq!(finish(b"text".to_vec(), &stamp, "text").unwrap(), b"text");
    }
}
