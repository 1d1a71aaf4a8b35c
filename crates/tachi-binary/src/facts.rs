//! The one entrance: which format it is, and the facts all formats share.

use object::FileKind;
use serde::Serialize;

use crate::ar::{self, ArchiveFacts};
use crate::architecture::Architecture;
use crate::bytes::part;
use crate::elf::facts::{self as elf_facts, ElfFacts};
use crate::error::BinaryError;
use crate::format::{Format, Kind};
use crate::macho::facts::{self as macho_facts, MachOFacts};
use crate::macho::fat::table::{self, CutOff, Entry};
use crate::pe::facts::{self as pe_facts, PeFacts};
use crate::wasm::facts::{self as wasm_facts, WasmFacts};
use crate::wasm::sections::is_wasm;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BinaryFacts {
    /// Linux, Android, the BSDs and most of the rest.
    Elf(ElfFacts),
    /// macOS and Apple's other systems, for one architecture.
    MachO(MachOFacts),
    /// A universal file: several Mach-O files or archives in one.
    FatMachO(FatMachOFacts),
    /// Windows and UEFI.
    Pe(PeFacts),
    /// WebAssembly.
    Wasm(WasmFacts),
    /// An `ar` archive: static libraries, import libraries, rlibs.
    Archive(ArchiveFacts),
}

impl BinaryFacts {
    /// The container format.
    pub fn format(&self) -> Format {
        match self {
            Self::Elf(_) => Format::Elf,
            Self::MachO(_) => Format::MachO,
            Self::FatMachO(_) => Format::FatMachO,
            Self::Pe(_) => Format::Pe,
            Self::Wasm(_) => Format::Wasm,
            Self::Archive(_) => Format::Archive,
        }
    }

    /// The architectures inside, in the order of the file; none for an archive.
    pub fn architectures(&self) -> Vec<Architecture> {
        match self {
            Self::Elf(facts) => vec![facts.architecture],
            Self::MachO(facts) => vec![facts.architecture],
            Self::FatMachO(facts) => facts.slices.iter().map(|slice| slice.architecture).collect(),
            Self::Pe(facts) => vec![facts.architecture],
            Self::Wasm(_) => vec![Architecture::Wasm32],
            Self::Archive(_) => Vec::new(),
        }
    }

    /// Whether it, or a slice of it, has a signature of whatever worth over its bytes.
    pub fn is_signed(&self) -> bool {
        match self {
            Self::MachO(facts) => facts.signed,
            Self::FatMachO(facts) => facts.slices.iter().any(|slice| slice.facts.is_signed()),
            Self::Pe(facts) => facts.signed,
            Self::Elf(_) | Self::Wasm(_) | Self::Archive(_) => false,
        }
    }

    /// What it is for; none where the format does not say, or where slices differ.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Elf(facts) => Some(facts.kind),
            Self::MachO(facts) => Some(facts.kind),
            Self::FatMachO(facts) => {
                let mut kinds = facts.slices.iter().map(|slice| slice.facts.kind());
                let first = kinds.next()??;
                kinds.all(|kind| kind == Some(first)).then_some(first)
            }
            Self::Pe(facts) => Some(facts.kind),
            Self::Wasm(_) | Self::Archive(_) => None,
        }
    }
}

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

/// Reads the facts of one file.
///
/// # Errors
/// The bytes are of no known format, are cut off, or break the format's rules.
pub fn facts(bytes: &[u8]) -> Result<BinaryFacts, BinaryError> {
    if is_wasm(bytes) {
        return wasm_facts::read(bytes).map(BinaryFacts::Wasm);
    }
    if let Some(format) = cut_before_its_header(bytes) {
        return Err(BinaryError::Truncated { format, what: "the header" });
    }
    match FileKind::parse(bytes).map_err(|_| BinaryError::UnknownFormat)? {
        FileKind::Elf32 | FileKind::Elf64 => elf_facts::read(bytes).map(BinaryFacts::Elf),
        FileKind::MachO32 | FileKind::MachO64 => macho_facts::read(bytes).map(BinaryFacts::MachO),
        FileKind::MachOFat32 | FileKind::MachOFat64 => universal(bytes).map(BinaryFacts::FatMachO),
        FileKind::Pe32 | FileKind::Pe64 => pe_facts::read(bytes).map(BinaryFacts::Pe),
        FileKind::Archive => ar::read(bytes).map(BinaryFacts::Archive),
        _ => Err(BinaryError::UnknownFormat),
    }
}

/// The format of a file that ends inside its own header, if its magic is complete.
fn cut_before_its_header(bytes: &[u8]) -> Option<Format> {
    const ENOUGH: usize = 16;
    if bytes.len() >= ENOUGH {
        return None;
    }
    [
        (Format::Elf, &b"\x7fELF"[..]),
        (Format::MachO, b"\xcf\xfa\xed\xfe"),
        (Format::MachO, b"\xce\xfa\xed\xfe"),
        (Format::FatMachO, b"\xca\xfe\xba\xbe"),
        (Format::FatMachO, b"\xca\xfe\xba\xbf"),
    ]
    .into_iter()
    .find_map(|(format, magic)| bytes.starts_with(magic).then_some(format))
}

fn universal(bytes: &[u8]) -> Result<FatMachOFacts, BinaryError> {
    let cut = |what| BinaryError::Truncated { format: Format::FatMachO, what };
    let entries = table::entries(bytes).map_err(|CutOff| cut("the table of slices"))?;
    // Java class files begin with the same magic.
    let entries = entries.ok_or(BinaryError::UnknownFormat)?;
    // Slices that share bytes would let a small file stand for much.
    let sizes = entries.iter().map(|entry| entry.size);
    if sizes.fold(0_u64, u64::saturating_add) > bytes.len() as u64 {
        return Err(BinaryError::malformed(
            Format::FatMachO,
            "its slices are larger than the file",
        ));
    }
    let slice = |entry: Entry| {
        let content = part(bytes, entry.offset, entry.size).ok_or(cut("a slice"))?;
        let facts = inside(content)?;
        let Entry { cpu, offset, size, align } = entry;
        Ok(Slice { architecture: cpu.architecture(), offset, size, align, facts })
    };
    let slices = entries.into_iter().map(slice).collect::<Result<_, BinaryError>>()?;
    Ok(FatMachOFacts { slices })
}

/// The facts of a slice, which is not any file: a universal file inside itself would never
/// end.
fn inside(slice: &[u8]) -> Result<BinaryFacts, BinaryError> {
    let is_universal = matches!(slice.get(..4), Some(b"\xca\xfe\xba\xbe" | b"\xca\xfe\xba\xbf"));
    match if is_universal { None } else { Some(facts(slice)?) } {
        Some(facts @ (BinaryFacts::MachO(_) | BinaryFacts::Archive(_))) => Ok(facts),
        _ => {
            let what = "a slice is neither Mach-O nor an archive";
            Err(BinaryError::malformed(Format::FatMachO, what))
        }
    }
}
