//! Who is at work in the cache: runs side by side, or one that removes entries, alone.

use super::CacheRoot;
use crate::sys::interrupt::Interrupt;
use crate::sys::lock::{self, FileLock};
use crate::sys::{SysError, fs};

/// As the [specification](https://bford.info/cachedir/) has it: backups leave such folders out.
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # Tachi's cache: all that is in here can be made again.\n\
    # See https://bford.info/cachedir/\n";

/// As long as it is there, nobody removes what a run may be using.
#[derive(Debug)]
pub struct InUse(#[expect(dead_code, reason = "holds the lock")] Option<FileLock>);

/// Nobody else is at work in the cache.
#[derive(Debug)]
pub struct Alone(#[expect(dead_code, reason = "holds the lock")] FileLock);

impl CacheRoot {
    /// Says that a run uses the cache, which is created if it is not there. Who removes entries
    /// keeps others waiting for a moment only. Where nothing can be written or locked, nothing is
    /// held: others who run there are not kept apart, and nothing fails for that.
    ///
    /// # Errors
    /// The user interrupted.
    pub fn hold(&self, interrupt: &Interrupt) -> Result<InUse, SysError> {
        // What cannot be written is no failure before something has to be written.
        let _ = self.mark();
        match lock::shared(&self.lock_file(), interrupt) {
            Ok(lock) => Ok(InUse(Some(lock))),
            Err(error) if error.is_stop() => Err(error),
            Err(_) => Ok(InUse(None)),
        }
    }

    /// Takes the cache for oneself, unless a run uses it.
    ///
    /// # Errors
    /// The lock file cannot be opened or locked.
    pub fn try_alone(&self) -> Result<Option<Alone>, SysError> {
        Ok(lock::try_exclusive(&self.lock_file())?.map(Alone))
    }

    /// Creates the folder, and marks it as one that backups and git leave out.
    fn mark(&self) -> Result<(), SysError> {
        let folder = self.folder();
        let tag = folder.join(TAG);
        if fs::is_file(&tag) {
            return Ok(());
        }
        if !fs::exists(folder) {
            // Not into a folder that was there: a user's repository may begin in it.
            fs::write_atomic(&folder.join(".gitignore"), b"*\n")?;
        }
        fs::write_atomic(&tag, TAG_TEXT.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    #[test]
    fn a_new_cache_is_marked_and_nobody_is_alone_in_one_that_is_used() {
        let dir = tempfile::tempdir().unwrap();
        let root = CacheRoot::new(Utf8Path::from_path(dir.path()).unwrap().join("deep/cache"));
        let first = root.hold(&Interrupt::default()).unwrap();
        let second = root.hold(&Interrupt::default()).unwrap();
        let tag = fs::read_to_string(&root.folder().join(TAG)).unwrap();
        assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"), "{tag}");
        assert_eq!(fs::read_to_string(&root.folder().join(".gitignore")).unwrap(), "*\n");
        assert!(root.try_alone().unwrap().is_none());
        drop(first);
        assert!(root.try_alone().unwrap().is_none());
        drop(second);
        let alone = root.try_alone().unwrap();
        assert!(alone.is_some());
        let interrupt = Interrupt::default();
        interrupt.raise();
        assert!(matches!(root.hold(&interrupt), Err(SysError::Interrupted)));
        drop(alone);
        root.hold(&Interrupt::default()).unwrap();
    }

    #[test]
    fn a_folder_that_was_there_gets_no_file_for_git() {
        let dir = tempfile::tempdir().unwrap();
        let root = CacheRoot::new(Utf8Path::from_path(dir.path()).unwrap());
        root.hold(&Interrupt::default()).unwrap();
        assert!(fs::is_file(&root.folder().join(TAG)));
        assert!(!fs::exists(&root.folder().join(".gitignore")));
    }

    #[test]
    fn a_cache_that_cannot_be_written_stops_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(dir.path()).unwrap().join("file");
        fs::write_atomic(&file, b"").unwrap();
        CacheRoot::new(file.join("cache")).hold(&Interrupt::default()).unwrap();
    }
}
