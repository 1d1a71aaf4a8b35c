//! Bringing what a kit lacks: zig, a standard library, Microsoft's SDK. Everything is made beside its
//! place, checked, and moved there in one step; a killed run leaves nothing that the next
//! one would use.

use camino::Utf8Path;

use crate::cache::CacheRoot;
use crate::sys::env::Environment;
use crate::sys::error::SysError;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, fs, lock, run};

pub mod microsoft;
pub mod pip;
pub mod std;
mod xwin;
pub mod zig;

/// What provisioning has to tell while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// What is being done, and why; one sentence.
    Doing(String),
    /// A line that a program said.
    Said(String),
}

/// What provisioning works with.
pub struct Provision<'a> {
    pub environment: &'a Environment,
    /// Tachi's cache folder.
    pub cache: &'a CacheRoot,
    /// Fetch nothing.
    pub offline: bool,
    /// The user's wish to stop.
    pub interrupt: &'a Interrupt,
    /// Hears what is going on.
    pub notice: &'a mut dyn FnMut(Notice),
}

impl Provision<'_> {
    pub(super) fn doing(&mut self, what: impl Into<String>) {
        (self.notice)(Notice::Doing(what.into()));
    }

    /// Runs `command`, passing on what it says. That it fails is not the outer error.
    fn follow(&mut self, command: &Command) -> Result<Result<(), SysError>, SysError> {
        let mut stderr = String::new();
        let exit = run::stream(command, self.interrupt, &mut |line| {
            if line.stream == run::Stream::Stderr {
                stderr.push_str(&line.text);
                stderr.push('\n');
            }
            (self.notice)(Notice::Said(line.text));
        })?;
        if exit.success() {
            return Ok(Ok(()));
        }
        let command = Box::new(command.clone());
        Ok(Err(SysError::Failed { command, status: exit.status, stderr }))
    }

    /// Takes the lock of `folder` and removes what killed runs left in it: files and folders. Nobody
    /// may write into such a folder without this lock, or a running neighbour's half is removed.
    pub(super) fn enter(&mut self, folder: &Utf8Path) -> Result<lock::FileLock, SysError> {
        let notice = &mut *self.notice;
        let mut wait =
            || notice(Notice::Doing(format!("waiting for another Tachi that works in {folder}")));
        let lock = lock::exclusive(&folder.join(".lock"), self.interrupt, &mut wait)?;
        for left in fs::list(folder)? {
            if fs::is_temporary(&left) {
                fs::remove(&left)?;
            }
        }
        Ok(lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_removed_be_it_a_file_or_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let (environment, interrupt) = (Environment::new([], root), Interrupt::default());
        let cache = CacheRoot::new(root);
        let mut provision = Provision {
            environment: &environment,
            cache: &cache,
            offline: true,
            interrupt: &interrupt,
            notice: &mut |notice| panic!("{notice:?}"),
        };
        let folder = root.join("folder");
        let left = |name: &str| folder.join(format!("{}{name}", fs::TEMPORARY_PREFIX));
        fs::write_atomic(&left("file"), b"half").unwrap();
        fs::write_atomic(&left("folder").join("file"), b"half").unwrap();
        fs::write_atomic(&folder.join("whole"), b"whole").unwrap();
        let lock = provision.enter(&folder).unwrap();
        assert_eq!(fs::list(&folder).unwrap(), [".lock", "whole"].map(|name| folder.join(name)));
        drop(lock);
        provision.enter(&folder).unwrap();
    }
}
