//! Mach-O's processors: two numbers, and the names that `lipo` and `ld` use for them.

use std::fmt;
use std::str::FromStr;

use object::macho;

use crate::architecture::Architecture;

/// The bits of `cpusubtype` that describe capabilities and not the processor:
/// `CPU_SUBTYPE_MASK` of
/// [mach/machine.h](https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/mach/machine.h).
const CAPABILITIES: u32 = 0xff00_0000;

/// The names of processors, the most used first. A processor with two names is printed under
/// the first.
const NAMES: &[(&str, u32, u32)] = &[
    ("arm64", macho::CPU_TYPE_ARM64.0, 0),
    ("aarch64", macho::CPU_TYPE_ARM64.0, 0),
    ("x86_64", macho::CPU_TYPE_X86_64.0, 3),
    ("arm64e", macho::CPU_TYPE_ARM64.0, 2),
    ("arm64v8", macho::CPU_TYPE_ARM64.0, 1),
    ("x86_64h", macho::CPU_TYPE_X86_64.0, 8),
    ("arm64_32", macho::CPU_TYPE_ARM64_32.0, 1),
    ("i386", macho::CPU_TYPE_X86.0, 3),
    ("i686", macho::CPU_TYPE_X86.0, 3),
    ("armv4t", macho::CPU_TYPE_ARM.0, 5),
    ("armv5", macho::CPU_TYPE_ARM.0, 7),
    ("armv6", macho::CPU_TYPE_ARM.0, 6),
    ("armv6m", macho::CPU_TYPE_ARM.0, 14),
    ("armv7", macho::CPU_TYPE_ARM.0, 9),
    ("armv7s", macho::CPU_TYPE_ARM.0, 11),
    ("armv7k", macho::CPU_TYPE_ARM.0, 12),
    ("armv7m", macho::CPU_TYPE_ARM.0, 15),
    ("armv7em", macho::CPU_TYPE_ARM.0, 16),
    ("ppc", macho::CPU_TYPE_POWERPC.0, 0),
    ("ppc64", macho::CPU_TYPE_POWERPC64.0, 0),
];

/// A processor as Mach-O headers name it.
///
/// ```
/// use tachi_binary::Cpu;
/// let cpu: Cpu = "arm64".parse().unwrap();
/// assert_eq!(cpu, Cpu { kind: 0x0100_000c, subtype: 0 });
/// assert_eq!(cpu.to_string(), "arm64");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cpu {
    /// The family: `cputype`, `CPU_TYPE_…` in `mach/machine.h`.
    pub kind: u32,
    /// The variant and the capabilities: `cpusubtype`.
    pub subtype: u32,
}

impl Cpu {
    /// Whether both are the same processor; capabilities do not count.
    pub fn is_same(self, other: Self) -> bool {
        self.kind == other.kind && self.variant() == other.variant()
    }

    /// The family under rustc's name.
    pub fn architecture(self) -> Architecture {
        Architecture::of_macho(macho::CpuType(self.kind))
    }

    /// The subtype without the bits for capabilities.
    pub(crate) fn variant(self) -> u32 {
        self.subtype & !CAPABILITIES
    }

    /// The unit in which this processor's systems map memory, in bytes: 16 KiB on all of
    /// Apple's ARM systems, else 4 KiB.
    pub(crate) fn page_size(self) -> u64 {
        const LARGE: [macho::CpuType; 3] =
            [macho::CPU_TYPE_ARM, macho::CPU_TYPE_ARM64, macho::CPU_TYPE_ARM64_32];
        if LARGE.contains(&macho::CpuType(self.kind)) { 0x4000 } else { 0x1000 }
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = NAMES
            .iter()
            .find(|(_, kind, subtype)| self.is_same(Self { kind: *kind, subtype: *subtype }));
        match named {
            Some((name, ..)) => f.pad(name),
            None => f.pad(&format!("cpu {}/{}", self.kind, self.variant())),
        }
    }
}

/// No processor has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no architecture of Mach-O; the usual ones are arm64 and x86_64")]
pub struct UnknownCpu(String);

impl FromStr for Cpu {
    type Err = UnknownCpu;

    fn from_str(text: &str) -> Result<Self, UnknownCpu> {
        let found = NAMES.iter().find(|(name, ..)| *name == text);
        let (_, kind, subtype) = found.ok_or_else(|| UnknownCpu(text.to_owned()))?;
        Ok(Self { kind: *kind, subtype: *subtype })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_processors_and_back() {
        for (name, printed) in [
            ("arm64", "arm64"),
            ("aarch64", "arm64"),
            ("x86_64", "x86_64"),
            ("arm64e", "arm64e"),
            ("armv7k", "armv7k"),
        ] {
            assert_eq!(name.parse::<Cpu>().unwrap().to_string(), printed);
        }
        assert!("amd64".parse::<Cpu>().unwrap_err().to_string().contains("`amd64`"));
    }

    #[test]
    fn capabilities_do_not_make_another_processor() {
        let plain: Cpu = "x86_64".parse().unwrap();
        let lib64 = Cpu { subtype: 0x8000_0003, ..plain };
        assert!(plain.is_same(lib64));
        assert_eq!(lib64.to_string(), "x86_64");
        assert!(!plain.is_same("x86_64h".parse().unwrap()));
        assert_eq!(Cpu { kind: 99, subtype: 7 }.to_string(), "cpu 99/7");
    }
}
