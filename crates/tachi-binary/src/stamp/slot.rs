//! The bytes of a slot. `tachi-build-info` documents them; tests of crates that use both keep
//! the two alike.

use std::ops::Range;

use super::{Stamp, StampError};

const MAGIC: &[u8] = b"\xf1TACHI\xe3STAMP\xb5\r\n\x1a";
const FORMAT: u8 = 1;
/// The size of the head: the magic, then format, size, length of the payload and checksum.
const HEAD: usize = MAGIC.len() + 18;

/// The head of a slot, behind its magic.
struct Head {
    size: usize,
    length: usize,
    checksum: u32,
}

impl Head {
    /// None if this is no head: other bytes may look like the magic.
    fn read(slot: &[u8]) -> Result<Option<Self>, StampError> {
        let digits = |at: usize, count: usize| {
            let text = std::str::from_utf8(slot.get(at..at + count)?).ok()?;
            // `from_str_radix` would accept a sign.
            if !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            u32::from_str_radix(text, 16).ok()
        };
        let Some(format) = digits(16, 2).and_then(|format| u8::try_from(format).ok()) else {
            return Ok(None);
        };
        if format > FORMAT {
            return Err(StampError::Newer { format });
        }
        let head = || {
            Some(Self {
                size: usize::try_from(digits(18, 4)?).ok().filter(|&size| size >= HEAD)?,
                length: usize::try_from(digits(22, 4)?).ok()?,
                checksum: digits(26, 8)?,
            })
        };
        Ok(head())
    }
}

/// Adds the places of the slots in a part of a file to `found`.
pub(super) fn find(
    bytes: &[u8],
    part: Range<usize>,
    found: &mut Vec<Range<usize>>,
) -> Result<(), StampError> {
    let mut rest = part;
    while let Some(at) = magic_in(bytes.get(rest.clone()).unwrap_or_default()) {
        let start = rest.start + at;
        let here = bytes.get(start..rest.end).unwrap_or_default();
        let size = Head::read(here)?.map(|head| head.size).filter(|&size| size <= here.len());
        if let Some(size) = size {
            found.push(start..start + size);
        }
        rest.start = start + size.unwrap_or(MAGIC.len());
    }
    Ok(())
}

fn magic_in(part: &[u8]) -> Option<usize> {
    let first = MAGIC.first()?;
    let mut from = 0;
    loop {
        let rest = part.get(from..)?;
        let at = from + rest.iter().position(|byte| byte == first)?;
        if part.get(at..)?.starts_with(MAGIC) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The stamp in a slot.
pub(super) fn read(slot: &[u8]) -> Result<Stamp, StampError> {
    let damaged = |what| StampError::Damaged { what };
    let head = Head::read(slot)?.ok_or_else(|| damaged("its head cannot be read"))?;
    if head.length == 0 {
        return Ok(Stamp::new());
    }
    let payload = HEAD.checked_add(head.length).and_then(|end| slot.get(HEAD..end));
    let payload = payload.ok_or_else(|| damaged("it is longer than its slot"))?;
    if crc32fast::hash(payload) != head.checksum {
        return Err(damaged("its checksum does not fit its values"));
    }
    let text = std::str::from_utf8(payload).map_err(|_| damaged("it is not UTF-8"))?;
    Ok(Stamp::of_payload(text))
}

/// The bytes of a slot of `size` bytes that holds `stamp`.
pub(super) fn filled(size: usize, stamp: &Stamp) -> Result<Vec<u8>, StampError> {
    let payload = stamp.to_payload();
    let available = size.saturating_sub(HEAD);
    if payload.len() > available {
        return Err(StampError::TooLong { needed: payload.len(), available });
    }
    let (length, checksum) = (payload.len(), crc32fast::hash(payload.as_bytes()));
    let mut slot = MAGIC.to_vec();
    slot.extend_from_slice(format!("{FORMAT:02x}{size:04x}{length:04x}{checksum:08x}").as_bytes());
    slot.extend_from_slice(payload.as_bytes());
    slot.resize(size, b'\n');
    Ok(slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(value: &str) -> Stamp {
        let mut stamp = Stamp::new();
        stamp.set("git_hash", value).unwrap();
        stamp
    }

    fn found(bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        find(bytes, 0..bytes.len(), &mut found).unwrap();
        found
    }

    #[test]
    fn slots_are_found_at_any_place_and_false_magic_is_skipped() {
        let slot = filled(64, &stamp("abc")).unwrap();
        let bytes = [b"junk\xf1TACHI", &slot[..], MAGIC, b"xx", &slot[..], MAGIC].concat();
        let ranges = found(&bytes);
        assert_eq!(ranges, [10..74, 92..156]);
        for range in ranges {
            assert_eq!(read(&bytes[range]), Ok(stamp("abc")));
        }
        assert!(found(&slot[..63]).is_empty());
    }

    #[test]
    fn values_fit_to_the_last_byte_and_no_further() {
        // "git_hash=" and a line's end are ten bytes.
        let size = HEAD + 10 + 7;
        assert_eq!(read(&filled(size, &stamp("1234567")).unwrap()), Ok(stamp("1234567")));
        assert_eq!(
            filled(size, &stamp("12345678")),
            Err(StampError::TooLong { needed: 18, available: 17 })
        );
        assert_eq!(read(&filled(size, &Stamp::new()).unwrap()), Ok(Stamp::new()));
    }

    #[test]
    fn a_damaged_slot_is_an_error_and_not_empty() {
        let slot = filled(64, &stamp("abc")).unwrap();
        for (at, byte, expected) in [
            (16, b'1', StampError::Newer { format: 0x11 }),
            (18, b'+', StampError::Damaged { what: "its head cannot be read" }),
            (22, b'f', StampError::Damaged { what: "it is longer than its slot" }),
            (40, b'!', StampError::Damaged { what: "its checksum does not fit its values" }),
        ] {
            let mut damaged = slot.clone();
            damaged[at] = byte;
            assert_eq!(read(&damaged), Err(expected), "byte {at}");
        }
    }
}
