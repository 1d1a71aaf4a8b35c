//! The sections in which leaks lie.

use object::{FileKind, Object as _, ObjectSection as _};

use super::Leak;
use crate::macho::fat::table::slices;
use crate::wasm::sections::is_wasm;

/// Gives leaks the names of their sections.
pub(super) fn name_sections(bytes: &[u8], leaks: &mut [Leak]) {
    if leaks.is_empty() || is_wasm(bytes) {
        return;
    }
    match FileKind::parse(bytes) {
        Ok(FileKind::MachOFat32 | FileKind::MachOFat64) => {
            for (entry, slice) in slices(bytes) {
                file(slice, entry.offset, leaks);
            }
        }
        Ok(_) => file(bytes, 0, leaks),
        Err(_) => {}
    }
}

/// An ELF, Mach-O or PE file or object that begins at `base`.
fn file(bytes: &[u8], base: u64, leaks: &mut [Leak]) {
    let Ok(file) = object::File::parse(bytes) else { return };
    for section in file.sections() {
        let Some((offset, size)) = section.file_range() else { continue };
        let Some(start) = base.checked_add(offset) else { continue };
        let range = start..start.saturating_add(size);
        for leak in leaks.iter_mut().filter(|leak| range.contains(&leak.offset)) {
            leak.section = section.name().ok().map(str::to_owned);
        }
    }
}
