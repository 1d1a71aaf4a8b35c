//! The kinds of things in the cache folder, and the folder of each. Pure.

use camino::{Utf8Path, Utf8PathBuf};

/// A kind of things in the cache folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Bucket {
    /// Wrappers around zig's tools, and stubs that stand for SDKs.
    Kits,
    /// zig, unpacked.
    Zig,
    /// zig's own cache: C libraries and start files, compiled for each target.
    ZigCache,
    /// Standard libraries that were built from source.
    Sysroots,
    /// What runs programs for other machines needs: wine's prefix, a script for Node.js.
    Runners,
    /// Microsoft's C runtime and SDK, as `xwin splat` lays them out.
    Microsoft,
    /// xwin, and what it fetches before it is unpacked.
    Xwin,
    /// What `cargo metadata` answered.
    Metadata,
    /// What compilers and linkers said of themselves.
    Programs,
    /// Files for the time of a run, and what is about to be removed.
    Temporary,
}

/// How deep the entries of a bucket lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The bucket is one entry.
    Whole,
    /// The entries are in its folder.
    Folder,
    /// The entries are in the folders of its folder.
    Folders,
}

impl Bucket {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Kits,
        Self::Zig,
        Self::ZigCache,
        Self::Sysroots,
        Self::Runners,
        Self::Microsoft,
        Self::Xwin,
        Self::Metadata,
        Self::Programs,
        Self::Temporary,
    ];

    /// Its name for people, which is that of its folder in the cache folder, too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kits => "kits",
            Self::Zig => "zig",
            Self::ZigCache => "zig-cache",
            Self::Sysroots => "sysroots",
            Self::Runners => "runners",
            Self::Microsoft => "xwin",
            Self::Xwin => "xwin-fetch",
            Self::Metadata => "metadata",
            Self::Programs => "programs",
            Self::Temporary => "tmp",
        }
    }

    /// The bucket of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// What is in it, for people.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Kits => "linker wrappers, stubs of SDKs",
            Self::Zig => "zig",
            Self::ZigCache => "C libraries that zig compiled",
            Self::Sysroots => "standard libraries built from source",
            Self::Runners => "wine's prefix, a script for Node.js",
            Self::Microsoft => "Microsoft's C runtime and SDK",
            Self::Xwin => "xwin, which fetches Microsoft's SDK",
            Self::Metadata => "what cargo metadata answered",
            Self::Programs => "what compilers said of themselves",
            Self::Temporary => "files for the time of a run",
        }
    }

    /// The version of the format in which Tachi writes the bucket. It is raised where what an older
    /// Tachi wrote cannot be used. None for buckets whose entries have names that tell all they
    /// depend on, and for layouts that are not Tachi's.
    const fn format(self) -> Option<u32> {
        match self {
            // The names of zig's folders end with the digest of the file they come from, those of
            // kits with the kit's identity. Cargo compiles everything again where a kit moves.
            Self::Kits | Self::Zig | Self::Microsoft | Self::Xwin | Self::Temporary => None,
            Self::Sysroots | Self::Programs => Some(1),
            Self::ZigCache | Self::Runners | Self::Metadata => Some(2),
        }
    }

    /// Its folder, from the cache folder.
    pub(super) fn folder(self) -> Utf8PathBuf {
        let name = Utf8Path::new(self.name());
        self.version().map_or_else(|| name.to_owned(), |version| name.join(version))
    }

    /// The last part of its folder's path, if that tells a version.
    pub(super) fn version(self) -> Option<String> {
        self.format().map(|format| format!("v{format}"))
    }

    pub(super) const fn depth(self) -> Depth {
        match self {
            // Files of zig's cache and of an SDK name each other.
            Self::ZigCache | Self::Microsoft => Depth::Whole,
            Self::Kits | Self::Sysroots => Depth::Folders,
            Self::Zig
            | Self::Runners
            | Self::Xwin
            | Self::Metadata
            | Self::Programs
            | Self::Temporary => Depth::Folder,
        }
    }

    /// Whether a run reads an entry once and does not come back to it: it does no harm to remove
    /// one while others run.
    pub const fn is_read_at_once(self) -> bool {
        matches!(self, Self::Metadata | Self::Programs)
    }

    /// Whether entries are removed when nothing has used them for long. Without Microsoft's files,
    /// for which somebody has accepted a licence, builds would become other builds.
    pub const fn ages(self) -> bool {
        !matches!(self, Self::Microsoft | Self::Temporary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_found_by_their_names_and_do_not_lie_in_each_other() {
        for bucket in Bucket::ALL {
            assert_eq!(Bucket::named(bucket.name()), Some(bucket));
            let inside = |other: &Bucket| bucket.folder().starts_with(other.folder());
            assert_eq!(Bucket::ALL.iter().filter(|other| inside(other)).count(), 1, "{bucket:?}");
        }
        assert_eq!(Bucket::named("nothing"), None);
    }
}
