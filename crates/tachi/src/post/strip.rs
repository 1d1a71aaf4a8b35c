//! Stripping files on disk, and splitting their debug information off.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
pub use tachi_binary::strip::Mode;
use tachi_binary::strip::{self, StripError};

use super::{PostError, followed};
use crate::sys::{SysError, fs};

/// The end of the name of a file with symbols, after the whole name of the program.
const SUFFIX: &str = ".debug";

/// What stripping did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// Its size before, in bytes.
    pub before: u64,
    /// Its size now, in bytes.
    pub after: u64,
    /// It was written: its bytes changed, or it has another path than the input.
    pub is_changed: bool,
    /// The file with what was split off.
    pub symbols: Option<Utf8PathBuf>,
}

/// Strips a file, in its place or into `output`, which may be the same. Links are followed,
/// permissions stay, and the file is replaced in one step. With `split`, the removed parts are
/// first written beside the result, into a file whose name has `.debug` added.
///
/// # Errors
/// The file cannot be read, stripped or split, or the result cannot be written; no program
/// is touched then.
pub fn strip(
    path: &Utf8Path,
    output: Option<&Utf8Path>,
    what: Mode,
    split: bool,
) -> Result<Stripped, PostError> {
    let input = followed(path)?;
    let output = output.map_or_else(|| input.clone(), Utf8Path::to_owned);
    let old = fs::read(&input)?;
    let metadata = fs::open(&input)?.metadata().map_err(SysError::file("read", path))?;
    let failed = |source: StripError| PostError::Strip { path: path.to_owned(), source };
    let mut symbols = None;
    let new = if split {
        let name = format!("{}{SUFFIX}", output.file_name().unwrap_or_default());
        let parts = strip::split(&old, what, &name).map_err(failed)?;
        let beside = output.with_file_name(name);
        fs::write_atomic(&beside, &parts.symbols)?;
        symbols = Some(beside);
        parts.stripped
    } else {
        strip::strip(&old, what).map_err(failed)?
    };
    let is_changed = output != input || new != old;
    if is_changed {
        fs::write_atomic_with(&output, fs::mode(&metadata), |file| {
            file.write_all(&new).map_err(SysError::file("write", output.as_path()))
        })?;
    }
    Ok(Stripped { before: old.len() as u64, after: new.len() as u64, is_changed, symbols })
}
