//! Import libraries from definitions. Pure.

use std::io::{self, Cursor};

use ar_archive_writer::{COFFShortExport, MachineTypes, write_import_library};

use super::definition::Definition;

/// The processors that there are import libraries for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// x86-64.
    X64,
    /// 64-bit Arm.
    Arm64,
}

impl Machine {
    /// LLVM's and zig's name, which names folders, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::X64 => "x86_64",
            Self::Arm64 => "aarch64",
        }
    }
}

/// The bytes of the import library for `definition`.
///
/// # Errors
/// The definition cannot be expressed.
pub fn write(definition: &Definition, machine: Machine) -> io::Result<Vec<u8>> {
    let exports: Vec<COFFShortExport> = definition
        .exports
        .iter()
        .map(|export| COFFShortExport {
            name: export.name.clone(),
            ext_name: None,
            symbol_name: None,
            import_name: export.imported_as.clone(),
            export_as: None,
            ordinal: 0,
            noname: false,
            data: export.is_data,
            private: false,
            constant: false,
        })
        .collect();
    let machine = match machine {
        Machine::X64 => MachineTypes::AMD64,
        Machine::Arm64 => MachineTypes::ARM64,
    };
    let mut bytes = Cursor::new(Vec::new());
    write_import_library(&mut bytes, &definition.library, &exports, machine, false, false, &[])?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::windows::definition;

    #[test]
    fn each_export_can_be_linked_to() {
        let definition = definition::parse("LIBRARY k.dll\nEXPORTS\nf\ng == f\nd DATA\n", "k");
        for machine in [Machine::X64, Machine::Arm64] {
            let bytes = write(&definition, machine).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.starts_with("!<arch>\n"));
            for name in ["__imp_f", "__imp_g", "__imp_d", "k.dll"] {
                assert!(text.contains(name), "{name} in {machine:?}");
            }
        }
    }
}
