//! The container of a signature: numbered blobs, each with its magic and length. All numbers
//! are big-endian.

use std::ops::Range;

/// `CSMAGIC_EMBEDDED_SIGNATURE`: the container.
pub(super) const SUPERBLOB: u32 = 0xfade_0cc0;
/// `CSMAGIC_CODEDIRECTORY`.
pub(super) const DIRECTORY: u32 = 0xfade_0c02;

/// Slot of the code directory.
pub(super) const DIRECTORY_SLOT: u32 = 0;
/// Slots of further code directories, for systems that know other hash functions.
pub(super) const ALTERNATES: Range<u32> = 0x1000..0x1005;
/// Slot of the certificates' signature.
const CERTIFICATE_SLOT: u32 = 0x1_0000;

/// More blobs than any signer writes: one for each special slot, the directories, the
/// certificates' signature, a ticket.
const BLOB_LIMIT: u32 = 64;

/// One blob, header included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blob<'bytes> {
    pub(super) slot: u32,
    pub(super) magic: u32,
    pub(super) bytes: &'bytes [u8],
}

/// The blobs of a signature, or what is wrong with the signature.
pub(super) fn blobs(signature: &[u8]) -> Result<Vec<Blob<'_>>, &'static str> {
    let magic = u32_at(signature, 0).ok_or("it is cut off")?;
    if magic != SUPERBLOB {
        return Err("it does not begin as one");
    }
    let container = sized(signature, 0).ok_or("it is longer than the space it has")?;
    let count = u32_at(container, 8).ok_or("it is cut off")?;
    if count > BLOB_LIMIT {
        return Err("it has impossibly many parts");
    }
    let mut found: Vec<Blob<'_>> = Vec::new();
    for index in 0..count as usize {
        let entry = 12 + 8 * index;
        let parts = || {
            let slot = u32_at(container, entry)?;
            let start = usize::try_from(u32_at(container, entry + 4)?).ok()?;
            let bytes = sized(container, start)?;
            Some(Blob { slot, magic: u32_at(bytes, 0)?, bytes })
        };
        let blob = parts().ok_or("one of its parts lies outside it")?;
        if found.iter().any(|other| other.slot == blob.slot) {
            return Err("it has two parts of one kind");
        }
        found.push(blob);
    }
    Ok(found)
}

/// Whether one of the blobs is a certificate's signature. `codesign -s -` writes an empty one,
/// which has a header only.
pub(super) fn has_certificate(blobs: &[Blob<'_>]) -> bool {
    blobs.iter().any(|blob| blob.slot == CERTIFICATE_SLOT && blob.bytes.len() > 8)
}

/// Whether one of the blobs grants entitlements, as a property list or in DER.
pub(super) fn has_entitlements(blobs: &[Blob<'_>]) -> bool {
    blobs.iter().any(|blob| [5, 7].contains(&blob.slot))
}

/// The blob at `start`, whose header has its length.
fn sized(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let rest = bytes.get(start..)?;
    let length = usize::try_from(u32_at(rest, 4)?).ok()?;
    (length >= 8).then_some(rest)?.get(..length)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|field| u32::from_be_bytes(*field))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|field| u64::from_be_bytes(*field))
}
