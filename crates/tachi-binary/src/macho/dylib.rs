//! The libraries that a Mach-O file needs.

use object::macho;
use serde::Serialize;

use crate::version::Version;

/// A library that a Mach-O file needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dylib {
    /// The path at which the loader looks for it: `/usr/lib/libSystem.B.dylib`, `@rpath/…`.
    pub path: String,
    /// The library's version when the file was linked.
    pub current_version: Version,
    /// The oldest version of the library with which the file works.
    pub compatibility_version: Version,
    /// How the file uses it.
    pub usage: DylibUse,
}

/// How a Mach-O file uses a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DylibUse {
    /// The file does not load without it.
    Required,
    /// It may be missing.
    Weak,
    /// The file passes its symbols on as its own.
    Reexported,
    /// It is loaded at the first call.
    Lazy,
    /// It depends on this file, too.
    Upward,
}

impl DylibUse {
    /// The use that a load command describes.
    pub(crate) fn of(command: macho::LoadCommandType) -> Self {
        match command {
            macho::LC_LOAD_WEAK_DYLIB => Self::Weak,
            macho::LC_REEXPORT_DYLIB => Self::Reexported,
            macho::LC_LAZY_LOAD_DYLIB => Self::Lazy,
            macho::LC_LOAD_UPWARD_DYLIB => Self::Upward,
            _ => Self::Required,
        }
    }
}

/// A version as Mach-O packs it: 16 bits, then twice 8.
pub(crate) fn version(packed: macho::Version) -> Version {
    Version::new(packed.major().into(), packed.minor().into(), packed.update().into())
}
