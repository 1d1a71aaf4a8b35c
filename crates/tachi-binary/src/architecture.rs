//! Processor architectures under rustc's names, and the numbers that formats have for them.

use std::fmt;

use object::{elf, macho, pe};
use serde::Serialize;

/// The byte order of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endianness {
    /// The least significant byte comes first.
    Little,
    /// The most significant byte comes first.
    Big,
}

impl From<object::Endianness> for Endianness {
    fn from(endian: object::Endianness) -> Self {
        match endian {
            object::Endianness::Little => Self::Little,
            object::Endianness::Big => Self::Big,
        }
    }
}

impl From<Endianness> for object::Endianness {
    fn from(endian: Endianness) -> Self {
        match endian {
            Endianness::Little => Self::Little,
            Endianness::Big => Self::Big,
        }
    }
}

/// A processor architecture. [`as_str`](Self::as_str) is rustc's `target_arch`, so the two
/// can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "their names are their whole meaning")]
pub enum Architecture {
    Aarch64,
    Arm,
    Arm64Ec,
    Hexagon,
    LoongArch32,
    LoongArch64,
    M68k,
    Mips,
    Mips64,
    PowerPc,
    PowerPc64,
    Riscv32,
    Riscv64,
    S390x,
    Sparc,
    Sparc64,
    Wasm32,
    X86,
    X86_64,
    /// Another architecture, by the format's own number for it.
    Other(u32),
}

impl Architecture {
    /// rustc's `target_arch`, or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aarch64 => "aarch64",
            Self::Arm => "arm",
            Self::Arm64Ec => "arm64ec",
            Self::Hexagon => "hexagon",
            Self::LoongArch32 => "loongarch32",
            Self::LoongArch64 => "loongarch64",
            Self::M68k => "m68k",
            Self::Mips => "mips",
            Self::Mips64 => "mips64",
            Self::PowerPc => "powerpc",
            Self::PowerPc64 => "powerpc64",
            Self::Riscv32 => "riscv32",
            Self::Riscv64 => "riscv64",
            Self::S390x => "s390x",
            Self::Sparc => "sparc",
            Self::Sparc64 => "sparc64",
            Self::Wasm32 => "wasm32",
            Self::X86 => "x86",
            Self::X86_64 => "x86_64",
            Self::Other(_) => "unknown",
        }
    }

    /// The architecture of ELF's `e_machine`. Some machines have one number for 32 and 64 bits.
    pub(crate) fn of_elf(machine: elf::Machine, is_64: bool) -> Self {
        match machine {
            elf::EM_AARCH64 => Self::Aarch64,
            elf::EM_ARM => Self::Arm,
            elf::EM_HEXAGON => Self::Hexagon,
            elf::EM_LOONGARCH if is_64 => Self::LoongArch64,
            elf::EM_LOONGARCH => Self::LoongArch32,
            elf::EM_68K => Self::M68k,
            elf::EM_MIPS if is_64 => Self::Mips64,
            elf::EM_MIPS => Self::Mips,
            elf::EM_PPC => Self::PowerPc,
            elf::EM_PPC64 => Self::PowerPc64,
            elf::EM_RISCV if is_64 => Self::Riscv64,
            elf::EM_RISCV => Self::Riscv32,
            elf::EM_S390 => Self::S390x,
            elf::EM_SPARC | elf::EM_SPARC32PLUS => Self::Sparc,
            elf::EM_SPARCV9 => Self::Sparc64,
            elf::EM_386 => Self::X86,
            elf::EM_X86_64 => Self::X86_64,
            other => Self::Other(other.0.into()),
        }
    }

    /// The architecture of Mach-O's `cputype`.
    pub(crate) fn of_macho(cpu: macho::CpuType) -> Self {
        match cpu {
            macho::CPU_TYPE_ARM64 | macho::CPU_TYPE_ARM64_32 => Self::Aarch64,
            macho::CPU_TYPE_ARM => Self::Arm,
            macho::CPU_TYPE_POWERPC => Self::PowerPc,
            macho::CPU_TYPE_POWERPC64 => Self::PowerPc64,
            macho::CPU_TYPE_X86 => Self::X86,
            macho::CPU_TYPE_X86_64 => Self::X86_64,
            other => Self::Other(other.0),
        }
    }

    /// The architecture of COFF's `Machine`.
    pub(crate) fn of_coff(machine: pe::Machine) -> Self {
        match machine {
            pe::IMAGE_FILE_MACHINE_ARM64 => Self::Aarch64,
            pe::IMAGE_FILE_MACHINE_ARM64EC => Self::Arm64Ec,
            pe::IMAGE_FILE_MACHINE_ARMNT | pe::IMAGE_FILE_MACHINE_ARM => Self::Arm,
            pe::IMAGE_FILE_MACHINE_I386 => Self::X86,
            pe::IMAGE_FILE_MACHINE_AMD64 => Self::X86_64,
            other => Self::Other(other.0.into()),
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(number) => f.pad(&format!("unknown ({number:#x})")),
            known => f.pad(known.as_str()),
        }
    }
}

impl Serialize for Architecture {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
