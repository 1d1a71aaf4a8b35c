//! Reading parts of a file that is not in memory.

use std::io::{self, Read, Seek, SeekFrom};

/// Up to `wanted` bytes from `offset`; fewer where the file ends.
pub(super) fn bytes_at<R: Read + Seek>(
    file: &mut R,
    offset: u64,
    wanted: u64,
) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(wanted).read_to_end(&mut bytes)?;
    Ok(bytes)
}
