//! A Mach-O file as a slice: its processor and its alignment, and whether it is whole.

use std::io::{Read, Seek};

use object::macho;

use crate::macho::commands::Header;
use crate::macho::cpu::Cpu;
use crate::macho::facts::kind_of;
use crate::macho::fat::bytes::bytes_at;
use crate::macho::fat::error::UniversalError;
use crate::macho::fat::slice::{ALIGN_LIMIT, Content, Slice};
use crate::macho::image::{Image, Segment};

/// The longest load commands, in bytes. Those of real files have a few kilobytes.
const COMMANDS_LIMIT: u64 = 16 << 20;

/// Reads the Mach-O file of `size` bytes at `offset`; none if it is not one.
pub(super) fn read<R: Read + Seek>(
    file: &mut R,
    offset: u64,
    size: u64,
) -> Result<Option<Slice>, UniversalError> {
    let start = bytes_at(file, offset, size.min(Header::LIMIT as u64))?;
    let Some(header) = Header::read(&start) else { return Ok(None) };
    if header.commands_end() > size {
        return Err(UniversalError::Truncated { what: "the load commands" });
    }
    if header.commands_end() > COMMANDS_LIMIT {
        return Err(UniversalError::Malformed { what: "its load commands are impossibly long" });
    }
    let bytes = bytes_at(file, offset, header.commands_end())?;
    let Image { segments, .. } =
        Image::read(&bytes).map_err(|what| UniversalError::Malformed { what })?;
    if !segments.iter().all(|one| one.end().is_some_and(|end| end <= size)) {
        return Err(UniversalError::Truncated { what: "a segment" });
    }
    let align = page_align(header.cpu).unwrap_or_else(|| natural_align(header, &segments));
    let content = Content::MachO(kind_of(header.file_type));
    Ok(Some(Slice { cpu: header.cpu, content, offset, size, align }))
}

/// The alignment that a processor's pages need, as a power of two; none if the processor is not
/// known.
fn page_align(cpu: Cpu) -> Option<u32> {
    let known = [
        macho::CPU_TYPE_ARM,
        macho::CPU_TYPE_ARM64,
        macho::CPU_TYPE_ARM64_32,
        macho::CPU_TYPE_X86,
        macho::CPU_TYPE_X86_64,
        macho::CPU_TYPE_POWERPC,
        macho::CPU_TYPE_POWERPC64,
    ];
    known.contains(&macho::CpuType(cpu.kind)).then(|| cpu.page_size().trailing_zeros())
}

/// The alignment for other processors: the least among the segments' addresses or, in an
/// object file, whose segments have no addresses, the greatest among the sections.
fn natural_align(header: Header, segments: &[Segment]) -> u32 {
    let of_segment = |segment: &Segment| {
        if header.file_type != macho::MH_OBJECT {
            return segment.address.trailing_zeros();
        }
        let sections = segment.sections.iter().map(|section| section.align.max(2));
        sections.max().unwrap_or(ALIGN_LIMIT)
    };
    let least = segments.iter().map(of_segment).min().unwrap_or(ALIGN_LIMIT);
    least.clamp(2, ALIGN_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::macho::image::Section;

    #[test]
    fn pages_decide_the_alignment_of_known_processors() {
        for (cpu, align) in
            [("x86_64", 12), ("i386", 12), ("ppc", 12), ("arm64", 14), ("armv7", 14)]
        {
            assert_eq!(page_align(cpu.parse().unwrap()), Some(align), "{cpu}");
        }
        assert_eq!(page_align(Cpu { kind: 24, subtype: 0 }), None);
    }

    #[test]
    fn content_decides_the_alignment_of_others() {
        for (name, file_type, addresses, sections, align) in [
            (
                "the least of the addresses",
                macho::MH_EXECUTE,
                &[0, 0x4000, 0x10_2000][..],
                &[][..],
                13,
            ),
            ("no more than the limit", macho::MH_EXECUTE, &[0, 1 << 20], &[], 15),
            ("no less than four", macho::MH_EXECUTE, &[1], &[], 2),
            ("no segments", macho::MH_EXECUTE, &[], &[], 15),
            ("the greatest of an object's sections", macho::MH_OBJECT, &[0], &[0, 4, 3], 4),
            ("an object's empty segment", macho::MH_OBJECT, &[0], &[], 15),
        ] {
            let mut bytes = b"\xcf\xfa\xed\xfe".to_vec();
            bytes.resize(32, 0);
            let header = Header { file_type, ..Header::read(&bytes).unwrap() };
            let sections: Vec<_> =
                sections.iter().map(|&align| Section { offset: 0, align }).collect();
            let segments: Vec<_> = addresses
                .iter()
                .map(|&address| Segment {
                    at: 0,
                    name: [0; 16],
                    address,
                    memory: 0,
                    offset: 0,
                    size: 0,
                    rights: macho::VmProt(0),
                    sections: sections.clone(),
                })
                .collect();
            assert_eq!(natural_align(header, &segments), align, "{name}");
        }
    }
}
