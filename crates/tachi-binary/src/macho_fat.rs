//! Universal Mach-O: one file for several architectures.

use object::macho::FatHeader;
use object::pod::from_bytes;
use object::read::macho::{FatArch, MachOFatFile};
use serde::Serialize;

use crate::architecture::Architecture;
use crate::bytes::part;
use crate::error::BinaryError;
use crate::facts::{self, BinaryFacts, Format};

const FORMAT: Format = Format::FatMachO;

/// Java class files begin with the same magic; what would be the number of slices is
/// their version, which began at 45.
const SLICE_LIMIT: u32 = 44;

/// What was found in a universal file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FatMachOFacts {
    /// Its slices, in the order of the file.
    pub slices: Vec<Slice>,
}

/// One architecture's part of a universal file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slice {
    /// What the universal header says it is for.
    pub architecture: Architecture,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// What its beginning must be a multiple of, as a power of two.
    pub align: u32,
    /// What is in it: a Mach-O file, or an archive.
    pub facts: BinaryFacts,
}

pub(crate) fn read<Fat: FatArch>(bytes: &[u8]) -> Result<FatMachOFacts, BinaryError> {
    let cut = BinaryError::Truncated { format: FORMAT, what: "the table of slices" };
    let (header, _) = from_bytes::<FatHeader>(bytes).map_err(|()| cut.clone())?;
    if header.nfat_arch.get(object::BigEndian) > SLICE_LIMIT {
        return Err(BinaryError::UnknownFormat);
    }
    let file = MachOFatFile::<Fat>::parse(bytes).map_err(|_| cut)?;
    // Slices that share bytes would let a small file stand for much.
    let sizes = file.arches().iter().map(|arch| arch.file_range().1);
    if sizes.fold(0_u64, u64::saturating_add) > bytes.len() as u64 {
        return Err(BinaryError::malformed(FORMAT, "its slices are larger than the file"));
    }
    let slices = file.arches().iter().map(|arch| slice(bytes, arch)).collect::<Result<_, _>>()?;
    Ok(FatMachOFacts { slices })
}

fn slice<Fat: FatArch>(bytes: &[u8], arch: &Fat) -> Result<Slice, BinaryError> {
    let (offset, size) = arch.file_range();
    let content = part(bytes, offset, size)
        .ok_or(BinaryError::Truncated { format: FORMAT, what: "a slice" })?;
    // Not any file: a universal file inside itself would never end.
    let inside = match content.get(..4) {
        Some(b"\xca\xfe\xba\xbe" | b"\xca\xfe\xba\xbf") => None,
        _ => Some(facts::facts(content)?),
    };
    let Some(facts @ (BinaryFacts::MachO(_) | BinaryFacts::Archive(_))) = inside else {
        return Err(BinaryError::malformed(FORMAT, "a slice is neither Mach-O nor an archive"));
    };
    Ok(Slice {
        architecture: Architecture::of_macho(arch.cputype()),
        offset,
        size,
        align: arch.align(),
        facts,
    })
}
