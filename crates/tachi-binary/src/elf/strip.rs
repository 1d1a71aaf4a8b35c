//! Stripping ELF: the choice of the sections that stay, and the file made of them.
//!
//! What segments cover keeps its bytes, and keeps its place unless there are gaps before it.
//! The sections that are not loaded follow, then the table of sections.

mod mapped;
mod ranges;
mod symbols;

use object::elf;

use crate::bytes::pad;
use crate::elf::image::{HeaderFields, Image, Section, Segment};
use crate::elf::strip::mapped::Mapped;
use crate::elf::strip::symbols::Symbols;
use crate::strings::Table;
use crate::strip::error::StripError;
use crate::strip::mode::Mode;

/// The name of the section that leads to the file with what was stripped.
pub(crate) const DEBUG_LINK: &[u8] = b".gnu_debuglink";
/// Sections that tools read from finished files by name, loaded or not: stamps, and the list
/// of dependencies of `cargo auditable`.
const READ_BY_NAME: [&[u8]; 2] = [b".tachi", b".dep-v0"];
/// `SHT_ARM_ATTRIBUTES`: by this section Debian's loaders for ARM choose the libraries that
/// they can use.
const ARM_ATTRIBUTES: elf::SectionType = elf::SectionType(0x7000_0003);
/// The widest alignment of sections outside segments.
const ALIGN_LIMIT: u64 = 16;

/// The file without what `mode` takes out.
pub(crate) fn strip(bytes: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let file = strippable(bytes)?;
    let plan = Plan::new(&file, mode, None)?;
    let is_idle = plan.kept.len() == file.sections.len();
    let stripped = plan.carry_out(&file)?;
    // New tables of names may be no smaller than the old ones.
    Ok(if is_idle && stripped.len() >= bytes.len() { bytes.to_vec() } else { stripped })
}

/// The parts of a file that stay.
#[derive(Debug)]
pub(crate) struct Plan<'bytes> {
    mapped: Mapped,
    /// The sections that stay, with their indices in the old file.
    kept: Vec<(usize, Section<'bytes>)>,
    /// Old index → new index; none for the sections that go.
    numbers: Vec<Option<u32>>,
    /// The symbols that stay; none if all do.
    symbols: Option<Symbols>,
    /// The content of a new [`DEBUG_LINK`].
    link: Option<Vec<u8>>,
}

impl<'bytes> Plan<'bytes> {
    /// Chooses what stays. With `link`, the file gets a link to another file.
    pub(crate) fn new(
        file: &Image<'bytes>,
        mode: Mode,
        link: Option<Vec<u8>>,
    ) -> Result<Self, StripError> {
        let mapped = Mapped::of(file);
        let appended = appended(file, mapped.old_end());
        if appended > 0 {
            return Err(StripError::Appended(appended));
        }
        let mut stays: Vec<bool> =
            file.sections.iter().map(|one| stays(file, one, mode, &mapped)).collect();
        for (index, section) in file.sections.iter().enumerate() {
            let is_replaced = link.is_some() && section.name == DEBUG_LINK;
            let relocates = usize::try_from(section.info).ok().filter(|_| section.is_relocations());
            let is_orphan = !section.is_loaded()
                && relocates.is_some_and(|target| stays.get(target) == Some(&false));
            if let Some(stays) = stays.get_mut(index) {
                *stays &= index == 0 || index == file.names || !(is_replaced || is_orphan);
            }
        }
        let kept: Vec<_> = (file.sections.iter().copied().enumerate())
            .filter(|(index, _)| stays.get(*index) == Some(&true))
            .collect();
        let mut next = 0..;
        let numbers: Vec<_> =
            stays.iter().map(|stays| if *stays { next.next() } else { None }).collect();
        let symbols = symbols::filtered(file, &numbers, &mapped)?;
        Ok(Self { mapped, kept, numbers, symbols, link })
    }

    /// The stripped file.
    pub(crate) fn carry_out(mut self, file: &Image<'bytes>) -> Result<Vec<u8>, StripError> {
        if self.link.is_some() {
            self.kept.push((file.sections.len(), link_section()));
        }
        let mut names = Table::default();
        self.kept.iter().for_each(|(_, section)| names.add(section.name));
        let names = names.finish().ok_or_else(StripError::too_many_names)?;
        let mut output = self.mapped.bytes(file)?;
        let mut headers = Vec::new();
        // Each byte of the file belongs to one section: else a small file could grow large.
        let mut budget = file.bytes.len();
        for ((old, section), name_offset) in self.kept.iter().zip(names.offsets) {
            let mut section = Section { name_offset, ..*section };
            self.renumber(*old, &mut section);
            let new_content = match &self.symbols {
                _ if *old == file.names => Some(names.bytes.as_slice()),
                _ if *old == file.sections.len() => self.link.as_deref(),
                Some(symbols) => symbols.content(*old),
                None => None,
            };
            let content = match new_content {
                Some(content) => content,
                None if self.mapped.holds(&section) => {
                    let moved = self.mapped.moved(section.offset);
                    section.offset = moved.min(output.len() as u64);
                    section.clear_if_null();
                    headers.push(section);
                    continue;
                }
                None => {
                    let content = section.content(file.bytes).ok_or_else(StripError::outside)?;
                    let overlap = StripError::Malformed("its sections overlap");
                    budget = budget.checked_sub(content.len()).ok_or(overlap)?;
                    content
                }
            };
            pad(&mut output, section.align.clamp(1, ALIGN_LIMIT));
            section.offset = output.len() as u64;
            section.size = content.len() as u64;
            output.extend_from_slice(content);
            headers.push(section);
        }
        let names = self.numbers.get(file.names).copied().flatten().unwrap_or(0);
        append_headers(file, &mut output, &headers, names.into())?;
        Ok(output)
    }

    /// Replaces the numbers of other sections in a header.
    fn renumber(&self, old: usize, section: &mut Section<'_>) {
        let number = |index: u32| {
            let number = usize::try_from(index).ok().and_then(|index| self.numbers.get(index));
            number.copied().flatten().unwrap_or(0)
        };
        section.link = number(section.link);
        if section.is_relocations() || section.flags.contains(elf::SHF_INFO_LINK) {
            section.info = number(section.info);
        }
        if let Some(symbols) = self.symbols.as_ref().filter(|symbols| symbols.table == old) {
            section.info = symbols.locals;
        }
    }
}

/// Reads a file, and refuses one whose headers contradict the places of its parts.
pub(crate) fn strippable(bytes: &[u8]) -> Result<Image<'_>, StripError> {
    let malformed = StripError::Malformed;
    let file = Image::read(bytes).map_err(|_| malformed("a header is cut off"))?;
    // The system reads a table of segments even where its place is said to be zero.
    let count = HeaderFields::of(file.encoding).segment_count();
    if file.segments.is_empty() && file.encoding.u16(bytes, count) != Some(0) {
        return Err(malformed("its table of segments is in its header"));
    }
    let is_outside = |one: &Segment| one.file_size > 0 && one.content(bytes).is_none();
    if file.segments.iter().any(is_outside) {
        return Err(malformed("a segment lies outside the file"));
    }
    if file.sections.iter().any(|one| one.content(bytes).is_none() && one.file_size() > 0) {
        return Err(StripError::outside());
    }
    if file.sections.is_empty() {
        let none = "it has no table of sections; there is nothing left to strip";
        return Err(StripError::Unsupported(none.to_owned()));
    }
    if file.sections.len() >= usize::from(elf::SHN_LORESERVE) {
        let many = "it has more sections than its header can count";
        return Err(StripError::Unsupported(many.to_owned()));
    }
    if file.sections.get(file.names).is_none_or(|names| names.kind != elf::SHT_STRTAB) {
        return Err(malformed("its sections have no names"));
    }
    if !file.has_names {
        return Err(StripError::no_name());
    }
    Ok(file)
}

/// The number of bytes behind everything that the headers describe; segments end at
/// `image_end`.
fn appended(file: &Image<'_>, image_end: u64) -> u64 {
    let ends = file.sections.iter().map(|one| one.offset.saturating_add(one.file_size()));
    let end = ends.max().unwrap_or(0).max(image_end).max(file.table_end);
    (file.bytes.len() as u64).saturating_sub(end)
}

/// Whether a section stays, whatever other sections do.
fn stays(file: &Image<'_>, section: &Section<'_>, mode: Mode, mapped: &Mapped) -> bool {
    if mode != Mode::Symbols {
        return mode == Mode::None || !section.is_debug();
    }
    let is_arm = file.machine == elf::EM_ARM;
    section.kind == elf::SHT_NULL
        || section.is_loaded()
        || (section.file_size() > 0 && mapped.holds(section))
        || file.sections.get(file.names).is_some_and(|names| names == section)
        || READ_BY_NAME.contains(&section.name)
        // Linkers print these sections when something is linked against the library.
        || section.name.starts_with(b".gnu.warning")
        || (is_arm && section.kind == ARM_ATTRIBUTES)
}

/// A header for the new link. The place and the size of its content are set when it is
/// written.
fn link_section() -> Section<'static> {
    Section {
        name: DEBUG_LINK,
        name_offset: 0,
        kind: elf::SHT_PROGBITS,
        flags: elf::SectionFlags(0),
        address: 0,
        offset: 0,
        size: 0,
        link: 0,
        info: 0,
        align: 4,
        entry_size: 0,
    }
}

/// Appends the table of sections and writes its place into the file's header.
pub(crate) fn append_headers(
    file: &Image<'_>,
    output: &mut Vec<u8>,
    headers: &[Section<'_>],
    names: u64,
) -> Result<(), StripError> {
    let encoding = file.encoding;
    let fields = HeaderFields::of(encoding);
    pad(output, encoding.word_size() as u64);
    let start = output.len() as u64;
    let written = headers.iter().try_for_each(|header| header.write(encoding, output));
    let patched = written.and_then(|()| {
        encoding.put_word(output, fields.sections_offset, start)?;
        encoding.put_u16(output, fields.section_count(), headers.len() as u64)?;
        encoding.put_u16(output, fields.names_index(), names)
    });
    patched.ok_or(StripError::Malformed("a number does not fit its field"))
}
