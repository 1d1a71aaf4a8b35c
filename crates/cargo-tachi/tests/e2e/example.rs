//! The example workspace. Its tests share its target folder, since it takes minutes to compile. All
//! of them are below this module, and nextest runs them one after the other.

mod all_targets;
mod linux;
mod readme;
mod rebuild;
mod suites;

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// The example, held by one test at a time: tests look at what is in its target folder. A lock on a
/// file holds between threads, as `cargo test` runs tests, and between nextest's processes.
pub(crate) struct Example {
    folder: PathBuf,
    _lock: File,
}

impl Example {
    /// Waits until no other test uses the example.
    pub(crate) fn hold() -> Self {
        let folder = repository().join("examples/tachikoma");
        std::fs::create_dir_all(folder.join("target")).unwrap();
        let lock = File::create(folder.join("target/tests.lock")).unwrap();
        lock.lock().unwrap();
        Self { folder, _lock: lock }
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }
}
