//! The reserved bytes of the program, and how they are read.
//!
//! The slot lies in a section of its own: `.tachi` in ELF and PE, `__DATA,__tachi` in
//! Mach-O. In WebAssembly, whose custom sections a program cannot read, it lies among the
//! data. All of it is text but for the magic:
//!
//! | offset | bytes | content |
//! |---|---|---|
//! | 0 | 16 | the magic: `F1`, `TACHI`, `E3`, `STAMP`, `B5 0D 0A 1A` |
//! | 16 | 2 | version of the format, in hexadecimal: `01` |
//! | 18 | 4 | size of the whole slot, in hexadecimal |
//! | 22 | 4 | length of the payload, in hexadecimal; zero in a slot that nobody filled |
//! | 26 | 8 | CRC-32 of the payload, in hexadecimal |
//! | 34 | … | the payload, then newlines up to the slot's size |
//!
//! The payload is UTF-8: a line `key=value` for each value, sorted by key. Keys are the
//! names of [`BuildInfo`](crate::BuildInfo)'s fields; readers pass over others. There are
//! no runs of zeros, which optimisers of WebAssembly would cut out of the data.

use crate::checksum::crc32;

/// Bytes of a slot.
pub const SIZE: usize = 1024;

const MAGIC: [u8; 16] = *b"\xf1TACHI\xe3STAMP\xb5\r\n\x1a";
const FORMAT: &[u8; 2] = b"01";
const LENGTH_AT: usize = 22;
const CHECKSUM_AT: usize = 26;
const PAYLOAD_AT: usize = 34;

/// Aligned, so that it stands at the beginning of its section.
#[repr(C, align(16))]
struct Slot([u8; SIZE]);

#[used]
#[cfg_attr(target_vendor = "apple", link_section = "__DATA,__tachi")]
#[cfg_attr(not(any(target_vendor = "apple", target_family = "wasm")), link_section = ".tachi")]
static SLOT: Slot = Slot(unfilled());

/// The only way to the slot. What the compiler knows of `SLOT` it must not use, because
/// the file is changed behind its back; see [`bytes`].
static DOOR: &Slot = &SLOT;

const fn unfilled() -> [u8; SIZE] {
    let mut slot = [b'\n'; SIZE];
    let mut at = 0;
    while at < MAGIC.len() {
        slot[at] = MAGIC[at];
        at += 1;
    }
    slot[16] = FORMAT[0];
    slot[17] = FORMAT[1];
    while at + 2 < PAYLOAD_AT {
        slot[at + 2] = b'0';
        at += 1;
    }
    // 1024 is 0x0400.
    slot[19] = b'4';
    slot
}

/// The slot as it is in the running program.
fn bytes() -> &'static [u8; SIZE] {
    // SAFETY: `DOOR` is an initialised, aligned static that nothing writes to. The read is
    // volatile so that no optimiser, at linking neither, takes the address for that of
    // `SLOT`, whose bytes it knows, or rather believes to.
    let slot = unsafe { core::ptr::read_volatile(&DOOR) };
    &slot.0
}

/// The payload of this program's slot; none if nobody filled it, or if it is damaged.
pub(crate) fn payload() -> Option<&'static str> {
    payload_of(bytes())
}

fn payload_of(slot: &[u8]) -> Option<&str> {
    let length = hexadecimal(slot.get(LENGTH_AT..CHECKSUM_AT)?)? as usize;
    let checksum = hexadecimal(slot.get(CHECKSUM_AT..PAYLOAD_AT)?)?;
    let payload = slot.get(PAYLOAD_AT..PAYLOAD_AT.checked_add(length)?)?;
    if payload.is_empty() || crc32(payload) != checksum {
        return None;
    }
    core::str::from_utf8(payload).ok()
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}

/// The value of a key in a payload.
pub(crate) fn value<'a>(payload: &'a str, key: &str) -> Option<&'a str> {
    payload.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn an_unfilled_slot_is_as_documented_and_says_nothing() {
        let mut expected = std::vec::Vec::from(MAGIC);
        expected.extend_from_slice(b"010400000000000000");
        expected.resize(SIZE, b'\n');
        assert_eq!(&unfilled()[..], &expected[..]);
        assert_eq!(u32::from_str_radix("0400", 16), Ok(1024));
        assert_eq!(payload(), None);
    }

    #[test]
    fn a_filled_slot_is_read_unless_a_bit_of_it_is_wrong() {
        let text = "git_branch=ma\u{ef}n=1\ngit_hash=abc\n";
        let mut slot = unfilled();
        let head = format!("{:04x}{:08x}", text.len(), crc32(text.as_bytes()));
        slot[LENGTH_AT..PAYLOAD_AT].copy_from_slice(head.as_bytes());
        slot[PAYLOAD_AT..PAYLOAD_AT + text.len()].copy_from_slice(text.as_bytes());
        assert_eq!(payload_of(&slot), Some(text));
        for (at, byte) in [(LENGTH_AT, b'f'), (LENGTH_AT, b'x'), (CHECKSUM_AT, b'g'), (40, b'X')] {
            let mut damaged = slot;
            damaged[at] = byte;
            assert_eq!(payload_of(&damaged), None, "byte {at}");
        }
        assert_eq!(payload_of(&slot[..50]), None);
    }

    #[test]
    fn a_value_is_found_by_its_whole_key() {
        let payload = "git_hash_full=long\ngit_hash=short\nempty=\nbranch=a=b\n";
        for (key, expected) in [
            ("git_hash", Some("short")),
            ("git_hash_full", Some("long")),
            ("empty", Some("")),
            ("branch", Some("a=b")),
            ("git", None),
        ] {
            assert_eq!(value(payload, key), expected, "{key}");
        }
    }
}
