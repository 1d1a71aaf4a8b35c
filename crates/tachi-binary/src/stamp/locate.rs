//! The parts of a file in which a slot may lie.

use std::ops::Range;

use object::read::archive::ArchiveFile;
use object::{FileKind, Object as _, ObjectSection as _};

use crate::bytes::part;
use crate::error::BinaryError;
use crate::format::Format;
use crate::macho::fat::table::slices;
use crate::wasm::sections::is_wasm;

/// The section in ELF and PE, and in Mach-O, where the segment is `__DATA`.
const NAMES: [&str; 2] = [".tachi", "__tachi"];

/// The ranges of a sound file in which slots may lie.
pub(super) fn sections(bytes: &[u8]) -> Result<Vec<Range<usize>>, BinaryError> {
    let mut found = Vec::new();
    if is_wasm(bytes) {
        // The slot lies in the data of a module, which may be inside a component. Sections would
        // not narrow the search: the data section has all of a program's data.
        found.push(0..bytes.len());
        return Ok(found);
    }
    match FileKind::parse(bytes).map_err(|_| BinaryError::UnknownFormat)? {
        FileKind::MachOFat32 | FileKind::MachOFat64 => {
            for (entry, slice) in slices(bytes) {
                let Ok(offset) = usize::try_from(entry.offset) else { continue };
                match FileKind::parse(slice) {
                    Ok(FileKind::Archive) => archive(slice, offset, &mut found)?,
                    _ => file(slice, offset, &mut found),
                }
            }
        }
        FileKind::Archive => archive(bytes, 0, &mut found)?,
        _ => file(bytes, 0, &mut found),
    }
    Ok(found)
}

fn archive(bytes: &[u8], base: usize, found: &mut Vec<Range<usize>>) -> Result<(), BinaryError> {
    let malformed = |error| BinaryError::malformed(Format::Archive, &error);
    for member in ArchiveFile::parse(bytes).map_err(malformed)?.members() {
        let member = member.map_err(malformed)?;
        let (offset, size) = member.file_range();
        // The members of a thin archive are other files.
        if member.is_thin() {
            continue;
        }
        if let (Some(content), Ok(offset)) = (part(bytes, offset, size), usize::try_from(offset)) {
            file(content, base + offset, found);
        }
    }
    Ok(())
}

/// The sections of an ELF, Mach-O or PE file or object; none of another file.
fn file(bytes: &[u8], base: usize, found: &mut Vec<Range<usize>>) {
    let Ok(file) = object::File::parse(bytes) else { return };
    for section in file.sections() {
        let is_ours = section.name().is_ok_and(|name| NAMES.contains(&name));
        let Some((offset, size)) = section.file_range().filter(|_| is_ours) else { continue };
        if part(bytes, offset, size).is_none() {
            continue;
        }
        if let (Ok(offset), Ok(size)) = (usize::try_from(offset), usize::try_from(size)) {
            found.push(base + offset..base + offset + size);
        }
    }
}

#[cfg(test)]
mod tests {
    use object::write::Object;
    use object::{Architecture, BinaryFormat, Endianness, SectionKind};

    use crate::stamp::{self, Stamp, StampError};

    /// An unfilled slot of 1 KiB.
    fn slot() -> Vec<u8> {
        let mut slot = b"\xf1TACHI\xe3STAMP\xb5\r\n\x1a010400000000000000".to_vec();
        slot.resize(1024, b'\n');
        slot
    }

    /// An object file with a slot, and with the same bytes in a section of another name.
    fn object_file(format: BinaryFormat, architecture: Architecture, section: &str) -> Vec<u8> {
        let mut object = Object::new(format, architecture, Endianness::Little);
        for name in [section, "__other"] {
            let id = object.add_section(
                b"__DATA".to_vec(),
                name.as_bytes().to_vec(),
                SectionKind::ReadOnlyData,
            );
            object.append_section_data(id, &slot(), 16);
        }
        object.write().unwrap()
    }

    fn elf() -> Vec<u8> {
        object_file(BinaryFormat::Elf, Architecture::X86_64, ".tachi")
    }

    fn macho(architecture: Architecture) -> Vec<u8> {
        object_file(BinaryFormat::MachO, architecture, "__tachi")
    }

    fn universal(slices: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let count = u32::try_from(slices.len()).unwrap();
        let mut bytes = [0xCAFE_BABE_u32.to_be_bytes(), count.to_be_bytes()].concat();
        let mut offset = 4096_u32;
        for (cpu, slice) in slices {
            let size = u32::try_from(slice.len()).unwrap();
            for word in [*cpu, 0, offset, size, 12] {
                bytes.extend(word.to_be_bytes());
            }
            offset = (offset + size).next_multiple_of(4096);
        }
        for (_, slice) in slices {
            bytes.resize(bytes.len().next_multiple_of(4096), 0);
            bytes.extend(slice);
        }
        bytes
    }

    fn archive(members: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"!<arch>\n".to_vec();
        for (index, member) in members.iter().enumerate() {
            let name = format!("{index}.o/");
            let size = member.len();
            let head = format!("{name:16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644);
            bytes.extend(head.as_bytes());
            bytes.extend(member);
            bytes.resize(bytes.len().next_multiple_of(2), b'\n');
        }
        bytes
    }

    /// A module with one data section, its size in five bytes.
    fn wasm() -> Vec<u8> {
        let content = [&b"\x01\0\x41\0\x0b\x80\x08"[..], &slot()].concat();
        let size = u8::try_from(content.len() >> 7).unwrap();
        let low = u8::try_from(content.len() & 0x7f).unwrap() | 0x80;
        [&b"\0asm\x01\0\0\0\x0b"[..], &[low, size], &content].concat()
    }

    #[test]
    fn every_slot_of_every_format_is_filled_in_place_and_nothing_else_changes() {
        let (x86_64, aarch64) = (macho(Architecture::X86_64), macho(Architecture::Aarch64));
        let pe = object_file(BinaryFormat::Coff, Architecture::X86_64, ".tachi");
        for (name, before, count) in [
            ("ELF", elf(), 1),
            ("Mach-O", x86_64.clone(), 1),
            ("universal", universal(&[(0x0100_0007, x86_64), (0x0100_000c, aarch64)]), 2),
            ("archive", archive(&[elf(), b"text!".to_vec(), pe, elf()]), 3),
            ("wasm", wasm(), 1),
        ] {
            let ranges = stamp::slots(&before).unwrap();
            assert_eq!(ranges.len(), count, "{name}");
            assert_eq!(stamp::read(&before), Ok(Some(Stamp::new())), "{name}");
            let mut values = Stamp::new();
            values.set("git_hash", "0a1b2c3").unwrap();
            let mut after = before.clone();
            let filled = |changed| Ok((count, changed));
            let mut write = |values: &Stamp| {
                stamp::write(&mut after, values).map(|done| (done.slots, done.changed))
            };
            assert_eq!(write(&values), filled(true), "{name}");
            assert_eq!(write(&values), filled(false), "{name}: they are there already");
            assert_eq!(stamp::read(&after), Ok(Some(values)), "{name}");
            assert_eq!(after.len(), before.len(), "{name}");
            let changed = (0..before.len()).filter(|&at| before[at] != after[at]);
            assert!(changed.clone().count() > 0, "{name}");
            for at in changed {
                assert!(ranges.iter().any(|range| range.contains(&at)), "{name}: byte {at}");
            }
            stamp::write(&mut after, &Stamp::new()).unwrap();
            assert_eq!(after, before, "{name}: emptied again it is as it was");
        }
    }

    #[test]
    fn a_file_without_a_slot_is_refused_and_left_as_it_was() {
        let mut bytes = object_file(BinaryFormat::Elf, Architecture::X86_64, ".rodata.tachi");
        let before = bytes.clone();
        assert_eq!(stamp::read(&bytes), Ok(None));
        let refused = stamp::write(&mut bytes, &Stamp::new());
        assert_eq!(refused, Err(StampError::NoSlot { format: crate::Format::Elf }));
        assert_eq!(bytes, before);
    }

    #[test]
    fn slices_with_different_stamps_are_an_error() {
        let mut values = Stamp::new();
        values.set("git_hash", "0a1b2c3").unwrap();
        let mut stamped = macho(Architecture::X86_64);
        stamp::write(&mut stamped, &values).unwrap();
        let plain = macho(Architecture::Aarch64);
        let mut both = universal(&[(0x0100_0007, stamped), (0x0100_000c, plain)]);
        assert_eq!(stamp::read(&both), Err(StampError::Ambiguous));
        stamp::write(&mut both, &values).unwrap();
        assert_eq!(stamp::read(&both), Ok(Some(values)));
    }

    #[test]
    fn values_that_do_not_fit_change_no_slot() {
        let mut values = Stamp::new();
        values.set("git_branch", &"b".repeat(1024)).unwrap();
        let mut bytes = archive(&[elf(), elf()]);
        let before = bytes.clone();
        assert!(matches!(
            stamp::write(&mut bytes, &values),
            Err(StampError::TooLong { needed: 1036, available: 990 })
        ));
        assert_eq!(bytes, before);
    }

    #[test]
    fn damaged_files_never_cause_a_panic() {
        let (elf, fat) = (elf(), universal(&[(7, macho(Architecture::X86_64))]));
        for bytes in [elf, fat, archive(&[wasm()]), wasm()] {
            for at in (0..bytes.len()).step_by(7) {
                let mut changed = bytes.clone();
                changed[at] ^= 0xff;
                let _ = (stamp::read(&changed), stamp::read(&bytes[..at]));
                let _ = stamp::write(&mut changed, &Stamp::new());
            }
        }
    }
}
