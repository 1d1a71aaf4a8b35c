//! Guesses from its content which target a file was made for.

use tachi_binary::{BinaryFacts, ElfFacts, Linkage};

use crate::target::{TargetFacts, catalogue};

/// The first target of the catalogue, in the order in which most people mean them, that the
/// file could be for.
pub fn target(facts: &BinaryFacts) -> Option<&'static TargetFacts> {
    let architecture = facts.architectures().first()?.as_str();
    let rests: &[&str] = match facts {
        BinaryFacts::Elf(elf) => of_elf(elf),
        BinaryFacts::MachO(_) | BinaryFacts::FatMachO(_) => &["apple-darwin"],
        BinaryFacts::Pe(pe) if pe.imports.iter().any(|name| is_mingws(name)) => {
            &["pc-windows-gnu", "pc-windows-gnullvm"]
        }
        BinaryFacts::Pe(_) => &["pc-windows-msvc"],
        BinaryFacts::Wasm(_) => &["wasip1"],
        _ => &[],
    };
    let names = |rest: &&str| {
        let processors = match architecture {
            "x86" => ["i686", ""],
            "arm" => ["armv7", "arm"],
            "riscv64" => ["riscv64gc", ""],
            other => [other, ""],
        };
        processors.map(|processor| format!("{processor}-{rest}"))
    };
    rests.iter().flat_map(names).find_map(|name| catalogue::find(&name))
}

fn of_elf(elf: &ElfFacts) -> &'static [&'static str] {
    let loader = elf.interpreter.as_deref().unwrap_or_default();
    let has = |start: &str| elf.needed.iter().any(|library| library.starts_with(start));
    if loader.contains("ld-elf.so") || has("libthr.so") || has("libc.so.7") {
        &["unknown-freebsd"]
    } else if loader.contains("musl") || has("libc.musl-") || elf.linkage == Linkage::Static {
        &["unknown-linux-musl", "unknown-linux-musleabihf"]
    } else {
        &["unknown-linux-gnu", "unknown-linux-gnueabihf"]
    }
}

/// Whether Microsoft's compilers never use `library`.
fn is_mingws(library: &str) -> bool {
    let name = library.to_ascii_lowercase();
    name == "msvcrt.dll" || name.starts_with("libgcc_s") || name.starts_with("libwinpthread")
}
