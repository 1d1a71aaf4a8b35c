//! One architecture's part of a universal file, and what can be in it.

use std::fmt;

use crate::format::Kind;
use crate::macho::cpu::Cpu;

/// The widest alignment that `lipo` gives and takes, as a power of two.
pub(super) const ALIGN_LIMIT: u32 = 15;

/// One architecture's bytes in a file: all of a thin one, or a part of a universal one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The processor that it is for.
    pub cpu: Cpu,
    /// Whether it is a Mach-O file or a static library.
    pub content: Content,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
    /// Its size in bytes.
    pub size: u64,
    /// The alignment of its beginning in a universal file, as a power of two.
    pub align: u32,
}

/// The content of a slice.
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
