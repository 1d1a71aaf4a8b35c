//! A lock that two Tachis on one machine agree on; the system releases it when its holder
//! ends, however it ends.

use std::fs::TryLockError;
use std::time::Duration;

use camino::Utf8Path;

use super::error::SysError;
use super::fs;
use super::interrupt::Interrupt;

/// What fails where a file system has no locks: the action of a [`SysError::File`].
pub const LOCK: &str = "lock";

/// How often a waiting process looks again.
const POLL: Duration = Duration::from_millis(100);

/// Held until dropped.
#[derive(Debug)]
#[expect(clippy::disallowed_types, reason = "the one home of locked files")]
pub struct FileLock(#[expect(dead_code, reason = "holds the lock by being open")] std::fs::File);

/// Waits for the lock file `path`, created if needed. `on_wait` is called once if another
/// process holds it.
///
/// # Errors
/// The file cannot be opened or locked, or the user interrupted.
#[expect(clippy::disallowed_types, reason = "the one home of locked files")]
pub fn exclusive(
    path: &Utf8Path,
    interrupt: &Interrupt,
    on_wait: &mut dyn FnMut(),
) -> Result<FileLock, SysError> {
    wait(path, open(path)?, std::fs::File::try_lock, interrupt, on_wait)
}

/// As [`exclusive`], but any number of processes may hold it so at the same time.
///
/// # Errors
/// The file cannot be opened or locked, or the user interrupted.
#[expect(clippy::disallowed_types, reason = "the one home of locked files")]
pub fn shared(path: &Utf8Path, interrupt: &Interrupt) -> Result<FileLock, SysError> {
    // A lock file that somebody else may write to, and this process only read, is as good.
    let file = open(path).or_else(|error| fs::open(path).map_err(|_| error))?;
    wait(path, file, std::fs::File::try_lock_shared, interrupt, &mut || {})
}

/// The lock, if nobody holds it.
///
/// # Errors
/// The file cannot be opened or locked.
pub fn try_exclusive(path: &Utf8Path) -> Result<Option<FileLock>, SysError> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(FileLock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(SysError::file(LOCK, path)(error)),
    }
}

#[expect(clippy::disallowed_types, reason = "the one home of locked files")]
fn open(path: &Utf8Path) -> Result<std::fs::File, SysError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    std::fs::File::options()
        .create(true)
        .truncate(false)
        // NFS gives a shared lock only to who can read the file, and an exclusive one only to who
        // can write it.
        .read(true)
        .write(true)
        .open(path)
        .map_err(SysError::file("open the lock file", path))
}

#[expect(clippy::disallowed_types, reason = "the one home of locked files")]
fn wait(
    path: &Utf8Path,
    file: std::fs::File,
    try_lock: fn(&std::fs::File) -> Result<(), TryLockError>,
    interrupt: &Interrupt,
    on_wait: &mut dyn FnMut(),
) -> Result<FileLock, SysError> {
    let mut told = false;
    loop {
        interrupt.check()?;
        match try_lock(&file) {
            Ok(()) => return Ok(FileLock(file)),
            Err(TryLockError::Error(error)) => return Err(SysError::file(LOCK, path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        if !std::mem::replace(&mut told, true) {
            on_wait();
        }
        interrupt.pause(POLL)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_waits_for_the_first_and_can_be_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap().join("a/lock");
        let first =
            exclusive(&path, &Interrupt::default(), &mut || panic!("nobody holds it")).unwrap();
        let interrupt = Interrupt::default();
        let second = exclusive(&path, &interrupt, &mut || interrupt.raise());
        assert!(matches!(second, Err(SysError::Interrupted)));
        drop(first);
        exclusive(&path, &Interrupt::default(), &mut || panic!("nobody holds it")).unwrap();
    }
}
