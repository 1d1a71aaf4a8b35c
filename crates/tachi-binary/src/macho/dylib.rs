//! The libraries that a Mach-O file asks for.

use object::macho;
use serde::Serialize;

use crate::version::Version;

/// A library that a Mach-O file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dylib {
    /// Where it is sought: `/usr/lib/libSystem.B.dylib`, `@rpath/…`.
    pub path: String,
    /// Its version when the file was linked.
    pub current_version: Version,
    /// The oldest version that will do.
    pub compatibility_version: Version,
    /// How it is used.
    pub usage: DylibUse,
}

/// How a Mach-O file uses a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DylibUse {
    /// Without it the file does not load.
    Required,
    /// It may be missing.
    Weak,
    /// Its symbols are passed on as the file's own.
    Reexported,
    /// It is loaded when first called.
    Lazy,
    /// It depends on this file in turn.
    Upward,
}

impl DylibUse {
    /// The use that a load command stands for.
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
