//! Looking into the cache folder, and removing from it: `cargo tachi cache`.
//!
//! 1. [`probe::cache`]: which folder.
//! 2. [`CacheRoot::usage`]: what each bucket holds. That is all for [`stats`].
//! 3. [`CacheRoot::try_alone`]: whether a run uses the cache.
//! 4. [`CacheRoot::prunable`] or [`CacheRoot::whole`]: what goes; what a run may be using does not.
//! 5. [`CacheRoot::remove`]: it is moved away, others may work again, and it is deleted. A dry run
//!    only measures it.

use std::collections::BTreeSet;
use std::time::Duration;

use camino::Utf8PathBuf;

use super::Error;
pub use crate::cache::{Bucket, Reason, Removal, Removals, Usage};
use crate::cache::{CacheRoot, Candidate};
use crate::session::Session;
use crate::sys::{SysError, fs};
use crate::toolchain::probe;

/// What the cache holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// The cache folder.
    pub folder: Utf8PathBuf,
    /// Its buckets.
    pub buckets: Vec<Usage>,
}

/// What was removed, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The cache folder.
    pub folder: Utf8PathBuf,
    /// By bucket and reason.
    pub removals: Removals,
    /// The buckets from which something was to be removed that a run may be using.
    pub in_use: BTreeSet<Bucket>,
}

/// What each bucket holds.
///
/// # Errors
/// There is no home folder, or the cache cannot be read.
pub fn stats(session: &Session) -> Result<Stats, Error> {
    let root = probe::cache(&session.environment)?;
    let buckets = Bucket::ALL.into_iter().map(|bucket| root.usage(bucket));
    Ok(Stats { buckets: buckets.collect::<Result<_, _>>()?, folder: root.folder().to_owned() })
}

/// Removes what nobody will miss: older formats, entries that nothing has used for `limit` or
/// longer, and what killed runs left.
///
/// # Errors
/// Something cannot be read or removed, or the user interrupted.
pub fn prune(limit: Duration, dry_run: bool, session: &Session) -> Result<Outcome, Error> {
    remove(dry_run, session, |root| root.prunable(limit))
}

/// Removes whole buckets, or all of them where none is named.
///
/// # Errors
/// Something cannot be read or removed, or the user interrupted.
pub fn clear(buckets: &[Bucket], dry_run: bool, session: &Session) -> Result<Outcome, Error> {
    let all = Bucket::ALL;
    let asked: BTreeSet<Bucket> =
        if buckets.is_empty() { &all[..] } else { buckets }.iter().copied().collect();
    remove(dry_run, session, |root| {
        let mut found = Vec::new();
        for bucket in asked {
            found.extend(root.whole(bucket)?);
        }
        Ok(found)
    })
}

fn remove(
    dry_run: bool,
    session: &Session,
    choose: impl FnOnce(&CacheRoot) -> Result<Vec<Candidate>, SysError>,
) -> Result<Outcome, Error> {
    let root = probe::cache(&session.environment)?;
    let folder = root.folder().to_owned();
    if !fs::exists(&folder) {
        return Ok(Outcome { folder, removals: Removals::new(), in_use: BTreeSet::new() });
    }
    let alone = root.try_alone()?;
    let can_go = |one: &Candidate| {
        let is_read_at_once = one.bucket.is_read_at_once() && one.reason != Reason::Unfinished;
        alone.is_some() || is_read_at_once
    };
    let (candidates, used): (Vec<_>, Vec<_>) = choose(&root)?.into_iter().partition(can_go);
    let removals = if dry_run {
        drop(alone);
        Removal::measure(&candidates)?
    } else {
        root.remove(&candidates, alone, &session.interrupt)?
    };
    Ok(Outcome { folder, removals, in_use: used.iter().map(|one| one.bucket).collect() })
}
