//! What is in the cache: entries, how long nothing has used them, and what they take.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::CacheRoot;
use super::bucket::{Bucket, Depth};
use crate::sys::usage::{self, Size};
use crate::sys::{SysError, fs};

/// Something that is fetched, built or answered as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file or folder.
    pub path: Utf8PathBuf,
    /// How long nothing has used it.
    pub unused_for: Duration,
}

/// What a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The bucket.
    pub bucket: Bucket,
    /// The number of its entries.
    pub entries: usize,
    /// What it takes, with what older Tachis left in it.
    pub size: Size,
    /// How long nothing has used the entry that was used longest ago.
    pub oldest: Option<Duration>,
}

impl CacheRoot {
    /// The entries of a bucket, finished ones only.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn entries(&self, bucket: Bucket) -> Result<Vec<Entry>, SysError> {
        let folder = self.bucket(bucket);
        let paths = match bucket.depth() {
            Depth::Whole if is_empty(&folder)? => Vec::new(),
            Depth::Whole => vec![folder],
            Depth::Folder => list(&folder)?.into_iter().filter(|path| is_entry(path)).collect(),
            Depth::Folders => {
                let mut paths = Vec::new();
                for folder in list(&folder)?.into_iter().filter(|path| is_entry(path)) {
                    paths.extend(list(&folder)?.into_iter().filter(|path| is_entry(path)));
                }
                paths
            }
        };
        let entry = |path: Utf8PathBuf| Some(Entry { unused_for: usage::unused_for(&path)?, path });
        Ok(paths.into_iter().filter_map(entry).collect())
    }

    /// What a bucket holds.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn usage(&self, bucket: Bucket) -> Result<Usage, SysError> {
        let entries = self.entries(bucket)?;
        Ok(Usage {
            bucket,
            entries: entries.len(),
            size: usage::size(&self.all_of(bucket))?,
            oldest: entries.iter().map(|entry| entry.unused_for).max(),
        })
    }

    /// What runs that were killed left in a bucket.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub(super) fn left_overs(&self, bucket: Bucket) -> Result<Vec<Utf8PathBuf>, SysError> {
        let mut folders = vec![self.bucket(bucket)];
        if bucket.depth() == Depth::Folders {
            folders.extend(list(&folders[0])?.into_iter().filter(|path| is_entry(path)));
        }
        // Runners are made where they stay, each in a folder of its own.
        if bucket == Bucket::Runners {
            folders.extend(list(&folders[0])?);
        }
        let mut left = Vec::new();
        for folder in folders {
            left.extend(list(&folder)?.into_iter().filter(|path| fs::is_temporary(path)));
        }
        Ok(left)
    }
}

/// The entries of a folder; none where there is no folder.
pub(super) fn list(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, SysError> {
    match fs::list(folder) {
        // Another Tachi may remove it meanwhile.
        Err(_) if !folder.is_dir() => Ok(Vec::new()),
        listed => listed,
    }
}

fn is_empty(folder: &Utf8Path) -> Result<bool, SysError> {
    Ok(!list(folder)?.iter().any(|path| is_entry(path)))
}

/// Locks and unfinished files begin with a dot, and links belong to what they lie beside.
fn is_entry(path: &Utf8Path) -> bool {
    !path.is_symlink() && path.file_name().is_some_and(|name| !name.starts_with('.'))
}
