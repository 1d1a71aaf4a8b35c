//! A second cache that begins with what takes long to fetch or to compile in the first one.

use super::CacheRoot;
use super::bucket::Bucket;
use crate::sys::{SysError, fs, tree};

impl CacheRoot {
    /// Brings what was fetched, and what zig and cargo compiled for kits, into `other`; the rest is
    /// made there again. Files that nobody writes to any more take no room.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn share_with(&self, other: &Self) -> Result<(), SysError> {
        for bucket in [Bucket::Zig, Bucket::Sysroots, Bucket::Microsoft] {
            let (ours, theirs) = (self.bucket(bucket), other.bucket(bucket));
            if fs::exists(&ours) {
                tree::share(&ours, &theirs)?;
            }
        }
        let (ours, theirs) = (self.zig_cache(), other.zig_cache());
        // What zig compiled; the rest of its cache says of what, and is written to.
        let objects = ours.join("o");
        if fs::exists(&objects) {
            tree::share(&objects, &theirs.join("o"))?;
        }
        if fs::exists(&ours) {
            // Other runs of zig may be writing to the last one.
            tree::copy(&ours, &theirs, &[&objects, &ours.join("tmp")])?;
        }
        Ok(())
    }
}
