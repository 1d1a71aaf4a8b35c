//! The container formats that this crate reads, and the kinds of files that they share.

use std::fmt;

use serde::Serialize;

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

/// The kind of a file.
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
    /// An object file, which is not linked yet.
    Relocatable,
    /// A memory image of a process.
    Core,
    /// Debug information without its program (a dSYM).
    DebugSymbols,
    /// Another kind of file: a kernel extension, a dynamic linker, ….
    Other,
}
