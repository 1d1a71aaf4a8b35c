//! The one entrance: which format it is, and the facts all formats share.

use std::fmt;

use object::FileKind;
use object::{elf, macho, pe};
use serde::Serialize;

use crate::architecture::Architecture;
use crate::archive::{self, ArchiveFacts};
use crate::elf::ElfFacts;
use crate::error::BinaryError;
use crate::macho::MachOFacts;
use crate::macho_fat::{self, FatMachOFacts};
use crate::pe::PeFacts;
use crate::wasm::{self, WasmFacts};

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

/// A container format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// [ELF](https://gabi.xinuos.com/).
    Elf,
    /// [Mach-O](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h).
    MachO,
    /// [Universal Mach-O](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/fat.h).
    FatMachO,
    /// [PE](https://learn.microsoft.com/windows/win32/debug/pe-format).
    Pe,
    /// [WebAssembly](https://webassembly.github.io/spec/core/binary/).
    Wasm,
    /// The `ar` format, of System V, BSD or Microsoft.
    Archive,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Elf => "ELF",
            Self::MachO => "Mach-O",
            Self::FatMachO => "universal Mach-O",
            Self::Pe => "PE",
            Self::Wasm => "WebAssembly",
            Self::Archive => "archive",
        })
    }
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A program, position-independent or not.
    Executable,
    /// A shared library: `.so`, `.dylib`, `.dll`, most Node addons.
    SharedLibrary,
    /// A Mach-O bundle: a plug-in that programs can load but not link.
    Bundle,
    /// An object file, to be linked.
    Relocatable,
    /// A memory image of a process.
    Core,
    /// Debug information without its program (dSYM).
    DebugSymbols,
    /// Something else of its format: a kernel extension, a dynamic linker, ….
    Other,
}

/// Reads the facts of one file.
///
/// # Errors
/// The bytes are of no known format, are cut off, or break the format's rules.
pub fn facts(bytes: &[u8]) -> Result<BinaryFacts, BinaryError> {
    if wasm::is_wasm(bytes) {
        return wasm::read(bytes).map(BinaryFacts::Wasm);
    }
    if let Some(format) = cut_before_its_header(bytes) {
        return Err(BinaryError::Truncated { format, what: "the header" });
    }
    match FileKind::parse(bytes).map_err(|_| BinaryError::UnknownFormat)? {
        FileKind::Elf32 => {
            crate::elf::read::<elf::FileHeader32<object::Endianness>>(bytes).map(BinaryFacts::Elf)
        }
        FileKind::Elf64 => {
            crate::elf::read::<elf::FileHeader64<object::Endianness>>(bytes).map(BinaryFacts::Elf)
        }
        FileKind::MachO32 => crate::macho::read::<macho::MachHeader32<object::Endianness>>(bytes)
            .map(BinaryFacts::MachO),
        FileKind::MachO64 => crate::macho::read::<macho::MachHeader64<object::Endianness>>(bytes)
            .map(BinaryFacts::MachO),
        FileKind::MachOFat32 => {
            macho_fat::read::<macho::FatArch32>(bytes).map(BinaryFacts::FatMachO)
        }
        FileKind::MachOFat64 => {
            macho_fat::read::<macho::FatArch64>(bytes).map(BinaryFacts::FatMachO)
        }
        FileKind::Pe32 => crate::pe::read::<pe::ImageNtHeaders32>(bytes).map(BinaryFacts::Pe),
        FileKind::Pe64 => crate::pe::read::<pe::ImageNtHeaders64>(bytes).map(BinaryFacts::Pe),
        FileKind::Archive => archive::read(bytes).map(BinaryFacts::Archive),
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
