//! What can be removed from the cache, and removing it: it is moved away while nobody else is at
//! work, which takes a moment, and deleted afterwards.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::bucket::Bucket;
use super::entry::{Entry, list};
use super::{Alone, CacheRoot};
use crate::sys::interrupt::Interrupt;
use crate::sys::usage::{self, Size};
use crate::sys::{SysError, fs};

/// Why something can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// An older Tachi wrote it in a format that this one does not read.
    OlderFormat,
    /// Nothing has used it for long.
    Unused,
    /// A killed run left it unfinished.
    Unfinished,
    /// The user wants the whole bucket gone.
    Asked,
}

/// Something that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it belongs.
    pub bucket: Bucket,
    /// Why it can be removed.
    pub reason: Reason,
    /// The file or folder.
    pub path: Utf8PathBuf,
    /// How many entries it is.
    pub entries: usize,
}

/// What was removed, or would be, by bucket and reason.
pub type Removals = BTreeMap<(Bucket, Reason), Removal>;

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removal {
    /// How many entries.
    pub entries: usize,
    /// What they took.
    pub size: Size,
}

impl Candidate {
    fn one(bucket: Bucket, reason: Reason, path: Utf8PathBuf) -> Self {
        Self { bucket, reason, path, entries: 1 }
    }
}

impl Removal {
    /// What removing `candidates` would free.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn measure(candidates: &[Candidate]) -> Result<Removals, SysError> {
        let mut removals = Removals::new();
        for candidate in candidates {
            Self::note(&mut removals, candidate, usage::size(&candidate.path)?);
        }
        Ok(removals)
    }

    fn note(removals: &mut Removals, candidate: &Candidate, size: Size) {
        let sum = removals.entry((candidate.bucket, candidate.reason)).or_default();
        sum.entries += candidate.entries;
        sum.size += size;
    }
}

impl CacheRoot {
    /// What nobody will miss: older formats, entries that nothing has used for `limit` or longer, and
    /// what killed runs left. What is unfinished may be a living run's as long as one is not
    /// [`Alone`].
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn prunable(&self, limit: Duration) -> Result<Vec<Candidate>, SysError> {
        let mut found = self.of_older_formats()?;
        found.extend(self.unused_for(limit)?);
        let mut left = self.left_unfinished()?;
        left.retain(|left| !found.iter().any(|one| left.path.starts_with(&one.path)));
        found.extend(left);
        Ok(found)
    }

    /// All that is in a bucket, of older formats too.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn whole(&self, bucket: Bucket) -> Result<Vec<Candidate>, SysError> {
        let (path, entries) = (self.all_of(bucket), self.entries(bucket)?.len());
        let whole = Candidate { bucket, reason: Reason::Asked, path, entries };
        let mut found = Vec::from_iter(fs::exists(&whole.path).then_some(whole));
        let older = self.of_older_formats()?.into_iter().filter(|one| one.bucket == bucket);
        let outside: Vec<_> =
            older.filter(|one| !one.path.starts_with(self.all_of(bucket))).collect();
        found.extend(outside);
        Ok(found)
    }

    /// What older Tachis wrote in formats that this one does not read.
    fn of_older_formats(&self) -> Result<Vec<Candidate>, SysError> {
        let (folders, others) = self.older();
        let one = |bucket, path| Candidate::one(bucket, Reason::OlderFormat, path);
        let mut found = Vec::new();
        for (folder, current) in folders {
            let Some(bucket) = folder.file_name().and_then(Bucket::named) else { continue };
            // A newer Tachi's format is none of this one's business.
            let number = |name: &str| name.strip_prefix('v')?.parse::<u32>().ok();
            let is_old = |path: &Utf8PathBuf| {
                let name = path.file_name().unwrap_or_default();
                name != current && number(name).is_none_or(|one| Some(one) < number(&current))
            };
            let old = list(&folder)?.into_iter().filter(is_old);
            found.extend(old.map(|path| one(bucket, path)));
        }
        let others = others.into_iter().filter(|path| fs::exists(path));
        found.extend(others.map(|path| one(Bucket::Programs, path)));
        Ok(found)
    }

    /// The entries that nothing has used for `limit` or longer.
    fn unused_for(&self, limit: Duration) -> Result<Vec<Candidate>, SysError> {
        let mut found = Vec::new();
        for bucket in Bucket::ALL.into_iter().filter(|bucket| bucket.ages()) {
            let (old, new): (Vec<Entry>, Vec<Entry>) =
                self.entries(bucket)?.into_iter().partition(|entry| entry.unused_for >= limit);
            let mut folders: BTreeMap<Utf8PathBuf, Vec<Utf8PathBuf>> = BTreeMap::new();
            for Entry { path, .. } in old {
                folders.entry(path.parent().unwrap_or(&path).to_owned()).or_default().push(path);
            }
            for (path, paths) in folders {
                let is_used = new.iter().any(|entry| entry.path.starts_with(&path));
                // With the last entry of a version goes what all of them shared.
                if !is_used && path.parent() == Some(&self.bucket(bucket)) {
                    let entries = paths.len();
                    found.push(Candidate { bucket, reason: Reason::Unused, path, entries });
                } else {
                    let one = |path| Candidate::one(bucket, Reason::Unused, path);
                    found.extend(paths.into_iter().map(one));
                }
            }
        }
        Ok(found)
    }

    /// What killed runs left unfinished.
    fn left_unfinished(&self) -> Result<Vec<Candidate>, SysError> {
        let mut found = Vec::new();
        for bucket in Bucket::ALL {
            let one = |path| Candidate::one(bucket, Reason::Unfinished, path);
            found.extend(self.left_overs(bucket)?.into_iter().map(one));
        }
        Ok(found)
    }

    /// Moves `candidates` away, lets others work again, and deletes them. Without [`Alone`] all of
    /// them have to be such that [are read at once](Bucket::is_read_at_once).
    ///
    /// # Errors
    /// Something cannot be removed, or the user interrupted: what was moved away is then removed the
    /// next time.
    pub fn remove(
        &self,
        candidates: &[Candidate],
        alone: Option<Alone>,
        interrupt: &Interrupt,
    ) -> Result<Removals, SysError> {
        let mut removals = Removals::new();
        if candidates.is_empty() {
            return Ok(removals);
        }
        let trash = fs::temporary_dir_in(&self.bucket(Bucket::Temporary))?;
        let trash_path = fs::utf8(trash.path())?;
        let mut moved = Vec::new();
        for (candidate, number) in candidates.iter().zip(0_u64..) {
            let place = trash_path.join(number.to_string());
            let holds_trash = trash_path.starts_with(&candidate.path);
            if holds_trash || fs::rename(&candidate.path, &place).is_err() {
                // It holds the trash, or is on another disk: deleted where it is.
                let size = delete(&candidate.path, trash_path)?;
                Removal::note(&mut removals, candidate, size);
            } else {
                moved.push((candidate, place));
            }
        }
        drop(alone);
        for (candidate, place) in moved {
            if let Err(stop) = interrupt.check() {
                let _ = trash.keep();
                return Err(stop);
            }
            let size = delete(&place, trash_path)?;
            Removal::note(&mut removals, candidate, size);
        }
        Ok(removals)
    }
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

    #[cfg(unix)]
    const DAY: Duration = Duration::from_hours(24);

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

        fn remove(&self, candidates: &[Candidate]) -> Removals {
            let alone = self.root.try_alone().unwrap();
            assert!(alone.is_some());
            self.root.remove(candidates, alone, &Interrupt::default()).unwrap()
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
        let measured = Removal::measure(&candidates).unwrap();
        let removed = scene.remove(&candidates);
        assert_eq!(removed, measured);
        let of = |bucket| removed[&(bucket, Reason::Unused)];
        assert_eq!(of(Bucket::Zig), Removal { entries: 1, size: Size { files: 1, bytes: 5 } });
        assert_eq!(of(Bucket::Kits).entries, 3);
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
        scene.remove(&candidates);
        assert_eq!(scene.left(), [""; 0]);
    }

    #[test]
    fn a_whole_bucket_goes_even_the_one_that_holds_what_is_being_removed() {
        let scene = Scene::new(&["tmp/a", "zig/1/zig", "metadata/v2/a", "metadata/old"]);
        let of = |bucket| scene.root.whole(bucket).unwrap();
        assert_eq!(of(Bucket::Kits), []);
        let candidates: Vec<_> = Bucket::ALL.into_iter().flat_map(of).collect();
        assert_eq!(scene.paths(&candidates), ["zig 1", "metadata 1", "tmp 1"]);
        scene.remove(&candidates);
        assert_eq!(scene.left(), [""; 0]);
        assert_eq!(scene.root.entries(Bucket::Temporary).unwrap(), []);
    }
}
