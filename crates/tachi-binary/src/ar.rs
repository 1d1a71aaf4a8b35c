//! `ar` archives, of which members are counted.

use object::read::archive::ArchiveFile;
use serde::Serialize;

use crate::error::BinaryError;
use crate::format::Format;

/// The facts of an `ar` archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveFacts {
    /// The number of its members. Tables of symbols and of names do not count.
    pub members: usize,
    /// Whether it is thin: it only names its members, which are files beside it.
    pub thin: bool,
}

pub(crate) fn read(bytes: &[u8]) -> Result<ArchiveFacts, BinaryError> {
    const FORMAT: Format = Format::Archive;
    let archive =
        ArchiveFile::parse(bytes).map_err(|error| BinaryError::malformed(FORMAT, &error))?;
    let mut members = 0;
    for member in archive.members() {
        let member = member.map_err(|error| BinaryError::malformed(FORMAT, &error))?;
        if !archive.is_thin() {
            crate::bytes::require(bytes, member.file_range(), FORMAT, "a member")?;
        }
        members += 1;
    }
    Ok(ArchiveFacts { members, thin: archive.is_thin() })
}
