//! When something was used last, which is what its modification time says in a cache: nothing else
//! asks for that of a folder that is finished. And how much room things take.

use std::path::Path;
use std::time::{Duration, SystemTime};

use camino::Utf8Path;

use super::error::SysError;

/// What a file or folder takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Files, links among them.
    pub files: u64,
    /// The bytes of all files.
    pub bytes: u64,
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
    }
}

/// Notes that `path` is used now. Where that cannot be noted, nothing is lost but age.
#[expect(clippy::disallowed_methods, reason = "a time that says when a cache was used")]
pub fn touch(path: &Utf8Path) {
    if let Ok(file) = open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
}

#[cfg(not(windows))]
#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
fn open(path: &Utf8Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// A folder is opened for its times only, with what `CreateFile` wants for folders.
#[cfg(windows)]
#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
fn open(path: &Utf8Path) -> std::io::Result<std::fs::File> {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_WRITE_ATTRIBUTES: u32 = 0x100;
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    std::fs::File::options()
        .access_mode(FILE_WRITE_ATTRIBUTES)
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS)
        .open(path)
}

/// How long ago `path` was used last; nothing if it is not there. What says a time to come was
/// used just now.
pub fn unused_for(path: &Utf8Path) -> Option<Duration> {
    let modified = std::fs::symlink_metadata(path).ok()?.modified().ok()?;
    Some(modified.elapsed().unwrap_or_default())
}

/// What a file, or a folder with all that is in it, takes. Links are not followed.
///
/// # Errors
/// A folder cannot be read.
pub fn size(path: &Utf8Path) -> Result<Size, SysError> {
    let mut size = Size::default();
    measure(path.as_std_path(), &mut size).map_err(SysError::file("measure", path))?;
    Ok(size)
}

#[expect(clippy::disallowed_methods, reason = "names that are not UTF-8 take room, too")]
fn measure(path: &Path, size: &mut Size) -> std::io::Result<()> {
    // Somebody else may remove things meanwhile.
    let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let metadata = match std::fs::symlink_metadata(path) {
        Err(error) if is_gone(&error) => return Ok(()),
        metadata => metadata?,
    };
    if !metadata.is_dir() {
        *size += Size { files: 1, bytes: metadata.len() };
        return Ok(());
    }
    let entries = match std::fs::read_dir(path) {
        Err(error) if is_gone(&error) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        measure(&entry?.path(), size)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fs;
    use super::*;

    #[test]
    fn what_is_touched_was_used_just_now_and_folders_are_measured_without_following_links() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let folder = root.join("folder");
        fs::write_atomic(&folder.join("a/b"), b"four").unwrap();
        fs::write_atomic(&folder.join("c"), b"12").unwrap();
        assert_eq!(size(&folder).unwrap(), Size { files: 2, bytes: 6 });
        assert_eq!(size(&root.join("nothing")).unwrap(), Size::default());
        fs::write_atomic(&root.join("outside/big"), &[0; 1000]).unwrap();
        #[cfg(unix)]
        {
            fs::new_link(&root.join("outside"), &folder.join("link")).unwrap();
            let size = size(&folder).unwrap();
            assert!(size.files == 3 && size.bytes < 1000, "{size:?}");
        }
        let day = Duration::from_hours(24);
        for path in [&folder, &folder.join("c")] {
            open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
            assert!(unused_for(path).unwrap() > day);
            touch(path);
            assert!(unused_for(path).unwrap() < day);
        }
        assert_eq!(unused_for(&root.join("nothing")), None);
    }
}
