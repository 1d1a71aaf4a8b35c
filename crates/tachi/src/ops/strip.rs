//! Stripping one finished file, whoever built it.

use camino::Utf8Path;

use super::Error;
use crate::post::strip;
pub use crate::post::strip::{Mode, Stripped};

/// Strips a file, in its place or into `output`, which may be the same. Links are followed,
/// permissions stay, and the file is replaced in one step. With `split`, what goes is
/// written beside the result first, under its name with `.debug` behind it.
///
/// # Errors
/// The file cannot be read, stripped or split, or the result cannot be written; no program
/// is touched then.
pub fn strip(
    path: &Utf8Path,
    output: Option<&Utf8Path>,
    what: Mode,
    split: bool,
) -> Result<Stripped, Error> {
    Ok(strip::strip(path, output, what, split)?)
}
