//! What is in a file that is to be joined or taken apart.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};

use crate::cpu::Cpu;
use crate::facts::Kind;
use crate::universal::{UniversalError, archive, table, thin};

/// One architecture's bytes in a file: all of a thin one, or a part of a universal one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// What it is for.
    pub cpu: Cpu,
    /// What it is.
    pub content: Content,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// What its beginning is a multiple of in a universal file, as a power of two.
    pub align: u32,
}

/// What a slice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A Mach-O file of this kind.
    MachO(Kind),
    /// A static library.
    Archive,
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MachO(Kind::Executable) => "an executable",
            Self::MachO(Kind::SharedLibrary) => "a dylib",
            Self::MachO(Kind::Bundle) => "a bundle",
            Self::MachO(Kind::Relocatable) => "an object file",
            Self::MachO(Kind::Core) => "a core file",
            Self::MachO(Kind::DebugSymbols) => "debug information",
            Self::MachO(Kind::Other) => "another kind of Mach-O file",
            Self::Archive => "a static library",
        })
    }
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// It has a universal header, even if for one slice only.
    pub is_universal: bool,
    /// Its slices, in the order of the file; at least one.
    pub slices: Vec<Slice>,
}

impl Contents {
    /// Reads a file's headers: of a universal file, those of every slice.
    ///
    /// # Errors
    /// It cannot be read, is of another format, is cut off or is damaged.
    pub fn read<R: Read + Seek>(file: &mut R) -> Result<Self, UniversalError> {
        let length = file.seek(SeekFrom::End(0))?;
        if let Some(table) = table::read(file, length)? {
            let slices = table.iter().map(|entry| {
                let slice = one(file, entry.offset, entry.size)?;
                if !slice.cpu.is_same(entry.cpu) {
                    let what = "a slice is for another architecture than the universal header says";
                    return Err(UniversalError::Malformed { what });
                }
                Ok(Slice { cpu: entry.cpu, align: entry.align, ..slice })
            });
            return Ok(Self { is_universal: true, slices: slices.collect::<Result<_, _>>()? });
        }
        Ok(Self { is_universal: false, slices: vec![one(file, 0, length)?] })
    }

    /// The slice for a processor.
    ///
    /// # Errors
    /// There is none.
    pub fn slice(&self, wanted: Cpu) -> Result<&Slice, UniversalError> {
        let found = self.slices.iter().find(|slice| slice.cpu.is_same(wanted));
        found.ok_or_else(|| UniversalError::NoSlice {
            wanted,
            has: self.slices.iter().map(|slice| slice.cpu).collect(),
        })
    }
}

/// Reads what is between `offset` and `offset + size`: one architecture's file.
fn one<R: Read + Seek>(file: &mut R, offset: u64, size: u64) -> Result<Slice, UniversalError> {
    if let Some(slice) = thin::read(file, offset, size)? {
        return Ok(slice);
    }
    archive::read(file, offset, size)?.ok_or(UniversalError::NotMachO)
}

/// Up to `wanted` bytes from `offset`; fewer where the file ends.
pub(super) fn bytes_at<R: Read + Seek>(
    file: &mut R,
    offset: u64,
    wanted: u64,
) -> Result<Vec<u8>, UniversalError> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(wanted).read_to_end(&mut bytes)?;
    Ok(bytes)
}
