//! The code directory: identifier, flags, and the hashes of pages and of special slots.

use std::fmt;

use crate::bytes::hex;
use crate::macho::signature::blob::{u32_at, u64_at};
use crate::macho::signature::hash::{Digest, sha256};

/// The longest identifier, in bytes: the length that systems allow for paths.
const NAME_LIMIT: usize = 4096;

/// The contents of a code directory without its hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// The identifier of the code: `com.example.app`, or a file name.
    pub identifier: String,
    /// The signing team; none without a certificate.
    pub team: Option<String>,
    /// The kind of the signature, and how systems treat the code.
    pub flags: Flags,
    /// The format's version. From `0x20400` on, it describes the executable segment.
    pub version: u32,
    /// The hash function for pages and special slots.
    pub digest: Digest,
    /// The size of a page in bytes; none if all of the code is one page.
    pub page_size: Option<u32>,
    /// The number of pages.
    pub pages: u32,
    /// The number of bytes from the start of the file that are hashed.
    pub code_limit: u64,
    /// The directory's own hash, by which systems know the code: the first 20 bytes of SHA-256,
    /// in lower-case hexadecimal.
    pub cdhash: String,
}

/// The flags of a code directory, `CS_…` in `cs_blobs.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u32);

impl Flags {
    /// `CS_ADHOC`: the signature has no certificate.
    pub const ADHOC: u32 = 0x2;
    /// `CS_RUNTIME`: the code runs under the hardened runtime.
    pub const RUNTIME: u32 = 0x1_0000;
    /// `CS_LINKER_SIGNED`: a linker made the signature, and tools may replace it.
    pub const LINKER_SIGNED: u32 = 0x2_0000;

    /// Whether a flag is set.
    pub fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The names that `codesign` prints.
        let names: Vec<&str> = [
            (Self::ADHOC, "adhoc"),
            (0x1, "host"),
            (0x100, "hard"),
            (0x200, "kill"),
            (0x400, "expires"),
            (0x800, "restrict"),
            (0x1000, "enforcement"),
            (0x2000, "library-validation"),
            (Self::RUNTIME, "runtime"),
            (Self::LINKER_SIGNED, "linker-signed"),
        ]
        .into_iter()
        .filter_map(|(flag, name)| self.has(flag).then_some(name))
        .collect();
        f.pad(&if names.is_empty() { format!("{:#x}", self.0) } else { names.join(",") })
    }
}

/// A code directory with its hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed<'bytes> {
    pub(super) directory: Directory,
    /// The hashes of special slots, the highest number first.
    special: &'bytes [u8],
    /// The hashes of pages.
    pub(super) pages: &'bytes [u8],
    /// The place, the size and the flags of the executable segment; none before version
    /// 0x20400.
    pub(super) executable: Option<[u64; 3]>,
    hash_size: usize,
}

impl<'bytes> Parsed<'bytes> {
    /// The hash of a special slot; none if the slot has no hash. The first slot is 1.
    pub(super) fn special(&self, slot: usize) -> Option<&'bytes [u8]> {
        let from_end = slot.checked_mul(self.hash_size)?;
        let start = self.special.len().checked_sub(from_end)?;
        let hash = self.special.get(start..)?.get(..self.hash_size)?;
        hash.iter().any(|&byte| byte != 0).then_some(hash)
    }

    /// The size of a hash in bytes.
    pub(super) fn hash_size(&self) -> usize {
        self.hash_size
    }
}

/// Reads a code directory, or says what is wrong with it.
pub(super) fn read(blob: &[u8]) -> Result<Parsed<'_>, &'static str> {
    let cut = "its code directory is cut off";
    let field = |at: usize| u32_at(blob, at).ok_or(cut);
    let place = |at: usize| field(at).map(|value| value as usize);
    let version = field(8)?;
    if version >> 16 != 2 || version < 0x2_0001 {
        return Err("its code directory has an unknown version");
    }
    let [hash_size, digest, _platform, page_bits] =
        *blob.get(36..).and_then(<[u8]>::first_chunk).ok_or(cut)?;
    let hash_size = usize::from(hash_size);
    let (start, pages) = (place(16)?, field(28)?);
    let outside = "its hashes lie outside its code directory";
    let table = |from: Option<usize>, to: Option<usize>| blob.get(from?..to?);
    let before = place(24)?.checked_mul(hash_size).and_then(|size| start.checked_sub(size));
    let behind = (pages as usize).checked_mul(hash_size).and_then(|size| start.checked_add(size));
    let special = table(before, Some(start)).ok_or(outside)?;
    let hashes = table(Some(start), behind).ok_or(outside)?;
    if page_bits > 31 {
        return Err("its pages are impossibly large");
    }
    let team = match version {
        0x2_0200.. => place(48)?,
        _ => 0,
    };
    let wide = match version {
        0x2_0300.. => u64_at(blob, 56).ok_or(cut)?,
        _ => 0,
    };
    let executable = match version {
        0x2_0400.. => {
            let part = |at: usize| u64_at(blob, at).ok_or(cut);
            Some([part(64)?, part(72)?, part(80)?])
        }
        _ => None,
    };
    let directory = Directory {
        identifier: name_at(blob, place(20)?)?,
        team: if team == 0 { None } else { Some(name_at(blob, team)?) },
        flags: Flags(field(12)?),
        version,
        digest: Digest::of_number(digest),
        page_size: (page_bits > 0).then(|| 1 << page_bits),
        pages,
        code_limit: if wide > 0 { wide } else { field(32)?.into() },
        cdhash: hex(sha256(blob).get(..20).unwrap_or_default()),
    };
    Ok(Parsed { directory, special, pages: hashes, executable, hash_size })
}

fn name_at(blob: &[u8], start: usize) -> Result<String, &'static str> {
    let outside = "a name lies outside its code directory";
    let rest = blob.get(start..).ok_or(outside)?;
    let end = rest.iter().take(NAME_LIMIT).position(|&byte| byte == 0).ok_or(outside)?;
    let name = rest.get(..end).ok_or(outside)?;
    Ok(String::from_utf8_lossy(name).into_owned())
}
