//! Recognising the format of a file, and the facts that all formats share.

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

/// The facts of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BinaryFacts {
    /// A file of Linux, Android, the BSDs or most other systems.
    Elf(ElfFacts),
    /// A file of macOS or Apple's other systems, for one architecture.
    MachO(MachOFacts),
    /// A universal file: Mach-O files or archives for several architectures.
    FatMachO(FatMachOFacts),
    /// A file of Windows or UEFI.
    Pe(PeFacts),
    /// A WebAssembly module or component.
    Wasm(WasmFacts),
    /// An `ar` archive: a static library, an import library, an rlib.
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

    /// The architectures that the file is for, in the order of the file; empty for an archive.
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

    /// Whether the file, or a slice of it, has a signature over its bytes. The signature is not
    /// checked.
    pub fn is_signed(&self) -> bool {
        match self {
            Self::MachO(facts) => facts.signed,
            Self::FatMachO(facts) => facts.slices.iter().any(|slice| slice.facts.is_signed()),
            Self::Pe(facts) => facts.signed,
            Self::Elf(_) | Self::Wasm(_) | Self::Archive(_) => false,
        }
    }

    /// Whether the file is a program, a library or something else; none where the format does
    /// not say, or where slices differ.
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

/// The facts of a universal file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FatMachOFacts {
    /// Its slices, in the order of the file.
    pub slices: Vec<Slice>,
}

/// The part of a universal file for one architecture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slice {
    /// The architecture that the universal header states.
    pub architecture: Architecture,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
    /// Its size in bytes.
    pub size: u64,
    /// The alignment of its beginning in the file, as a power of two.
    pub align: u32,
    /// The facts of its content: a Mach-O file or an archive.
    pub facts: BinaryFacts,
}

/// Reads the facts of one file.
///
/// # Errors
/// The bytes have no known format, are cut off, or break the format's rules.
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

/// The facts of a universal file.
fn universal(bytes: &[u8]) -> Result<FatMachOFacts, BinaryError> {
    let cut = |what| BinaryError::Truncated { format: Format::FatMachO, what };
    let entries = table::entries(bytes).map_err(|CutOff| cut("the table of slices"))?;
    // Java class files begin with the same magic.
    let entries = entries.ok_or(BinaryError::UnknownFormat)?;
    // Slices that share bytes would make much of a small file.
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

/// The facts of a slice. A universal file is no slice: inside itself it would never end.
fn inside(slice: &[u8]) -> Result<BinaryFacts, BinaryError> {
    let is_universal = table::entries(slice) != Ok(None);
    let found = if is_universal { None } else { Some(facts(slice)?) };
    if let Some(facts @ (BinaryFacts::MachO(_) | BinaryFacts::Archive(_))) = found {
        return Ok(facts);
    }
    Err(BinaryError::malformed(Format::FatMachO, "a slice is neither Mach-O nor an archive"))
}
