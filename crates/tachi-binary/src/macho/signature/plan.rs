//! The layout of an ad-hoc signature, and its bytes.

use object::macho;

use crate::bytes::part;
use crate::macho::image::{Image, Segment};
use crate::macho::signature::blob::{DIRECTORY, DIRECTORY_SLOT, SUPERBLOB};
use crate::macho::signature::directory::Flags;
use crate::macho::signature::error::SignatureError;
use crate::macho::signature::hash::sha256;
use crate::macho::signature::place::Place;

/// `CS_SUPPORTSEXECSEG`: the version of code directory that linkers write.
const VERSION: u32 = 0x2_0400;
/// The container's header with one entry, padded.
const CONTAINER_SIZE: u32 = 24;
/// A code directory of this version without its names and hashes.
const DIRECTORY_SIZE: u32 = 88;
/// Linkers and `codesign` hash pages of 4 KiB for every processor.
const PAGE_BITS: u8 = 12;
const HASH_SIZE: u8 = 32;
/// `CS_HASHTYPE_SHA256`.
const SHA256: u8 = 2;
/// `CS_EXECSEG_MAIN_BINARY`.
const MAIN_BINARY: u64 = 1;
/// The size of `LC_CODE_SIGNATURE`.
const COMMAND_SIZE: u32 = 16;
/// Tools require signatures, and the hashes in them, at multiples of this.
const ALIGN: u64 = 16;

/// The layout of the signed file.
pub(super) struct Plan {
    /// The present signature, if the file has one.
    old: Option<Place>,
    linkedit: Segment,
    /// The number of bytes of the file that stay.
    kept: usize,
    /// Where the signature begins. All bytes before it are hashed.
    limit: u32,
    pages: u32,
    /// Where the hashes begin in the code directory.
    hashes: u32,
    /// The signature's size.
    size: u32,
    /// The new size of `__LINKEDIT` in the file and in memory.
    linkedit_size: u64,
    linkedit_memory: u64,
}

impl Plan {
    /// The plan for a file whose present signature, if any, is at `old`.
    pub(super) fn new(
        image: &Image<'_>,
        old: Option<Place>,
        identifier: &str,
    ) -> Result<Self, SignatureError> {
        use SignatureError::{Malformed, NotLast};
        let linkedit = image.segment(b"__LINKEDIT").cloned();
        let linkedit = linkedit.ok_or(Malformed("it has no __LINKEDIT segment"))?;
        if linkedit.end() != Some(image.bytes.len() as u64) {
            return Err(NotLast("__LINKEDIT ends elsewhere"));
        }
        let kept = kept(image, old, &linkedit)?;
        let limit = kept.next_multiple_of(ALIGN);
        let pages = limit.div_ceil(1 << PAGE_BITS);
        let fixed = u64::from(CONTAINER_SIZE + DIRECTORY_SIZE) + identifier.len() as u64 + 1;
        let hashes = fixed.next_multiple_of(ALIGN);
        let size = hashes + pages * u64::from(HASH_SIZE);
        let linkedit_size = limit + size - linkedit.offset;
        // Most linkers round to pages; ld64.lld leaves that to the system.
        let is_exact = linkedit.memory == linkedit.size;
        let unit = if is_exact { 1 } else { image.header.cpu.page_size() };
        let linkedit_memory = linkedit_size.next_multiple_of(unit);
        let memory_end = linkedit.address.checked_add(linkedit_memory);
        if memory_end.is_none_or(|end| end > memory_limit(image, &linkedit)) {
            return Err(NotLast("in memory another segment follows __LINKEDIT"));
        }
        let narrow = |number: u64| {
            u32::try_from(number).map_err(|_| Malformed("it is too large to be signed"))
        };
        Ok(Self {
            old,
            kept: narrow(kept)? as usize,
            limit: narrow(limit)?,
            pages: narrow(pages)?,
            hashes: narrow(hashes)? - CONTAINER_SIZE,
            size: narrow(size)?,
            linkedit,
            linkedit_size,
            linkedit_memory,
        })
    }

    /// The size of the signed file in bytes.
    pub(super) fn signed_size(&self) -> u64 {
        u64::from(self.limit) + u64::from(self.size)
    }

    /// Appends the signed file to `output`.
    pub(super) fn carry_out(
        &self,
        image: &Image<'_>,
        identifier: &str,
        output: &mut Vec<u8>,
    ) -> Result<(), SignatureError> {
        let start = output.len();
        output.extend_from_slice(image.bytes.get(..self.kept).unwrap_or(image.bytes));
        output.resize(start + self.limit as usize, 0);
        let code = output.get_mut(start..).unwrap_or_default();
        let patched = self.patch(code, image);
        patched.ok_or(SignatureError::Malformed("a load command is too short"))?;
        let mut signature = self.head(image, identifier);
        for page in code.chunks(1 << PAGE_BITS) {
            signature.extend(sha256(page));
        }
        output.extend(signature);
        Ok(())
    }

    /// Writes the new numbers into the load commands; none if one of them is missing.
    fn patch(&self, file: &mut [u8], image: &Image<'_>) -> Option<()> {
        let header = image.header;
        let at = if let Some(place) = self.old {
            place.at
        } else {
            let end = usize::try_from(header.commands_end()).ok()?;
            put(file, 16, header.command_count.checked_add(1)?)?;
            put(file, 20, header.commands_size.checked_add(COMMAND_SIZE)?)?;
            put(file, end, macho::LC_CODE_SIGNATURE.0)?;
            put(file, end + 4, COMMAND_SIZE)?;
            end
        };
        put(file, at + 8, self.limit)?;
        put(file, at + 12, self.size)?;
        // Four words: address, size in memory, offset, size in the file.
        let words = self.linkedit.at + 24;
        let width = header.encoding.word_size();
        for (number, value) in [(1, self.linkedit_memory), (3, self.linkedit_size)] {
            let field = file.get_mut(words + number * width..)?.get_mut(..width)?;
            field.copy_from_slice(value.to_le_bytes().get(..width)?);
        }
        Some(())
    }

    /// The signature up to the pages' hashes.
    fn head(&self, image: &Image<'_>, identifier: &str) -> Vec<u8> {
        let flags = Flags::ADHOC | Flags::LINKER_SIGNED;
        let text = image.segment(b"__TEXT").map_or((0, 0), |text| (text.offset, text.size));
        let main = if image.is_executable() { MAIN_BINARY } else { 0 };
        let mut bytes = Vec::with_capacity(self.size as usize);
        let mut numbers = |numbers: &[u32]| {
            bytes.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
        };
        numbers(&[SUPERBLOB, self.size, 1, DIRECTORY_SLOT, CONTAINER_SIZE, 0]);
        numbers(&[DIRECTORY, self.size - CONTAINER_SIZE, VERSION, flags]);
        // No special slots.
        numbers(&[self.hashes, DIRECTORY_SIZE, 0, self.pages, self.limit]);
        bytes.extend([HASH_SIZE, SHA256, 0, PAGE_BITS]);
        // Reserved, no scatter vector, no team, reserved; no 64-bit limit.
        bytes.extend([0; 4 * 4 + 8]);
        bytes.extend([text.0, text.1, main].map(u64::to_be_bytes).as_flattened());
        bytes.extend(identifier.as_bytes());
        bytes.resize((CONTAINER_SIZE + self.hashes) as usize, 0);
        bytes
    }
}

/// The number of bytes of the file that stay: all but the present signature, which has to be
/// the end of the file.
fn kept(image: &Image<'_>, old: Option<Place>, linkedit: &Segment) -> Result<u64, SignatureError> {
    let commands_end = image.header.commands_end();
    let length = image.bytes.len() as u64;
    let Some(place) = old else {
        let room = first_content(image).min(length).saturating_sub(commands_end);
        let needed = u64::from(COMMAND_SIZE);
        if room < needed {
            return Err(SignatureError::NoRoom(room));
        }
        let space = part(image.bytes, commands_end, needed).unwrap_or_default();
        if space.iter().any(|&byte| byte != 0) {
            return Err(SignatureError::NoRoom(0));
        }
        return Ok(length);
    };
    let start = u64::from(place.offset);
    if start + u64::from(place.size) != length {
        return Err(SignatureError::NotLast("bytes follow the present one"));
    }
    if start < linkedit.offset.max(commands_end) {
        return Err(SignatureError::NotLast("the present one begins before __LINKEDIT"));
    }
    Ok(start)
}

/// Where the first bytes behind the load commands are in use. Sections have content from
/// where they begin; segments without sections, too, except the one that begins with the
/// header itself.
fn first_content(image: &Image<'_>) -> u64 {
    let starts = image.segments.iter().flat_map(|segment| {
        let own = if segment.size == 0 { 0 } else { segment.offset };
        segment.sections.iter().map(|section| section.offset.into()).chain([own])
    });
    starts.filter(|&start| start > 0).min().unwrap_or(u64::MAX)
}

/// Where the segment behind `__LINKEDIT` begins in memory.
fn memory_limit(image: &Image<'_>, linkedit: &Segment) -> u64 {
    let addresses = image.segments.iter().map(|segment| segment.address);
    addresses.filter(|&address| address > linkedit.address).min().unwrap_or(u64::MAX)
}

fn put(file: &mut [u8], at: usize, value: u32) -> Option<()> {
    *file.get_mut(at..)?.first_chunk_mut()? = value.to_le_bytes();
    Some(())
}
