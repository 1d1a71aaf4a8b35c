//! Bytes from one open file to another: the kernel copies, and the disk begins before the end.

use std::io::{self, Read, Seek};

/// How many bytes are copied before the disk is told to begin with them. Greater pieces
/// leave it less time, smaller ones are more calls.
const PIECE: u64 = 1 << 20;

/// Copies `len` bytes, or as many as there are, from the position of `source` to the position of
/// `target`, and returns their number. On Linux the kernel copies them without this process, and
/// file systems that can share blocks between files share them.
///
/// # Errors
/// The source cannot be read or the target not be written.
#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
pub fn copy(source: &mut std::fs::File, len: u64, target: &mut std::fs::File) -> io::Result<u64> {
    let start = target.stream_position()?;
    let mut copied = 0;
    while copied < len {
        let piece = PIECE.min(len - copied);
        let count = io::copy(&mut source.by_ref().take(piece), target)?;
        if count == 0 {
            break;
        }
        if count == PIECE {
            begin_writing(target, start + copied, count);
        }
        copied += count;
    }
    Ok(copied)
}

/// Has the disk begin with bytes of a file, so that flushing it later has less to wait for.
/// `DONTNEED` does so before it drops what is written already, of which here there is
/// nothing yet: the new file stays in memory for who reads it next.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
fn begin_writing(file: &std::fs::File, offset: u64, len: u64) {
    // Advice only: whoever flushes the file waits for what was not taken.
    let _ = rustix::fs::fadvise(
        file,
        offset,
        std::num::NonZeroU64::new(len),
        rustix::fs::Advice::DontNeed,
    );
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_types, reason = "a part of the one home of files")]
fn begin_writing(_file: &std::fs::File, _offset: u64, _len: u64) {}

#[cfg(test)]
mod tests {
    use std::io::{SeekFrom, Write};

    use super::*;

    #[test]
    fn a_part_of_a_file_arrives_whole_at_the_others_position() {
        let piece = usize::try_from(PIECE).unwrap();
        let noise: Vec<u8> =
            (0..3 * piece + 7).map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
        let mut source = tempfile::tempfile().unwrap();
        source.write_all(&noise).unwrap();
        for (from, len, expected) in [
            (0, 0, 0),
            (5, 1, 1),
            (1, piece, piece),
            (4096, 2 * piece + 1, 2 * piece + 1),
            (9, 4 * piece, noise.len() - 9),
            (noise.len(), 1, 0),
        ] {
            let mut target = tempfile::tempfile().unwrap();
            target.write_all(b"head").unwrap();
            source.seek(SeekFrom::Start(from as u64)).unwrap();
            let copied = copy(&mut source, len as u64, &mut target).unwrap();
            assert_eq!(copied, expected as u64, "{len} from {from}");
            let mut bytes = Vec::new();
            target.rewind().unwrap();
            target.read_to_end(&mut bytes).unwrap();
            assert!(bytes.starts_with(b"head"), "{len} from {from}");
            assert!(bytes[4..] == noise[from..from + expected], "{len} from {from}");
        }
    }
}
