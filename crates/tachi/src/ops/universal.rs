//! Universal files: several architectures in one file, as `lipo` joins them.

use camino::{Utf8Path, Utf8PathBuf};

use super::Error;
use crate::post::universal;
pub use crate::post::universal::{Contents, Cpu, Layout, Slice};

/// Joins files for different architectures into one. The output may be one of the inputs; who may
/// read or run any of them may do so with the output.
///
/// # Errors
/// An input cannot be read, is no Mach-O file or is damaged; inputs do not belong together; the
/// output cannot be written.
pub fn create(inputs: &[Utf8PathBuf], output: &Utf8Path) -> Result<Layout, Error> {
    Ok(universal::create(inputs, output)?)
}

/// Takes the slice for one architecture out of a file; a file that is for that architecture alone is
/// copied.
///
/// # Errors
/// The input cannot be read, is no Mach-O file, is damaged or has no such slice; the output cannot be
/// written.
pub fn thin(input: &Utf8Path, cpu: Cpu, output: &Utf8Path) -> Result<Slice, Error> {
    Ok(universal::thin(input, cpu, output)?)
}

/// What is in a file.
///
/// # Errors
/// The file cannot be read, is no Mach-O file or is damaged.
pub fn info(path: &Utf8Path) -> Result<Contents, Error> {
    Ok(universal::info(path)?)
}
