//! Mach-O: the files of macOS and Apple's other systems.

pub(crate) mod commands;
pub(crate) mod cpu;
pub(crate) mod duplicates;
pub(crate) mod dylib;
pub(crate) mod facts;
pub mod fat;
pub(crate) mod image;
pub(crate) mod imports;
pub(crate) mod linkedit;
pub mod signature;
pub(crate) mod strip;
pub(crate) mod symbols;
