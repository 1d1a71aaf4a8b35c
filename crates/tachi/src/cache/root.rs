//! The layout of the cache folder: the only place that knows it. Pure.

use camino::{Utf8Path, Utf8PathBuf};

use super::bucket::Bucket;

/// Tachi's cache folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheRoot {
    folder: Utf8PathBuf,
}

/// What older Tachis kept beside the buckets of today.
const OLDER: [&str; 2] = ["rustc", "lld"];

impl CacheRoot {
    /// The cache in `folder`, which need not be there yet.
    pub fn new(folder: impl Into<Utf8PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The cache folder itself.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// The folder of a bucket.
    pub fn bucket(&self, bucket: Bucket) -> Utf8PathBuf {
        self.folder.join(bucket.folder())
    }

    /// The folder of one version of zig's kits.
    pub fn kits(&self, zig_version: &str) -> Utf8PathBuf {
        self.bucket(Bucket::Kits).join(format!("zig-{zig_version}"))
    }

    /// zig's own cache, the same for every version of zig.
    pub fn zig_cache(&self) -> Utf8PathBuf {
        self.bucket(Bucket::ZigCache)
    }

    /// The standard library for `target` that was built by the compiler of that release and
    /// identity.
    pub fn sysroot(&self, release: &str, identity: &str, target: &str) -> Utf8PathBuf {
        let identity = identity.get(..8).unwrap_or(identity);
        self.bucket(Bucket::Sysroots).join(format!("{release}-{identity}")).join(target)
    }

    /// The folder of a runner.
    pub fn runner(&self, name: &str) -> Utf8PathBuf {
        self.bucket(Bucket::Runners).join(name)
    }

    /// Where programs of that kind are remembered.
    pub fn answers_of(&self, program: &str) -> Utf8PathBuf {
        self.bucket(Bucket::Programs).join(program)
    }

    /// The places that an older Tachi may have written to and that this one does not use: of each
    /// folder in the first list everything but the name beside it, and what is in the second list.
    pub(super) fn older(&self) -> (Vec<(Utf8PathBuf, String)>, Vec<Utf8PathBuf>) {
        let of = |bucket: Bucket| Some((self.folder.join(bucket.name()), bucket.version()?));
        let versioned = Bucket::ALL.into_iter().filter_map(of).collect();
        (versioned, OLDER.iter().map(|name| self.folder.join(name)).collect())
    }

    /// The folder that holds all of a bucket, of older formats too.
    pub(super) fn all_of(&self, bucket: Bucket) -> Utf8PathBuf {
        self.folder.join(bucket.name())
    }

    /// The lock file of the whole cache.
    pub(super) fn lock_file(&self) -> Utf8PathBuf {
        self.folder.join(".lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_inside_of_its_bucket() {
        let root = CacheRoot::new("/c");
        for (place, expected) in [
            (root.kits("0.17.1"), "/c/kits/zig-0.17.1"),
            (root.zig_cache(), "/c/zig-cache/v2"),
            (root.sysroot("1.96.0", "0123456789", "t"), "/c/sysroots/v1/1.96.0-01234567/t"),
            (root.runner("wine"), "/c/runners/v2/wine"),
            (root.answers_of("rustc"), "/c/programs/v1/rustc"),
            (root.bucket(Bucket::Metadata), "/c/metadata/v2"),
            (root.all_of(Bucket::Metadata), "/c/metadata"),
        ] {
            assert_eq!(place, expected);
        }
    }
}
