//! Stamping finished files with the build metadata of the sources around.
//!
//! 1. [`vcs::state`]: which sources lie here.
//! 2. [`stamp::values`]: what a stamp says of them.
//! 3. [`stamp::read_file`] and [`stamp::renewed`]: what each file says already, with the new values
//!    over it.
//! 4. [`stamp::stamp_file`]: writes it, unless the file says so already.

use camino::Utf8Path;
use tachi_binary::stamp::Stamp;

use super::Error;
pub use crate::post::stamp::Stamped;
use crate::post::stamp::{self, BuildValues, StampFileError};
use crate::session::Session;
use crate::vcs;
pub use crate::vcs::Unknown;

/// The stamp of the sources around the current directory.
#[derive(Debug, Clone)]
pub struct Stamper {
    values: Stamp,
    unknown: Option<Unknown>,
}

impl Stamper {
    /// Looks at the sources around the current directory.
    ///
    /// # Errors
    /// A variable that names the commit has a value that cannot be used, or the user interrupted.
    pub fn new(session: &Session) -> Result<Self, Error> {
        let environment = &session.environment;
        let folder = vcs::manifest_folder(environment.current_dir());
        let sources = vcs::state(folder, environment, &session.interrupt)?;
        let values = stamp::values(&sources, &BuildValues::default(), environment)
            .map_err(StampFileError::from)?;
        let unknown = sources.unknown.filter(|_| sources.git_hash.is_none());
        Ok(Self { values, unknown })
    }

    /// Why the commit is unknown, where it is.
    pub fn unknown_commit(&self) -> Option<&Unknown> {
        self.unknown.as_ref()
    }

    /// Stamps the file at `path`, with the pairs of `set` over what the sources say.
    ///
    /// # Errors
    /// The file cannot be read or written, or a value cannot be stamped.
    pub fn file(&self, path: &Utf8Path, set: &[(String, String)]) -> Result<Stamped, Error> {
        let present = stamp::read_file(path)?;
        let mut new = stamp::renewed(&present.unwrap_or_default(), self.values.clone());
        for (key, value) in set {
            new.set(key, value).map_err(StampFileError::from)?;
        }
        Ok(stamp::stamp_file(path, &new)?)
    }
}
