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

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    #[test]
    fn a_second_cache_begins_with_what_takes_long_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let (ours, theirs) =
            (CacheRoot::new(root.join("ours")), CacheRoot::new(root.join("theirs")));
        let files = [
            "zig/1-0/ziglang/zig",
            "zig-cache/v2/h/a.txt",
            "zig-cache/v2/o/a/libc.a",
            "sysroots/v1/1-0/t/lib/std",
            "xwin/crt/lib/a.lib",
        ];
        let left = ["zig-cache/v2/tmp/half", "kits/zig-1/t-0/cc", "metadata/v2/a.json"];
        for file in files.iter().chain(&left) {
            fs::write_atomic(&ours.folder().join(file), b"").unwrap();
        }
        ours.share_with(&theirs).unwrap();
        for file in files {
            assert!(fs::is_file(&theirs.folder().join(file)), "{file}");
        }
        for file in left {
            assert!(!fs::exists(&theirs.folder().join(file)), "{file}");
        }
        let nothing = CacheRoot::new(root.join("nothing"));
        nothing.share_with(&theirs).unwrap();
    }
}
