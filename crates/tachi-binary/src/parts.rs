//! The parts of a file by name: sections, and the members of archives. A comparison of two files
//! says with them where the files differ.

use std::ops::Range;

use object::read::archive::ArchiveFile;
use object::{FileKind, Object as _, ObjectSection as _, ObjectSymbol as _};

use crate::macho::fat::table::slices;

/// A named part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part's name: `section .rodata`, `x86_64: section __text`, `member foo.o`.
    pub name: String,
    /// The part's place, in bytes from the start of the file; it never ends behind the file.
    pub range: Range<usize>,
    /// The functions and data in the part with their places in the file, sorted; empty if the
    /// file is stripped.
    pub symbols: Vec<(usize, String)>,
}

/// The number of symbols that are read. People look at a few; more would only cost time.
const SYMBOLS: usize = 200_000;

/// The parts of an object file, a universal file or an archive, in their order; empty for other
/// and for damaged files. Headers and tables between the parts are no parts.
pub fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut parts = match FileKind::parse(bytes) {
        Ok(FileKind::MachOFat32 | FileKind::MachOFat64) => slices(bytes)
            .into_iter()
            .flat_map(|(entry, slice)| sections(slice, entry.offset, &format!("{}: ", entry.cpu)))
            .collect(),
        Ok(FileKind::Archive) => members(bytes),
        Ok(_) => sections(bytes, 0, ""),
        Err(_) => Vec::new(),
    };
    parts.retain(|part| part.range.start < part.range.end && part.range.end <= bytes.len());
    parts.sort_by_key(|part| part.range.start);
    parts
}

fn range(start: u64, size: u64) -> Option<Range<usize>> {
    Some(usize::try_from(start).ok()?..usize::try_from(start.checked_add(size)?).ok()?)
}

fn sections(bytes: &[u8], base: u64, prefix: &str) -> Vec<Part> {
    let Ok(file) = object::File::parse(bytes) else { return Vec::new() };
    let mut parts = Vec::new();
    for section in file.sections() {
        let place = section
            .file_range()
            .and_then(|(offset, size)| Some((offset, range(base.checked_add(offset)?, size)?)));
        let (Some((offset, range)), Ok(name)) = (place, section.name()) else { continue };
        let mut symbols: Vec<(usize, String)> = file
            .symbols()
            .take(SYMBOLS)
            .filter(|symbol| symbol.section_index() == Some(section.index()))
            .filter_map(|symbol| {
                let inside = symbol.address().checked_sub(section.address())?;
                let place = base.checked_add(offset)?.checked_add(inside)?;
                let name = symbol.name().ok().filter(|name| !name.is_empty())?;
                Some((usize::try_from(place).ok()?, name.to_owned()))
            })
            .collect();
        symbols.sort();
        parts.push(Part { name: format!("{prefix}section {name}"), range, symbols });
    }
    parts
}

fn members(bytes: &[u8]) -> Vec<Part> {
    let Ok(archive) = ArchiveFile::parse(bytes) else { return Vec::new() };
    let members = archive.members().filter_map(Result::ok);
    let parts = members.filter_map(|member| {
        let (offset, size) = member.file_range();
        let name = format!("member {}", String::from_utf8_lossy(member.name()));
        Some(Part { name, range: range(offset, size)?, symbols: Vec::new() })
    });
    parts.collect()
}

impl Part {
    /// The symbol that has a place in the file.
    pub fn symbol(&self, place: usize) -> Option<&str> {
        let after = self.symbols.partition_point(|(start, _)| *start <= place);
        Some(self.symbols.get(after.checked_sub(1)?)?.1.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_in_the_file_and_symbols_in_their_parts() {
        let program = std::env::current_exe().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a real file: this program")]
        let bytes = std::fs::read(program).unwrap();
        let parts = parts(&bytes);
        let text = parts.iter().find(|part| part.name.ends_with("text")).unwrap();
        let (start, name) = text.symbols.last().unwrap();
        assert!(text.range.contains(start));
        assert_eq!(text.symbol(*start), Some(name.as_str()));
        assert_eq!(text.symbol(0), None);
    }

    #[test]
    fn members_of_archives_are_parts_and_damaged_files_have_none() {
        let archive = b"!<arch>\nfoo/            0           0     0     644     4         `\nbody";
        let found = parts(archive);
        assert_eq!((found[0].name.as_str(), found[0].range.clone()), ("member foo", 68..72));
        assert!(parts(&archive[..70]).is_empty());
        assert!(parts(b"nonsense").is_empty());
    }
}
