//! The slices of a file that is to be joined with others or taken apart.

use std::io::{Read, Seek, SeekFrom};

use crate::macho::cpu::Cpu;
use crate::macho::fat::error::UniversalError;
use crate::macho::fat::slice::Slice;
use crate::macho::fat::{archive, table, thin};

/// The slices of a file. A Mach-O file for one architecture is one slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Whether it has a universal header, if only for one slice.
    pub is_universal: bool,
    /// Its slices, in the order of the file; at least one.
    pub slices: Vec<Slice>,
}

impl Contents {
    /// Reads the headers of a file, and of every slice of a universal file.
    ///
    /// # Errors
    /// The file cannot be read, has another format, is cut off or is damaged.
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

/// Reads the slice between `offset` and `offset + size`.
fn one<R: Read + Seek>(file: &mut R, offset: u64, size: u64) -> Result<Slice, UniversalError> {
    if let Some(slice) = thin::read(file, offset, size)? {
        return Ok(slice);
    }
    archive::read(file, offset, size)?.ok_or(UniversalError::NotMachO)
}
