//! Stamping finished files, and the values that are stamped.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_binary::BinaryError;
use tachi_binary::stamp::{self, InvalidValue, Stamp, StampError};

use crate::sys::env::Environment;
use crate::sys::{SysError, fs};
use crate::vcs::{SourceState, time};

/// Why a file was not stamped.
#[derive(Debug, thiserror::Error)]
pub enum StampFileError {
    /// The file or the stamp is not usable.
    #[error("{path}: {source}")]
    Stamp {
        /// Its path, as the caller gave it.
        path: Utf8PathBuf,
        /// Why it was not stamped.
        source: StampError,
    },
    /// A value cannot be stamped at all.
    #[error(transparent)]
    Value(#[from] InvalidValue),
    /// The machine.
    #[error("{0}")]
    Sys(#[from] SysError),
}

/// What stamping did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// How many slots it has; with none, nothing was done.
    pub slots: usize,
    /// The file was written: it did not hold these values before.
    pub changed: bool,
    /// It has a signature over its former bytes and has to be signed again before it runs
    /// (Mach-O on Apple's processors) or is trusted (PE).
    pub signature_broken: bool,
    /// Its stamp now.
    pub stamp: Stamp,
}

/// What is known of a build beside its sources; absent values are not stamped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BuildValues<'a> {
    /// The profile's name.
    pub profile: Option<&'a str>,
    /// The target's triple, or `universal-apple-darwin`.
    pub target: Option<&'a str>,
    /// The triple of the machine that compiles.
    pub host: Option<&'a str>,
    /// The compiler's version: `1.95.0`.
    pub rustc: Option<&'a str>,
}

/// The stamp for sources and a build. `SOURCE_DATE_EPOCH` of `environment` takes precedence
/// over the commit's time.
///
/// # Errors
/// A value has control characters, which no branch and no triple has.
pub fn values(
    sources: &SourceState,
    build: &BuildValues<'_>,
    environment: &Environment,
) -> Result<Stamp, InvalidValue> {
    let time = time::build_time(environment, sources.commit_time).map(time::rfc3339);
    let dirty = sources.git_dirty.map(|dirty| if dirty { "true" } else { "false" });
    let mut stamp = Stamp::new();
    for (key, value) in [
        ("git_hash", sources.git_hash.as_deref()),
        ("git_hash_full", sources.git_hash_full.as_deref()),
        ("git_branch", sources.git_branch.as_deref()),
        ("git_dirty", dirty),
        ("build_time", time.as_deref()),
        ("build_profile", build.profile),
        ("build_target", build.target),
        ("build_host", build.host),
        ("rustc_version", build.rustc),
        ("tachi_version", Some(env!("CARGO_PKG_VERSION"))),
    ] {
        if let Some(value) = value {
            stamp.set(key, value)?;
        }
    }
    Ok(stamp)
}

/// `new` over a file's present stamp. The present values about sources are dropped, as a mix of
/// two commits would be wrong; target, profile and compiler stay.
#[must_use]
pub fn renewed(present: &Stamp, new: Stamp) -> Stamp {
    let of_sources =
        ["git_hash", "git_hash_full", "git_branch", "git_dirty", "build_time", "tachi_version"];
    let mut stamp = Stamp::new();
    for (key, value) in present.iter().filter(|(key, _)| !of_sources.contains(key)) {
        // It passed the same check when it was read.
        let _ = stamp.set(key, value);
    }
    stamp.extend(new);
    stamp
}

/// Fills the slots of a file with `stamp`, over what was in them. The file is replaced
/// atomically and keeps its permissions; links to it keep the old bytes, so that cargo's
/// own copy stays as it was. A file without a slot, or with these values, is left alone.
///
/// # Errors
/// The file cannot be read or written, is damaged, or its slot is too small.
pub fn stamp_file(path: &Utf8Path, stamp: &Stamp) -> Result<Stamped, StampFileError> {
    let at = |source| StampFileError::Stamp { path: path.to_owned(), source };
    let mut bytes = fs::read(path)?;
    let (slots, changed) = match stamp::write(&mut bytes, stamp) {
        Ok(filled) => (filled.slots, filled.changed),
        Err(StampError::NoSlot { .. } | StampError::Binary(BinaryError::UnknownFormat)) => {
            (0, false)
        }
        Err(error) => return Err(at(error)),
    };
    if changed {
        let metadata = fs::open(path)?.metadata().map_err(SysError::file("read", path))?;
        fs::write_atomic_with(path, fs::mode(&metadata), |file| {
            std::io::Write::write_all(file, &bytes).map_err(SysError::file("write", path))
        })?;
    }
    let signature_broken =
        changed && tachi_binary::facts(&bytes).map_err(|error| at(error.into()))?.is_signed();
    Ok(Stamped { slots, changed, signature_broken, stamp: stamp.clone() })
}

/// The stamp of a file: none without a slot, empty if nobody filled it.
///
/// # Errors
/// The file cannot be read, or its stamp is damaged.
pub fn read_file(path: &Utf8Path) -> Result<Option<Stamp>, StampFileError> {
    stamp::read(&fs::read(path)?)
        .map_err(|source| StampFileError::Stamp { path: path.to_owned(), source })
}
