//! Signatures that this crate reads but does not write: with SHA-1, with requirements and
//! entitlements, with certificates.

/// The blob for a slot.
pub(crate) type Blob = (u32, Vec<u8>);

/// The contents of a hand-made code directory.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    /// 1 for SHA-1, 2 for SHA-256, 3 for SHA-256 cut to 20 bytes, 4 for SHA-384.
    pub(crate) digest: u8,
    pub(crate) hash: fn(&[u8]) -> Vec<u8>,
    /// As a power of two; zero for one page.
    pub(crate) page_bits: u8,
    pub(crate) team: Option<&'static str>,
    /// The blobs whose hashes go into special slots.
    pub(crate) special: Vec<Blob>,
}

pub(crate) fn blob(magic: u32, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + content.len()).unwrap();
    [&magic.to_be_bytes(), &length.to_be_bytes(), content].concat()
}

impl Directory {
    /// The code directory for `code`.
    pub(crate) fn blob(&self, code: &[u8]) -> Vec<u8> {
        let number = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
        let page_size = if self.page_bits == 0 { code.len() } else { 1 << self.page_bits };
        let hashes: Vec<_> = code.chunks(page_size).map(self.hash).collect();
        let size = hashes[0].len();
        let count = self.special.iter().map(|(slot, _)| *slot).max().unwrap_or(0);
        let special: Vec<u8> = (1..=count)
            .rev()
            .flat_map(|slot| match self.special.iter().find(|(other, _)| *other == slot) {
                Some((_, blob)) => (self.hash)(blob),
                None => vec![0; size],
            })
            .collect();
        let names = [b"by.hand\0", self.team.unwrap_or("").as_bytes(), b"\0"].concat();
        let start = 52 + names.len() + special.len();
        let mut content = Vec::new();
        // Version, flags, hashes, identifier; numbers of slots and pages, the limit.
        content.extend([0x20200_u32, 2].map(u32::to_be_bytes).concat());
        content.extend([number(start), number(52)].concat());
        content.extend([count.to_be_bytes(), number(hashes.len()), number(code.len())].concat());
        content.extend([u8::try_from(size).unwrap(), self.digest, 0, self.page_bits]);
        // Reserved, no scatter vector, the team.
        let team = self.team.map_or(0, |_| 52 + 8);
        content.extend([number(0), number(0), number(team)].concat());
        content.extend([&names[..], &special, &hashes.concat()].concat());
        blob(0xfade_0c02, &content)
    }
}

/// The container of all blobs.
pub(crate) fn superblob(blobs: &[Blob]) -> Vec<u8> {
    let mut at = 12 + 8 * blobs.len();
    let mut index = u32::try_from(blobs.len()).unwrap().to_be_bytes().to_vec();
    let mut content = Vec::new();
    for (slot, blob) in blobs {
        index.extend([*slot, u32::try_from(at).unwrap()].map(u32::to_be_bytes).concat());
        content.extend(blob);
        at += blob.len();
    }
    blob(0xfade_0cc0, &[index, content].concat())
}

/// `signed`, a 64-bit file with a signature, with another of `size` bytes that `make`
/// makes from the code.
pub(crate) fn resigned(signed: &[u8], size: usize, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut file = signed.to_vec();
    let field = |file: &[u8], at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let mut at = 32;
    let (mut command, mut linkedit) = (0, 0);
    for _ in 0..field(&file, 16) {
        match field(&file, at) {
            0x1d => command = at,
            0x19 if file[at + 8..].starts_with(b"__LINKEDIT") => linkedit = at,
            _ => {}
        }
        at += field(&file, at + 4) as usize;
    }
    let start = field(&file, command + 8) as usize;
    let linkedit_start = field(&file, linkedit + 40) as usize;
    let sizes = [(command + 12, size), (linkedit + 48, start + size - linkedit_start)];
    for (at, value) in sizes {
        file[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
    }
    file.truncate(start);
    let signature = make(&file);
    assert!(signature.len() <= size, "{} of {size}", signature.len());
    file.extend(signature);
    file.resize(start + size, 0);
    file
}
