//! Copying parts of large files into one: inside the system, and side by side.

#![expect(clippy::disallowed_types, reason = "one of the homes of open files")]

use std::fs::File;

/// A part of a file, and where it goes; offsets and sizes in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Part<'file> {
    /// The file.
    pub input: &'file File,
    /// Where the part begins in it.
    pub from: u64,
    /// How long it is.
    pub size: u64,
    /// Where it goes in the output.
    pub to: u64,
}

/// Copies all parts at once, each in a thread of its own, as one core cannot fill memory's
/// or a disk's bandwidth. File systems that can share the bytes instead of copying them do.
///
/// False if the system cannot copy between these files: then the output is unfinished, and
/// the bytes have to be read and written.
#[cfg(target_os = "linux")]
pub fn side_by_side(parts: &[Part<'_>], output: &File) -> bool {
    std::thread::scope(|scope| {
        let copies: Vec<_> = parts.iter().map(|part| scope.spawn(|| copy(*part, output))).collect();
        copies.into_iter().all(|copy| copy.join().unwrap_or(false))
    })
}

/// Elsewhere systems have no such call.
#[cfg(not(target_os = "linux"))]
pub fn side_by_side(_parts: &[Part<'_>], _output: &File) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn copy(part: Part<'_>, output: &File) -> bool {
    let (mut from, mut to, end) = (part.from, part.to, part.from.saturating_add(part.size));
    while from < end {
        let left = usize::try_from(end - from).unwrap_or(usize::MAX);
        match rustix::fs::copy_file_range(part.input, Some(&mut from), output, Some(&mut to), left)
        {
            // It moves both offsets by what it copied; none at the end of the input.
            Ok(1..) => {}
            Ok(0) | Err(_) => return false,
        }
    }
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read, Seek, Write};

    use super::*;

    #[test]
    fn parts_arrive_where_they_are_sent_and_a_short_input_is_told() {
        let mut input = tempfile::tempfile().unwrap();
        input.write_all(b"0123456789").unwrap();
        let mut output = tempfile::tempfile().unwrap();
        let part = |from, size, to| Part { input: &input, from, size, to };
        assert!(side_by_side(&[part(2, 3, 4), part(7, 2, 0)], &output));
        let mut text = Vec::new();
        output.rewind().unwrap();
        output.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"78\0\0234");
        assert!(!side_by_side(&[part(5, 6, 0)], &output));
    }
}
