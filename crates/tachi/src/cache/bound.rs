//! Keeping a bucket of answers small: those that were used longest ago give way to new ones.

use std::time::Duration;

use super::CacheRoot;
use super::bucket::Bucket;
use crate::sys::{SysError, fs, usage};

/// How much a bucket may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Entries.
    pub entries: usize,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// A file that is written takes less time than this; one that is older was left by a killed run.
const UNFINISHED: Duration = Duration::from_hours(1);

impl CacheRoot {
    /// Removes files from `bucket`, those used longest ago first, until what is left is within
    /// `bound`; the newest stays in any case. To be called after a file was written: one look at a
    /// folder that is never large.
    ///
    /// # Errors
    /// The folder cannot be read, or a file not be removed.
    pub fn keep_within(&self, bucket: Bucket, bound: Bound) -> Result<(), SysError> {
        let mut entries = self.entries(bucket)?;
        entries.sort_by(|one, other| {
            one.unused_for.cmp(&other.unused_for).then_with(|| one.path.cmp(&other.path))
        });
        let mut bytes = 0;
        for (entry, number) in entries.iter().zip(1..) {
            bytes += fs::state(&entry.path).map_or(0, |state| state.len);
            if number > 1 && (number > bound.entries || bytes > bound.bytes) {
                fs::remove_file(&entry.path)?;
            }
        }
        for left in self.left_overs(bucket)? {
            if usage::unused_for(&left).is_some_and(|unused| unused > UNFINISHED) {
                fs::remove(&left)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::{Utf8Path, Utf8PathBuf};

    #[expect(clippy::disallowed_types, reason = "a test sets a time of its own")]
    fn used_at(path: &Utf8Path, seconds: u64) {
        let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn what_was_used_longest_ago_gives_way_by_number_and_by_size() {
        let dir = tempfile::tempdir().unwrap();
        let root = CacheRoot::new(Utf8Path::from_path(dir.path()).unwrap());
        let folder = root.bucket(Bucket::Metadata);
        let left_over = folder.join(format!("{}x", fs::TEMPORARY_PREFIX));
        let others = folder.join(format!("{}y", fs::TEMPORARY_PREFIX));
        for (name, seconds) in [("a", 30), ("b", 10), ("c", 40), ("d", 20)] {
            fs::write_atomic(&folder.join(name), &[0; 100]).unwrap();
            used_at(&folder.join(name), seconds);
        }
        fs::write_atomic(&left_over, b"").unwrap();
        used_at(&left_over, 1);
        fs::write_atomic(&others, b"").unwrap();
        let keep = |entries, bytes| {
            root.keep_within(Bucket::Metadata, Bound { entries, bytes }).unwrap();
            let left = fs::list(&folder).unwrap();
            let name = |path: &Utf8PathBuf| path.file_name().map(str::to_owned);
            left.iter().filter(|path| **path != others).filter_map(name).collect::<Vec<_>>()
        };
        assert_eq!(keep(4, 400), ["a", "b", "c", "d"]);
        assert_eq!(keep(3, 400), ["a", "c", "d"]);
        assert_eq!(keep(3, 250), ["a", "c"]);
        assert_eq!(keep(3, 1), ["c"], "the newest, however large it is");
        assert!(fs::exists(&others), "somebody is writing it");
    }
}
