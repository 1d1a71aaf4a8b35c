//! Checks what a file's name says of its content: `tool-linux-arm64` is neither for macOS nor for
//! x86-64.

use tachi_binary::{BinaryFacts, Format};
use tachi_schema::finding::Finding;

use crate::rule;

/// Words for architectures, with rustc's names for them.
const ARCHITECTURES: &[(&str, &str)] = &[
    ("aarch64", "aarch64"),
    ("amd64", "x86_64"),
    ("arm64", "aarch64"),
    ("armhf", "arm"),
    ("armv6", "arm"),
    ("armv7", "arm"),
    ("i386", "x86"),
    ("i586", "x86"),
    ("i686", "x86"),
    ("ia32", "x86"),
    ("riscv64", "riscv64"),
    ("riscv64gc", "riscv64"),
    ("s390x", "s390x"),
    ("wasm32", "wasm32"),
    ("x64", "x86_64"),
    ("x86_64", "x86_64"),
];

/// Words for systems, and the format of their files.
const SYSTEMS: &[(&str, Format)] = &[
    ("apple", Format::MachO),
    ("darwin", Format::MachO),
    ("exe", Format::Pe),
    ("dll", Format::Pe),
    ("dylib", Format::MachO),
    ("freebsd", Format::Elf),
    ("linux", Format::Elf),
    ("macos", Format::MachO),
    ("musl", Format::Elf),
    ("so", Format::Elf),
    ("win32", Format::Pe),
    ("win64", Format::Pe),
    ("windows", Format::Pe),
];

pub(super) fn check(name: &str, facts: &BinaryFacts) -> Option<Finding> {
    let words = words(name);
    let format = match facts.format() {
        Format::FatMachO => Format::MachO,
        // The members of an archive are checked instead.
        Format::Archive => return None,
        other => other,
    };
    let said = |table: &[(&'static str, Format)]| {
        table
            .iter()
            .filter(|(word, _)| words.iter().any(|one| one == word))
            .copied()
            .collect::<Vec<_>>()
    };
    let systems = said(SYSTEMS);
    if let Some((word, _)) =
        systems.first().filter(|_| systems.iter().all(|(_, one)| *one != format))
    {
        return Some(
            rule::MISLEADING_FILE_NAME
                .finding(format!("its name says `{word}`, and it is {format}")),
        );
    }
    let found: Vec<&str> = facts.architectures().iter().map(|one| one.as_str()).collect();
    let architectures: Vec<_> =
        ARCHITECTURES.iter().filter(|(word, _)| words.iter().any(|one| one == word)).collect();
    let (word, _) = architectures
        .first()
        .filter(|_| architectures.iter().all(|(_, one)| !found.contains(one)))?;
    Some(
        rule::MISLEADING_FILE_NAME
            .finding(format!("its name says `{word}`, and it is for {}", found.join(" and "))),
    )
}

/// The words of a file name. `x86_64` and `x86-64` are one.
fn words(name: &str) -> Vec<String> {
    let name = name.to_ascii_lowercase().replace("x86-64", "x86_64").replace("x86_64", "amd64");
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf() -> BinaryFacts {
        let mut bytes = vec![0; 64];
        bytes[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\0");
        // ET_EXEC for x86-64, without program headers.
        for (at, value) in [(16, 2_u8), (18, 62), (20, 1), (52, 64), (54, 56), (58, 64)] {
            bytes[at] = value;
        }
        tachi_binary::facts(&bytes).unwrap()
    }

    #[test]
    fn a_name_with_another_system_or_processor_is_found() {
        let facts = elf();
        for (name, is_wrong) in [
            ("tool", false),
            ("tool-linux-x64", false),
            ("tool-x86_64-unknown-linux-musl", false),
            ("tool_1.0_amd64", false),
            ("libtool.so.1", false),
            ("tool-linux-arm64", true),
            ("tool-aarch64-unknown-linux-gnu", true),
            ("tool-windows", true),
            ("tool.exe", true),
            ("tool-macos-x64", true),
            ("linux-to-windows", false),
            ("darwinism", false),
        ] {
            assert_eq!(check(name, &facts).is_some(), is_wrong, "{name}");
        }
    }
}
