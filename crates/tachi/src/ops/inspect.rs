//! What a file is, and what it says of itself, whoever built it.

use camino::Utf8Path;
use tachi_binary::dependencies::{self, DependencyList};
use tachi_binary::stamp::{self, Stamp, StampError};
use tachi_binary::{BinaryError, BinaryFacts};

use super::Error;
use crate::session::Session;
use crate::sys::fs;

/// What is known of a file.
#[derive(Debug)]
pub struct Inspected {
    /// How many bytes it has.
    pub size: usize,
    /// What it is, or why nobody can tell.
    pub facts: Result<BinaryFacts, BinaryError>,
    /// Its stamp; none if it has no place for one.
    pub stamp: Result<Option<Stamp>, StampError>,
    /// The packages that it was built from, where it lists them.
    pub dependencies: Result<Option<DependencyList>, BinaryError>,
}

/// Reads the file at `path`, relative to the current directory of `session`.
///
/// # Errors
/// It cannot be read.
pub fn inspect(path: &Utf8Path, session: &Session) -> Result<Inspected, Error> {
    let bytes = fs::read(&session.environment.absolute(path))?;
    Ok(Inspected {
        size: bytes.len(),
        facts: tachi_binary::facts(&bytes),
        stamp: stamp::read(&bytes),
        dependencies: dependencies::read(&bytes),
    })
}
