//! Universal files on disk: joined, taken apart, listed. Slices are streamed from file to
//! file, so the memory that it takes does not depend on their size.

use std::io::{Seek, SeekFrom};

use camino::{Utf8Path, Utf8PathBuf};
pub use tachi_binary::Cpu;
pub use tachi_binary::universal::{Contents, Layout, Slice};
use tachi_binary::universal::{Input, UniversalError};

use super::PostError;
use crate::sys::{SysError, copy, fs};

/// Joins files for different architectures into one, as `lipo -create` does. The output may be
/// one of the inputs; whoever may read or run an input may do so with the output.
///
/// # Errors
/// An input cannot be read, is no Mach-O file or is damaged; inputs do not belong
/// together; the output cannot be written.
pub fn create(inputs: &[Utf8PathBuf], output: &Utf8Path) -> Result<Layout, PostError> {
    let mut files = Vec::new();
    let mut described = Vec::new();
    let mut permissions = 0;
    for path in inputs {
        let mut file = fs::open(path)?;
        permissions |= fs::mode(&file.metadata().map_err(SysError::file("read", path))?);
        let contents = Contents::read(&mut file).map_err(PostError::universal("read", path))?;
        described.push(Input { name: path.as_str(), contents });
        files.push(file);
    }
    let layout = Layout::new(&described).map_err(PostError::Join)?;
    fs::write_atomic_with(output, permissions, |out| {
        layout
            .write_with(&mut files, out, copy_slice)
            .map_err(PostError::universal("write", output))
    })?;
    Ok(layout)
}

/// Takes the slice for one architecture out of a file, as `lipo -thin` does; a file that
/// is for that architecture alone is copied.
///
/// # Errors
/// The input cannot be read, is no Mach-O file, is damaged or has no such slice; the
/// output cannot be written.
pub fn thin(input: &Utf8Path, cpu: Cpu, output: &Utf8Path) -> Result<Slice, PostError> {
    let mut file = fs::open(input)?;
    let permissions = fs::mode(&file.metadata().map_err(SysError::file("read", input))?);
    let contents = Contents::read(&mut file).map_err(PostError::universal("read", input))?;
    let slice = contents.slice(cpu).map_err(PostError::universal("read", input))?;
    fs::write_atomic_with(output, permissions, |out| {
        copy_slice(&mut file, slice, out).map_err(|error| match error {
            UniversalError::Changed => PostError::universal("read", input)(error),
            error => PostError::universal("write", output)(error),
        })
    })?;
    Ok(slice.clone())
}

/// What is in a file, as `lipo -info` says it.
///
/// # Errors
/// The file cannot be read, is no Mach-O file or is damaged.
pub fn info(path: &Utf8Path) -> Result<Contents, PostError> {
    let mut file = fs::open(path)?;
    Contents::read(&mut file).map_err(PostError::universal("read", path))
}

/// Copies one slice's bytes out of its file.
#[expect(clippy::disallowed_types, reason = "files that `sys::fs` has opened")]
fn copy_slice(
    file: &mut std::fs::File,
    slice: &Slice,
    output: &mut std::fs::File,
) -> Result<(), UniversalError> {
    file.seek(SeekFrom::Start(slice.offset))?;
    let copied = copy::copy(file, slice.size, output)?;
    if copied == slice.size { Ok(()) } else { Err(UniversalError::Changed) }
}
