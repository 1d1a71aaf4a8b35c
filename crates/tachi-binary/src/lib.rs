//! Facts read from executables, libraries and objects: bytes in, values out.
//!
//! [`facts`] tells ELF, Mach-O, universal Mach-O, PE, WebAssembly and `ar` archives apart
//! and reports what a release has to know of each. It touches no file and runs no
//! program. Any bytes may be given to it: what is damaged or cut off is an error, never a
//! panic, and the work it does is bounded by the size of the input. [`leaks`] looks for what
//! a file should not tell of where it was built, [`dependencies`] for the list that
//! cargo-auditable embeds.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod ar;
mod architecture;
mod budget;
mod bytes;
pub mod dependencies;
mod elf;
mod encoding;
mod error;
mod facts;
mod format;
pub mod leaks;
mod macho;
pub mod parts;
mod pe;
pub mod stamp;
mod strings;
pub mod strip;
mod version;
mod wasm;

pub use ar::ArchiveFacts;
pub use architecture::{Architecture, Endianness};
pub use elf::facts::{ElfFacts, Linkage};
pub use elf::hardening::{ElfHardening, Relro};
pub use elf::imports::ElfImport;
pub use elf::versions::{SymbolVersion, VersionFloors, VersionNeed};
pub use error::BinaryError;
pub use facts::{BinaryFacts, FatMachOFacts, Slice, facts};
pub use format::{Format, Kind};
pub use macho::cpu::{Cpu, UnknownCpu};
pub use macho::dylib::{Dylib, DylibUse};
pub use macho::facts::MachOFacts;
pub use macho::imports::MachOImport;
pub use macho::{fat as universal, signature};
pub use pe::facts::PeFacts;
pub use pe::hardening::PeHardening;
pub use pe::imports::PeImport;
pub use version::{InvalidVersion, Version};
pub use wasm::facts::{WasmFacts, WasmKind};
pub use wasm::lists::WasmImport;
