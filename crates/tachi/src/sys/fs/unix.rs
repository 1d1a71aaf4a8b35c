//! Files on Unix: permission bits, and links that everybody may make.

use std::fs::{Metadata, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;

use camino::Utf8Path;

pub(super) fn is_executable(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o111 != 0
}

pub(super) fn mode(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o777
}

#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
pub(super) fn set_mode(file: &std::fs::File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

pub(super) fn symlink(target: &Utf8Path, link: &Utf8Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}
