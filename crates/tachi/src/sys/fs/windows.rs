//! Files on Windows: no permission bits, and links that know whether they lead to a folder.

use std::fs::Metadata;
use std::io;

use camino::Utf8Path;

/// A name decides what may be executed, and callers know the name.
pub(super) fn is_executable(_metadata: &Metadata) -> bool {
    true
}

/// What files in archives for other systems get.
pub(super) fn mode(_metadata: &Metadata) -> u32 {
    0o755
}

#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(super) fn set_mode(_file: &std::fs::File, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Windows lets administrators and developers make links.
pub(super) fn symlink(target: &Utf8Path, link: &Utf8Path) -> io::Result<()> {
    let leads_to = link.parent().map_or_else(|| target.to_owned(), |folder| folder.join(target));
    if leads_to.is_dir() {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    }
}
