//! ELF's notes: the build id, the oldest kernel, and the protections that cover all of the
//! code.
//!
//! Formats: [Linux Standard Base](https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/noteabitag.html)
//! and [Linux extensions to gABI](https://gitlab.com/x86-psABIs/Linux-ABI).

use object::elf;
use object::read::elf::{FileHeader, Note, NoteIterator};

use crate::architecture::Architecture;
use crate::bytes::hex;
use crate::elf::image::Image;
use crate::version::Version;

type Elf32 = elf::FileHeader32<object::Endianness>;
type Elf64 = elf::FileHeader64<object::Endianness>;

/// The contents of the notes.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) build_id: Option<String>,
    pub(crate) kernel_floor: Option<Version>,
    pub(crate) protections: Protections,
}

/// The protections that cover all of the code (`GNU_PROPERTY_…_FEATURE_1_AND`).
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Protections {
    /// The value of `FEATURE_1_AND`. The meaning of its bits differs by architecture.
    bits: u32,
}

impl Protections {
    pub(crate) fn ibt(self, cpu: Architecture) -> bool {
        is_x86(cpu) && self.bits & 1 != 0
    }

    /// x86's SHSTK, or arm64's GCS.
    pub(crate) fn shadow_stack(self, cpu: Architecture) -> bool {
        (is_x86(cpu) && self.bits & 2 != 0) || (cpu == Architecture::Aarch64 && self.bits & 4 != 0)
    }

    pub(crate) fn bti(self, cpu: Architecture) -> bool {
        cpu == Architecture::Aarch64 && self.bits & 1 != 0
    }

    pub(crate) fn pac(self, cpu: Architecture) -> bool {
        cpu == Architecture::Aarch64 && self.bits & 2 != 0
    }
}

fn is_x86(cpu: Architecture) -> bool {
    matches!(cpu, Architecture::X86 | Architecture::X86_64)
}

/// Reads the notes of all segments. A damaged note ends the reading of its segment and is no
/// error: loaders ignore it, too.
pub(crate) fn read(image: &Image<'_>) -> Notes {
    let mut found = Notes::default();
    let endian = image.endian();
    for segment in image.segments.iter().filter(|segment| segment.kind == elf::PT_NOTE) {
        let Some(content) = segment.content(image.bytes) else { continue };
        if image.encoding.is_64 {
            walk(&mut found, endian, NoteIterator::<Elf64>::new(endian, segment.align, content));
        } else {
            let Ok(align) = u32::try_from(segment.align) else { continue };
            walk(&mut found, endian, NoteIterator::<Elf32>::new(endian, align, content));
        }
    }
    found
}

fn walk<Elf: FileHeader<Endian = object::Endianness>>(
    found: &mut Notes,
    endian: object::Endianness,
    notes: object::read::Result<NoteIterator<'_, Elf>>,
) {
    let Ok(mut notes) = notes else { return };
    while let Ok(Some(note)) = notes.next() {
        if note.name() == elf::ELF_NOTE_GNU {
            take::<Elf>(found, endian, &note);
        }
    }
}

fn take<Elf: FileHeader<Endian = object::Endianness>>(
    found: &mut Notes,
    endian: object::Endianness,
    note: &Note<'_, Elf>,
) {
    match note.n_type(endian) {
        elf::NT_GNU_BUILD_ID if found.build_id.is_none() => {
            found.build_id = Some(hex(note.desc()));
        }
        elf::NT_GNU_ABI_TAG if found.kernel_floor.is_none() => {
            found.kernel_floor = kernel(note.desc(), endian);
        }
        elf::NT_GNU_PROPERTY_TYPE_0 => {
            let Some(mut properties) = note.gnu_properties(endian) else { return };
            while let Ok(Some(property)) = properties.next() {
                let kind = property.pr_type();
                if kind == elf::GNU_PROPERTY_X86_FEATURE_1_AND
                    || kind == elf::GNU_PROPERTY_AARCH64_FEATURE_1_AND
                {
                    found.protections.bits = property.data_u32(endian).unwrap_or(0);
                }
            }
        }
        _ => {}
    }
}

/// The kernel of `NT_GNU_ABI_TAG`: the number of the system (0 is Linux), then three numbers
/// of the version.
fn kernel(note: &[u8], endian: object::Endianness) -> Option<Version> {
    let mut words = note.chunks_exact(4).filter_map(|word| {
        let word = *word.first_chunk()?;
        Some(match endian {
            object::Endianness::Little => u32::from_le_bytes(word),
            object::Endianness::Big => u32::from_be_bytes(word),
        })
    });
    match (words.next()?, words.next()?, words.next()?, words.next()?) {
        (0, major, minor, patch) => Some(Version::new(major, minor, patch)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_kernel_is_that_of_linux() {
        let note = |words: [u32; 4]| words.map(u32::to_le_bytes).concat();
        let little = object::Endianness::Little;
        assert_eq!(kernel(&note([0, 3, 2, 0]), little), Some(Version::new(3, 2, 0)));
        assert_eq!(kernel(&note([1, 3, 2, 0]), little), None, "the Hurd");
        assert_eq!(kernel(&[0; 15], little), None, "cut off");
        let big = [0_u32, 4, 15, 1].map(u32::to_be_bytes).concat();
        assert_eq!(kernel(&big, object::Endianness::Big), Some(Version::new(4, 15, 1)));
    }

    #[test]
    fn the_bits_mean_something_else_on_each_processor() {
        let bits = |bits| Protections { bits };
        let all = |cpu, value: u32| {
            let it = bits(value);
            [it.ibt(cpu), it.shadow_stack(cpu), it.bti(cpu), it.pac(cpu)]
        };
        assert_eq!(all(Architecture::X86_64, 1), [true, false, false, false]);
        assert_eq!(all(Architecture::X86, 2), [false, true, false, false]);
        assert_eq!(all(Architecture::Aarch64, 3), [false, false, true, true]);
        assert_eq!(all(Architecture::Aarch64, 4), [false, true, false, false]);
        assert_eq!(all(Architecture::Riscv64, 7), [false; 4]);
    }
}
