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

mod architecture;
mod archive;
mod budget;
mod bytes;
mod cpu;
pub mod dependencies;
mod elf;
mod elf_dynamic;
mod elf_hardening;
mod elf_imports;
mod elf_notes;
mod elf_versions;
mod encoding;
mod error;
mod facts;
pub mod leaks;
mod macho;
mod macho_commands;
mod macho_duplicates;
mod macho_fat;
mod macho_imports;
pub mod parts;
mod pe;
mod pe_hardening;
mod pe_imports;
pub mod signature;
pub mod stamp;
pub mod strip;
pub mod universal;
mod version;
mod wasm;
mod wasm_sections;

pub use architecture::{Architecture, Endianness};
pub use archive::ArchiveFacts;
pub use cpu::{Cpu, UnknownCpu};
pub use elf::{ElfFacts, Linkage};
pub use elf_hardening::{ElfHardening, Relro};
pub use elf_imports::ElfImport;
pub use elf_versions::{SymbolVersion, VersionFloors, VersionNeed};
pub use error::BinaryError;
pub use facts::{BinaryFacts, Format, Kind, facts};
pub use macho::{Dylib, DylibUse, MachOFacts};
pub use macho_fat::{FatMachOFacts, Slice};
pub use macho_imports::MachOImport;
pub use pe::PeFacts;
pub use pe_hardening::PeHardening;
pub use pe_imports::PeImport;
pub use version::{InvalidVersion, Version};
pub use wasm::{WasmFacts, WasmKind};
pub use wasm_sections::WasmImport;
