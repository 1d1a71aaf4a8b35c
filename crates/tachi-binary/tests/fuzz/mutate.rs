//! Changing files: mostly the numbers of headers and tables, which decide what is read.

use std::ops::Range;

/// Numbers at which formats or programs often change their behaviour.
const EDGES: [u64; 12] = [
    0,
    1,
    2,
    7,
    0x7f,
    0xff,
    0x1000,
    0x7fff_ffff,
    0xffff_ffff,
    0xffff_fff0,
    0x7fff_ffff_ffff_ffff,
    0xffff_ffff_ffff_fff8,
];

/// Random numbers, the same for the same seed (`SplitMix64`).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; zero if `limit` is zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit as u64).max(1)).unwrap()
    }
}

/// A file with the parts of it that decide what is read.
pub(crate) struct Original {
    bytes: Vec<u8>,
    hot: Vec<Range<usize>>,
}

impl Original {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let hot = hot(&bytes, 0);
        Self { bytes, hot }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A changed copy in `into`.
    pub(crate) fn changed(&self, other: &Self, chance: &mut Chance, into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.bytes);
        for _ in 0..=chance.below(4) {
            match chance.below(16) {
                0 => into.truncate(chance.below(into.len())),
                1 => splice(into, &other.bytes, chance),
                2 => {
                    let at = chance.below(into.len());
                    if let Some(byte) = into.get_mut(at) {
                        *byte ^= 1 << chance.below(8);
                    }
                }
                3 => repeat(into, chance),
                _ => self.number(into, chance),
            }
        }
    }

    /// Writes another number over one in a header or table.
    fn number(&self, bytes: &mut [u8], chance: &mut Chance) {
        let Some(range) = self.hot.get(chance.below(self.hot.len())) else { return };
        let width = [1, 2, 4, 8][chance.below(4)];
        let at = (range.start + chance.below(range.len())) & !(width - 1);
        let Some(field) = bytes.get_mut(at..at + width) else { return };
        let mut wide = [0; 8];
        wide[..width].copy_from_slice(field);
        let old = u64::from_le_bytes(wide);
        let size = self.bytes.len() as u64;
        let new = match chance.below(6) {
            0 => EDGES[chance.below(EDGES.len())],
            1 => old.wrapping_add(chance.next() % 33).wrapping_sub(16),
            2 => chance.next() % (size + 64),
            3 => size.wrapping_sub(chance.next() % 64),
            4 => old.wrapping_mul(2),
            _ => chance.next(),
        };
        field.copy_from_slice(&new.to_le_bytes()[..width]);
        if chance.below(4) == 0 {
            field.reverse();
        }
    }
}

/// Replaces a part of a file by a part of another.
fn splice(bytes: &mut [u8], other: &[u8], chance: &mut Chance) {
    let from = chance.below(other.len());
    let size = chance.below(256).min(other.len() - from);
    let to = chance.below(bytes.len());
    for (place, byte) in bytes.iter_mut().skip(to).zip(&other[from..from + size]) {
        *place = *byte;
    }
}

/// Inserts a part of a file a second time.
fn repeat(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let from = chance.below(bytes.len());
    let size = chance.below(128).min(bytes.len() - from);
    let part = bytes[from..from + size].to_vec();
    bytes.splice(from..from, part);
}

/// The places of headers and tables, by the format; the whole file for an unknown format.
fn hot(bytes: &[u8], base: usize) -> Vec<Range<usize>> {
    let number = |at: usize, width: usize| {
        let field = bytes.get(at..at + width)?;
        let mut wide = [0; 8];
        wide[..width].copy_from_slice(field);
        if bytes.get(5) == Some(&2) {
            wide[..width].reverse();
        }
        usize::try_from(u64::from_le_bytes(wide)).ok()
    };
    let end = bytes.len();
    let mut ranges = Vec::new();
    ranges.push(0..end.min(64));
    match bytes.get(..4) {
        Some(b"\x7fELF") => {
            let is_64 = bytes[4] == 2;
            let (at, width) = if is_64 { (0x28, 8) } else { (0x20, 4) };
            ranges.push(0..end.min(0x300));
            ranges.extend(number(at, width).filter(|&start| start < end).map(|start| start..end));
        }
        Some(b"\xcf\xfa\xed\xfe") => {
            ranges.push(0..number(20, 4).map_or(end, |size| size + 32).min(end));
            // The symbols and the signature are the end of the file.
            ranges.push(end.saturating_sub(end.min(600))..end);
        }
        Some(b"\xca\xfe\xba\xbe") => {
            let slice = hot(&bytes[0x1000.min(end)..], 0x1000);
            ranges.extend(slice);
        }
        Some(b"MZ\x78\0" | b"MZ\x90\0") => {
            let start = number(0x3c, 4).unwrap_or(0);
            ranges.push(start..(start + 0x300).min(end));
        }
        _ => ranges.push(0..end),
    }
    ranges.retain(|range| !range.is_empty());
    ranges.into_iter().map(|range| range.start + base..range.end + base).collect()
}
