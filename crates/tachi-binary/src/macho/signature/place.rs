//! Where a Mach-O file keeps its signature.

use object::macho::{self, LinkeditDataCommand};

use crate::macho::image::{Image, position};
use crate::macho::signature::error::SignatureError;

/// A signature, as its load command describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The load command's position.
    pub(super) at: usize,
    /// The signature's position.
    pub(super) offset: u32,
    /// The signature's size, padding included.
    pub(super) size: u32,
}

impl Place {
    /// The place of a file's signature; none if the file has none.
    ///
    /// # Errors
    /// The load commands contradict each other or the header.
    pub(super) fn of(image: &Image<'_>) -> Result<Option<Self>, SignatureError> {
        let malformed = SignatureError::Malformed;
        let end = image.commands().last().map_or(image.header.size() as u64, |last| {
            last.offset() + last.raw_data().len() as u64
        });
        if end != image.header.commands_end() {
            return Err(malformed("its load commands are not as long as the header says"));
        }
        let is_signature = |id| id == macho::LC_CODE_SIGNATURE;
        let mut signatures = image.commands().filter(|command| is_signature(command.cmd()));
        let Some(command) = signatures.next() else { return Ok(None) };
        let data: &LinkeditDataCommand<object::Endianness> =
            command.data().map_err(|_| malformed("a load command is too short"))?;
        if signatures.next().is_some() {
            return Err(malformed("it has two signatures"));
        }
        Ok(Some(Self {
            at: position(&command),
            offset: data.dataoff.get(image.endian()),
            size: data.datasize.get(image.endian()),
        }))
    }

    /// The signature's bytes; none if the file ends before they do.
    pub(super) fn bytes(self, file: &[u8]) -> Option<&[u8]> {
        crate::bytes::part(file, self.offset.into(), self.size.into())
    }
}
