//! Executables, libraries and objects: bytes in, facts or changed bytes out.
//!
//! [`facts`] recognises ELF, Mach-O, universal Mach-O, PE, WebAssembly and `ar` archives, and
//! reports what a release has to know of each. [`leaks`] finds what a file reveals of the
//! machine that built it, [`dependencies`] reads the list that cargo-auditable embeds, and
//! [`parts`] names the parts of a file. [`strip`], [`signature`], [`universal`] and [`stamp`]
//! change files.
//!
//! The crate touches no file and runs no program. Its functions accept any bytes: a damaged
//! file is an error, never a panic, and the size of the input bounds time and memory.
//!
//! Each format has a folder (`elf`, `macho`, `pe`, `wasm`) with one reader of the format's
//! structure, its `image`, from which facts and changes begin. The modules named above choose
//! by format.
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
