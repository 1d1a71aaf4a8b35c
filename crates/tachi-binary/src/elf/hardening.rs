//! The protections of an ELF file against exploits of its own bugs.

use object::elf;
use serde::Serialize;

use crate::architecture::Architecture;
use crate::bytes::name;
use crate::elf::dynamic::Dynamic;
use crate::elf::image::Image;
use crate::elf::imports::ElfImport;
use crate::elf::notes::Protections;
use crate::error::BinaryError;
use crate::format::{Format, Kind};

/// The protections of an ELF file. A protection by the compiler shows in the code that it
/// guards: a file without such code shows none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ElfHardening {
    /// How much of the linking tables is read-only once the program runs.
    pub relro: Relro,
    /// Whether its stack is executable: `PT_GNU_STACK` says so, or is missing on a processor
    /// where its absence means so.
    pub executable_stack: bool,
    /// Whether it imports `__stack_chk_fail` or `__stack_chk_guard`: some functions guard
    /// their return address. A static program may do so without an import.
    pub stack_protector: bool,
    /// Whether it imports a function that checks sizes (`__memcpy_chk`): it was compiled with
    /// `_FORTIFY_SOURCE`.
    pub fortified: bool,
    /// Whether the loader has to write into its code (`DT_TEXTREL`).
    pub text_relocations: bool,
    /// On x86: whether indirect jumps may only land at marked places (IBT).
    pub ibt: bool,
    /// Whether return addresses have a second, protected copy: SHSTK on x86, GCS on arm64.
    pub shadow_stack: bool,
    /// On arm64: whether indirect jumps may only land at marked places (BTI).
    pub bti: bool,
    /// On arm64: whether return addresses are signed (PAC).
    pub pac: bool,
}

/// How much of the linking tables is read-only once the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relro {
    /// None of it.
    #[default]
    None,
    /// All of it but the addresses of functions that the loader looks up at their first call.
    Partial,
    /// All of it: the loader looks up functions at the start (`-z now`), or has none to look
    /// up.
    Full,
}

/// The facts of a file that decide on its protections.
pub(crate) struct Known<'a, 'data> {
    pub(crate) architecture: Architecture,
    pub(crate) kind: Kind,
    pub(crate) dynamic: Option<&'a Dynamic<'data>>,
    pub(crate) imports: &'a [ElfImport],
    pub(crate) protections: Protections,
}

pub(crate) fn read(image: &Image<'_>, known: &Known<'_, '_>) -> ElfHardening {
    let Known { architecture: cpu, protections, dynamic, .. } = *known;
    let is_fortified = |one: &ElfImport| {
        // `__stack_chk_fail` is the stack protector's; programs do not call `__chk_fail`.
        one.symbol.starts_with("__") && one.symbol.ends_with("_chk")
    };
    let is_guard =
        |one: &ElfImport| ["__stack_chk_fail", "__stack_chk_guard"].contains(&one.symbol.as_str());
    ElfHardening {
        relro: relro(image, dynamic),
        executable_stack: executable_stack(image, known),
        stack_protector: known.imports.iter().any(is_guard),
        fortified: known.imports.iter().any(is_fortified),
        text_relocations: dynamic.is_some_and(Dynamic::has_text_relocations),
        ibt: protections.ibt(cpu),
        shadow_stack: protections.shadow_stack(cpu),
        bti: protections.bti(cpu),
        pac: protections.pac(cpu),
    }
}

fn relro(image: &Image<'_>, dynamic: Option<&Dynamic<'_>>) -> Relro {
    if !image.segments.iter().any(|segment| segment.kind == elf::PT_GNU_RELRO) {
        return Relro::None;
    }
    // Without a dynamic section the loader looks nothing up at a first call.
    if dynamic.is_none_or(Dynamic::is_bound_at_start) { Relro::Full } else { Relro::Partial }
}

fn executable_stack(image: &Image<'_>, known: &Known<'_, '_>) -> bool {
    if !matches!(known.kind, Kind::Executable | Kind::SharedLibrary) {
        return false;
    }
    match image.segments.iter().find(|segment| segment.kind == elf::PT_GNU_STACK) {
        Some(stack) => stack.flags.contains(elf::PF_X),
        None => !matches!(
            known.architecture,
            Architecture::Aarch64
                | Architecture::LoongArch64
                | Architecture::PowerPc64
                | Architecture::Wasm32
        ),
    }
}

/// The parts that are writable and executable at once: segments by their number, then
/// sections by their name, or by their number where they have none.
pub(crate) fn writable_executable(image: &Image<'_>) -> Result<Vec<String>, BinaryError> {
    let mut found = Vec::new();
    for (index, segment) in image.segments.iter().enumerate() {
        if segment.kind == elf::PT_LOAD && segment.flags.contains(elf::PF_W | elf::PF_X) {
            found.push(format!("segment {index}"));
        }
    }
    for (index, section) in image.sections.iter().enumerate() {
        if section.flags.contains(elf::SHF_ALLOC | elf::SHF_WRITE | elf::SHF_EXECINSTR) {
            found.push(match section.name {
                [] => format!("section {index}"),
                text => name(text, Format::Elf)?,
            });
        }
    }
    Ok(found)
}
