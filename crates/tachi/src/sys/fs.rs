//! Files: every error names the path, every write is atomic, every listing is sorted.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io::{Read, Write};
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::SysError;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// The beginning of the names of unfinished files and folders. Cleaning up knows by it what a
/// killed run has left behind.
pub const TEMPORARY_PREFIX: &str = ".tachi-tmp-";

/// What identifies an unchanged file cheaply: its length and modification time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    /// Length in bytes.
    pub len: u64,
    /// Modification time in nanoseconds since the epoch.
    pub modified_ns: u128,
}

/// Whether `path` is a regular file that may be executed.
pub fn is_executable(path: &Utf8Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && system::is_executable(&metadata))
}

/// The permission bits of a file: for reading, writing and executing, of its owner, its group
/// and others.
pub fn mode(metadata: &std::fs::Metadata) -> u32 {
    system::mode(metadata)
}

/// Whether `path` is a regular file.
pub fn is_file(path: &Utf8Path) -> bool {
    path.is_file()
}

/// Whether something is there. A broken link is not.
pub fn exists(path: &Utf8Path) -> bool {
    path.exists()
}

/// Length and modification time of a file; none if it is not there.
pub fn state(path: &Utf8Path) -> Option<FileState> {
    let metadata = std::fs::metadata(path).ok()?;
    let modified = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(FileState { len: metadata.len(), modified_ns: modified.as_nanos() })
}

/// # Errors
/// The file cannot be read.
#[expect(clippy::disallowed_methods, reason = "the one home of reading files")]
pub fn read(path: &Utf8Path) -> Result<Vec<u8>, SysError> {
    std::fs::read(path).map_err(SysError::file("read", path))
}

/// # Errors
/// The file cannot be read, or it is not UTF-8.
#[expect(clippy::disallowed_methods, reason = "the one home of reading files")]
pub fn read_to_string(path: &Utf8Path) -> Result<String, SysError> {
    std::fs::read_to_string(path).map_err(SysError::file("read", path))
}

/// The file's text, or none if there is no such file.
///
/// # Errors
/// The file is there and cannot be read.
pub fn read_if_exists(path: &Utf8Path) -> Result<Option<String>, SysError> {
    match read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(SysError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Opens a file to be read as a stream.
///
/// # Errors
/// The file cannot be opened.
#[expect(clippy::disallowed_types, reason = "the one home of opening files")]
pub fn open(path: &Utf8Path) -> Result<std::fs::File, SysError> {
    std::fs::File::open(path).map_err(SysError::file("read", path))
}

/// Creates a folder and those above it.
///
/// # Errors
/// It cannot be created.
#[expect(clippy::disallowed_methods, reason = "the one home of creating folders")]
pub fn create_dir_all(path: &Utf8Path) -> Result<(), SysError> {
    std::fs::create_dir_all(path).map_err(SysError::file("create the folder", path))
}

/// The entries of a folder, sorted by name.
///
/// # Errors
/// The folder cannot be read.
#[expect(clippy::disallowed_methods, reason = "the one home of listing folders")]
pub fn list(path: &Utf8Path) -> Result<Vec<Utf8PathBuf>, SysError> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(SysError::file("list", path))? {
        let entry = entry.map_err(SysError::file("list", path))?;
        entries.push(
            Utf8PathBuf::from_path_buf(entry.path()).map_err(|path| SysError::NotUtf8 { path })?,
        );
    }
    entries.sort();
    Ok(entries)
}

/// Removes a file if it is there.
///
/// # Errors
/// It is there and cannot be removed.
#[expect(clippy::disallowed_methods, reason = "the one home of removing files")]
pub fn remove_file(path: &Utf8Path) -> Result<(), SysError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(SysError::file("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Errors
/// It is there and cannot be removed.
#[expect(clippy::disallowed_methods, reason = "the one home of removing folders")]
pub fn remove_dir_all(path: &Utf8Path) -> Result<(), SysError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(SysError::file("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes a file, a link or a folder with all that is in it, if it is there.
///
/// # Errors
/// It is there and cannot be removed.
pub fn remove(path: &Utf8Path) -> Result<(), SysError> {
    if path.is_dir() && !path.is_symlink() { remove_dir_all(path) } else { remove_file(path) }
}

/// Whether the name says that a file or folder is unfinished.
pub fn is_temporary(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|name| name.starts_with(TEMPORARY_PREFIX))
}

/// Moves a finished folder or file into its place in one step (same file system).
///
/// # Errors
/// It cannot be moved.
#[expect(clippy::disallowed_methods, reason = "the one home of renaming")]
pub fn rename(from: &Utf8Path, to: &Utf8Path) -> Result<(), SysError> {
    std::fs::rename(from, to).map_err(SysError::file("move a finished file to", to))
}

/// Writes a file so that readers and a killed run see the old bytes or the new ones,
/// never a part: a temporary file beside it, flushed to disk, then renamed. Folders above
/// are created.
///
/// # Errors
/// Any of these steps fails; the old file is then untouched.
pub fn write_atomic(path: &Utf8Path, bytes: &[u8]) -> Result<(), SysError> {
    write_atomic_with(path, 0o644, |file| {
        file.write_all(bytes).map_err(SysError::file("write", path))
    })
}

/// As [`write_atomic`], with the bytes coming from `fill` and with Unix permission bits.
///
/// # Errors
/// `fill` fails, or a step of writing does; the old file is then untouched.
#[expect(clippy::disallowed_types, reason = "the one home of writing files")]
pub fn write_atomic_with<E: From<SysError>>(
    path: &Utf8Path,
    mode: u32,
    fill: impl FnOnce(&mut std::fs::File) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempfile_in(folder)
        .map_err(SysError::file("create a temporary file in", folder))?;
    fill(temporary.as_file_mut())?;
    system::set_mode(temporary.as_file(), mode)
        .map_err(SysError::file("set the permissions of", path))?;
    temporary.as_file().sync_all().map_err(SysError::file("write", path))?;
    put(temporary.into_temp_path(), path).map_err(SysError::file("write", path))?;
    Ok(())
}

/// Moves a temporary file into its place. What `tempfile` has for that fails on Windows where
/// somebody reads the old file.
#[expect(clippy::disallowed_methods, reason = "the one home of renaming")]
fn put(temporary: tempfile::TempPath, path: &Utf8Path) -> std::io::Result<()> {
    let temporary = temporary.keep()?;
    std::fs::rename(&temporary, path).inspect_err(|_| {
        // The error above says more than this one would.
        let _ = std::fs::remove_file(&temporary);
    })
}

/// Writes a file into a folder that nobody else looks at yet, without flushing it to disk:
/// [`flush`] does so for all of them before the folder is moved into its place.
///
/// # Errors
/// The folder cannot be created, or the file not be written.
#[expect(clippy::disallowed_types, reason = "the one home of writing files")]
pub fn write_new(path: &Utf8Path, mode: u32, content: &mut dyn Read) -> Result<(), SysError> {
    if let Some(folder) = path.parent() {
        create_dir_all(folder)?;
    }
    let mut file = std::fs::File::create_new(path).map_err(SysError::file("write", path))?;
    std::io::copy(content, &mut file).map_err(SysError::file("write", path))?;
    system::set_mode(&file, mode).map_err(SysError::file("set the permissions of", path))
}

/// Waits until the file system that holds `path` has all written files on disk.
///
/// # Errors
/// `path` is not there, or the disk failed.
#[cfg(target_os = "linux")]
pub fn flush(path: &Utf8Path) -> Result<(), SysError> {
    rustix::fs::syncfs(open(path)?).map_err(|error| SysError::file("write", path)(error.into()))
}

/// Does nothing: only Linux can flush one file system.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it is the other systems' twin")]
pub fn flush(_path: &Utf8Path) -> Result<(), SysError> {
    Ok(())
}

/// Copies a file as [`write_atomic`] writes one, with Unix permission bits.
///
/// # Errors
/// The source cannot be read or the target not be written; an old target is then untouched.
pub fn copy_atomic(from: &Utf8Path, to: &Utf8Path, mode: u32) -> Result<(), SysError> {
    let mut source = open(from)?;
    write_atomic_with(to, mode, |file| {
        super::copy::copy(&mut source, u64::MAX, file).map_err(SysError::file("write", to))?;
        Ok(())
    })
}

/// Makes `link` a symbolic link to `target`, unless it is one already.
///
/// # Errors
/// It cannot be made.
pub fn link_to(target: &Utf8Path, link: &Utf8Path) -> Result<(), SysError> {
    if link.read_link_utf8().is_ok_and(|old| old == target) {
        return Ok(());
    }
    create_dir_all(link.parent().unwrap_or(link))?;
    // Moved into place, so that there is one at every moment.
    let folder = temporary_dir_in(link.parent().unwrap_or(link))?;
    let new = utf8(folder.path())?.join("link");
    new_link(target, &new)?;
    rename(&new, link)
}

/// Makes a symbolic link to `target` where nothing is yet.
///
/// # Errors
/// It cannot be made.
pub fn new_link(target: &Utf8Path, link: &Utf8Path) -> Result<(), SysError> {
    system::symlink(target, link).map_err(SysError::file("create the link", link))
}

/// A path as text.
///
/// # Errors
/// It is not UTF-8.
pub fn utf8(path: &std::path::Path) -> Result<&Utf8Path, SysError> {
    Utf8Path::from_path(path).ok_or_else(|| SysError::NotUtf8 { path: path.to_owned() })
}

/// A new, empty folder inside `parent` that is removed when the value is dropped.
///
/// # Errors
/// It cannot be created.
pub fn temporary_dir_in(parent: &Utf8Path) -> Result<tempfile::TempDir, SysError> {
    create_dir_all(parent)?;
    tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempdir_in(parent)
        .map_err(SysError::file("create a temporary folder in", parent))
}

/// A new, empty folder where the system keeps temporary files, removed when the value is
/// dropped.
///
/// # Errors
/// It cannot be created.
pub fn temporary_dir() -> Result<tempfile::TempDir, SysError> {
    let place = Utf8PathBuf::from_path_buf(std::env::temp_dir());
    temporary_dir_in(&place.map_err(|path| SysError::NotUtf8 { path })?)
}

/// SHA-256 of a file, in lower-case hexadecimal, read as a stream.
///
/// # Errors
/// The file cannot be read.
pub fn sha256(path: &Utf8Path) -> Result<String, SysError> {
    use sha2::{Digest, Sha256};
    let mut file = open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(SysError::file("read", path))?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
    }
    Ok(crate::digest::hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        (dir, path)
    }

    #[test]
    fn a_write_that_fails_half_way_leaves_the_old_file_and_no_other() {
        let (_dir, path) = scratch();
        let file = path.join("manifest.json");
        write_atomic(&file, b"old").unwrap();
        let result: Result<(), SysError> = write_atomic_with(&file, 0o644, |out| {
            out.write_all(b"ne").unwrap();
            Err(SysError::Interrupted)
        });
        assert!(matches!(result, Err(SysError::Interrupted)));
        assert_eq!(read(&file).unwrap(), b"old");
        assert_eq!(list(&path).unwrap(), [file]);
    }

    #[test]
    fn a_missing_file_is_named_in_the_error() {
        let error = read(Utf8Path::new("/nowhere/at/all")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot read /nowhere/at/all: No such file or directory (os error 2)"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_utf8_is_shown_with_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let (_dir, path) = scratch();
        std::fs::create_dir(path.as_std_path().join(std::ffi::OsStr::from_bytes(b"a\xff")))
            .unwrap();
        assert_eq!(
            list(&path).unwrap_err().to_string(),
            format!(
                "the path \"{path}/a\\xFF\" is not UTF-8; rename it, or move the project to a path that is"
            )
        );
    }

    #[test]
    fn the_digest_is_that_of_the_standard() {
        let (_dir, path) = scratch();
        let file = path.join("abc");
        write_atomic(&file, b"abc").unwrap();
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&file).unwrap(), expected);
    }
}
