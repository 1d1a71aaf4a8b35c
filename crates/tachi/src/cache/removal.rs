//! What can be removed from the cache, and removing it: it is moved away while nobody else is at
//! work, which takes a moment, and deleted afterwards.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::bucket::Bucket;
use super::entry::{Entry, list};
use super::{Alone, CacheRoot};
use crate::sys::usage::{self, Size};
use crate::sys::{SysError, fs};

/// Something that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it belongs.
    pub bucket: Bucket,
    /// The file or folder.
    pub path: Utf8PathBuf,
    /// How many entries it is.
    pub entries: usize,
}

/// What was removed from a bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removal {
    /// How many entries.
    pub entries: usize,
    /// What they took.
    pub size: Size,
}

impl Removal {
    fn add(&mut self, candidate: &Candidate, size: Size) {
        self.entries += candidate.entries;
        self.size += size;
    }
}

impl CacheRoot {
    /// What older Tachis wrote in formats that this one does not read.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn of_older_formats(&self) -> Result<Vec<Candidate>, SysError> {
        let (folders, others) = self.older();
        let mut found = Vec::new();
        for (folder, current) in folders {
            let Some(bucket) = folder.file_name().and_then(Bucket::named) else { continue };
            let old = list(&folder)?.into_iter().filter(|path| path.file_name() != Some(&current));
            found.extend(old.map(|path| Candidate { bucket, path, entries: 1 }));
        }
        let others = others.into_iter().filter(|path| fs::exists(path));
        found.extend(others.map(|path| Candidate { bucket: Bucket::Programs, path, entries: 1 }));
        Ok(found)
    }

    /// The entries that nothing has used for `limit` or longer.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn unused_for(&self, limit: Duration) -> Result<Vec<Candidate>, SysError> {
        let mut found = Vec::new();
        for bucket in Bucket::ALL.into_iter().filter(|bucket| bucket.ages()) {
            let (old, new): (Vec<Entry>, Vec<Entry>) =
                self.entries(bucket)?.into_iter().partition(|entry| entry.unused_for >= limit);
            let mut folders: BTreeMap<Utf8PathBuf, Vec<Utf8PathBuf>> = BTreeMap::new();
            for Entry { path, .. } in old {
                folders.entry(path.parent().unwrap_or(&path).to_owned()).or_default().push(path);
            }
            for (folder, paths) in folders {
                let is_used = new.iter().any(|entry| entry.path.starts_with(&folder));
                // With the last entry of a version goes what all of them shared.
                if !is_used && folder.parent() == Some(&self.bucket(bucket)) {
                    found.push(Candidate { bucket, path: folder, entries: paths.len() });
                } else {
                    let one = |path| Candidate { bucket, path, entries: 1 };
                    found.extend(paths.into_iter().map(one));
                }
            }
        }
        Ok(found)
    }

    /// What killed runs left unfinished. It may be a living one's as long as one is
    /// [not alone](Alone).
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn left_unfinished(&self) -> Result<Vec<Candidate>, SysError> {
        let mut found = Vec::new();
        for bucket in Bucket::ALL {
            let left = self.left_overs(bucket)?;
            found.extend(left.into_iter().map(|path| Candidate { bucket, path, entries: 1 }));
        }
        Ok(found)
    }

    /// All that is in a bucket, of older formats too.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn whole(&self, bucket: Bucket) -> Result<Option<Candidate>, SysError> {
        let (path, entries) = (self.all_of(bucket), self.entries(bucket)?.len());
        Ok(fs::exists(&path).then_some(Candidate { bucket, path, entries }))
    }

    /// What removing `candidates` would free, by bucket.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn measure(&self, candidates: &[Candidate]) -> Result<BTreeMap<Bucket, Removal>, SysError> {
        let mut removals = BTreeMap::<_, Removal>::new();
        for candidate in candidates {
            let size = usage::size(&candidate.path)?;
            removals.entry(candidate.bucket).or_default().add(candidate, size);
        }
        Ok(removals)
    }

    /// Moves `candidates` away, lets others work again, and deletes them. Without [`Alone`] they
    /// have to be such that [are read at once](Bucket::is_read_at_once).
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn remove(
        &self,
        candidates: &[Candidate],
        alone: Option<Alone>,
    ) -> Result<BTreeMap<Bucket, Removal>, SysError> {
        let mut removals = BTreeMap::<_, Removal>::new();
        if candidates.is_empty() {
            return Ok(removals);
        }
        let trash = fs::temporary_dir_in(&self.bucket(Bucket::Temporary))?;
        let trash_path = fs::utf8(trash.path())?;
        let mut moved = Vec::new();
        for (candidate, number) in candidates.iter().zip(0_u64..) {
            let place = trash_path.join(number.to_string());
            if is_away(candidate, trash_path) || fs::rename(&candidate.path, &place).is_err() {
                // On another disk, or around the trash: deleted where it is, while nobody works.
                let size = delete(&candidate.path, trash_path)?;
                removals.entry(candidate.bucket).or_default().add(candidate, size);
            } else {
                moved.push((candidate, place));
            }
        }
        drop(alone);
        for (candidate, place) in moved {
            let size = delete(&place, trash_path)?;
            removals.entry(candidate.bucket).or_default().add(candidate, size);
        }
        Ok(removals)
    }
}

fn is_away(candidate: &Candidate, trash: &Utf8Path) -> bool {
    trash.starts_with(&candidate.path)
}

/// Deletes all but the trash itself.
fn delete(path: &Utf8Path, trash: &Utf8Path) -> Result<Size, SysError> {
    if !trash.starts_with(path) {
        let size = usage::size(path)?;
        fs::remove(path)?;
        return Ok(size);
    }
    let mut sum = Size::default();
    for inside in fs::list(path)?.into_iter().filter(|inside| inside != trash) {
        sum += delete(&inside, trash)?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::interrupt::Interrupt;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    struct Scene {
        _dir: tempfile::TempDir,
        root: CacheRoot,
    }

    impl Scene {
        /// A cache with these files; those below a name with `old` were used long ago.
        fn new(files: &[&str]) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let root = CacheRoot::new(Utf8Path::from_path(dir.path()).unwrap().join("cache"));
            drop(root.hold(&Interrupt::default()).unwrap());
            for file in files {
                fs::write_atomic(&root.folder().join(file), b"12345").unwrap();
            }
            for file in files.iter().filter(|file| file.contains("old")) {
                for path in
                    Utf8Path::new(file).ancestors().filter(|path| path.as_str().contains("old"))
                {
                    age(&root.folder().join(path));
                }
            }
            Self { _dir: dir, root }
        }

        fn paths(&self, candidates: &[Candidate]) -> Vec<String> {
            let inside = |candidate: &Candidate| {
                let path = candidate.path.strip_prefix(self.root.folder()).unwrap();
                format!("{path} {}", candidate.entries)
            };
            candidates.iter().map(inside).collect()
        }

        fn left(&self) -> Vec<String> {
            let mut found = Vec::new();
            let mut folders = vec![self.root.folder().to_owned()];
            while let Some(folder) = folders.pop() {
                for path in fs::list(&folder).unwrap() {
                    if path.is_dir() {
                        folders.push(path);
                    } else {
                        found.push(path.strip_prefix(self.root.folder()).unwrap().to_string());
                    }
                }
            }
            found.retain(|name| !name.starts_with('.') && name != "CACHEDIR.TAG");
            found.sort();
            found
        }
    }

    #[expect(clippy::disallowed_types, reason = "a test sets a time of its own")]
    fn age(path: &Utf8Path) {
        let file = std::fs::File::open(path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_nothing_used_for_long_goes_and_with_the_last_entry_what_all_shared() {
        let scene = Scene::new(&[
            "kits/rustc",
            "kits/zig-1/one-old/cc",
            "kits/zig-1/two/cc",
            "kits/zig-0/one-old/cc",
            "kits/zig-0/two-old/cc",
            "zig/.lock",
            "zig/1-old/zig",
            "zig/2/zig",
            "metadata/v2/a-old.json",
            "xwin/crt-old/lib",
        ]);
        age(&scene.root.bucket(Bucket::Microsoft));
        fs::new_link("../lib".into(), &scene.root.kits("0").join("lib")).unwrap();
        let candidates = scene.root.unused_for(DAY).unwrap();
        assert_eq!(
            scene.paths(&candidates),
            ["kits/zig-0 2", "kits/zig-1/one-old 1", "zig/1-old 1", "metadata/v2/a-old.json 1"]
        );
        let measured = scene.root.measure(&candidates).unwrap();
        let removed = scene.root.remove(&candidates, scene.root.try_alone().unwrap()).unwrap();
        assert_eq!(removed, measured);
        assert_eq!(
            removed[&Bucket::Zig],
            Removal { entries: 1, size: Size { files: 1, bytes: 5 } }
        );
        assert_eq!(removed[&Bucket::Kits].entries, 3);
        assert_eq!(
            scene.left(),
            ["kits/rustc", "kits/zig-1/two/cc", "xwin/crt-old/lib", "zig/.lock", "zig/2/zig"]
        );
        assert_eq!(scene.root.unused_for(DAY).unwrap(), []);
    }

    #[test]
    fn older_formats_are_found_beside_the_one_of_today() {
        let scene = Scene::new(&[
            "zig-cache/v1/o/a",
            "zig-cache/v2/o/a",
            "runners/wasi.mjs",
            "runners/v2/wasi/wasi.mjs",
            "metadata/0123.json",
            "rustc/0123.json",
            "a-users-own/file",
            "zig/1/zig",
        ]);
        let candidates = scene.root.of_older_formats().unwrap();
        assert_eq!(
            scene.paths(&candidates),
            ["zig-cache/v1 1", "runners/wasi.mjs 1", "metadata/0123.json 1", "rustc 1"]
        );
    }

    #[test]
    fn what_killed_runs_left_is_found_in_each_bucket() {
        let temporary = |place: &str| format!("{place}{}x", fs::TEMPORARY_PREFIX);
        let files = [
            temporary("metadata/v2/"),
            temporary("tmp/") + "/file",
            temporary("sysroots/v1/1-0/") + "/file",
            temporary("runners/v2/wine/"),
        ];
        let scene = Scene::new(&files.each_ref().map(String::as_str));
        let candidates = scene.root.left_unfinished().unwrap();
        assert_eq!(candidates.len(), files.len(), "{candidates:?}");
        scene.root.remove(&candidates, scene.root.try_alone().unwrap()).unwrap();
        assert_eq!(scene.left(), [""; 0]);
    }

    #[test]
    fn a_whole_bucket_goes_even_the_one_that_holds_what_is_being_removed() {
        let scene = Scene::new(&["tmp/a", "zig/1/zig", "metadata/v2/a", "metadata/old"]);
        let of = |bucket| scene.root.whole(bucket).unwrap();
        assert_eq!(of(Bucket::Kits), None);
        let candidates: Vec<_> = Bucket::ALL.into_iter().filter_map(of).collect();
        assert_eq!(scene.paths(&candidates), ["zig 1", "metadata 1", "tmp 1"]);
        scene.root.remove(&candidates, scene.root.try_alone().unwrap()).unwrap();
        assert_eq!(scene.left(), [""; 0]);
        assert_eq!(scene.root.entries(Bucket::Temporary).unwrap(), []);
    }
}
