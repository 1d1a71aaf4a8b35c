//! A static library as a slice: the processor that its members are for.
//!
//! The format is BSD's [ar](https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5), which
//! Apple's and LLVM's tools write for Mach-O, and GNU's where another tool made it.

use std::io::{Read, Seek};

use crate::macho::commands::Header;
use crate::macho::fat::bytes::bytes_at;
use crate::macho::fat::error::UniversalError;
use crate::macho::fat::slice::{Content, Slice};

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: u64 = 60;
/// How much of a name is read, in bytes. Only the names of symbol tables matter.
const NAME_LIMIT: u64 = 1024;

/// Reads the archive of `size` bytes at `offset`; none if it is not one.
pub(super) fn read<R: Read + Seek>(
    file: &mut R,
    offset: u64,
    size: u64,
) -> Result<Option<Slice>, UniversalError> {
    let magic_size = MAGIC.len() as u64;
    if size < magic_size || bytes_at(file, offset, magic_size)? != MAGIC {
        return Ok(None);
    }
    let mut first: Option<Header> = None;
    let mut at = magic_size;
    while at < size {
        let member = Member::read(file, offset + at, size - at)?;
        at = at.saturating_add(HEADER + member.size.next_multiple_of(2));
        if member.is_table() {
            continue;
        }
        let Some(header) = member.header else {
            let what = format!("has a member that is no Mach-O object: {}", member.name);
            return Err(UniversalError::Archive { what });
        };
        let other = *first.get_or_insert(header);
        if !other.cpu.is_same(header.cpu) {
            let what = format!("has members for {} and for {}", other.cpu, header.cpu);
            return Err(UniversalError::Archive { what });
        }
    }
    let header = first.ok_or(UniversalError::Archive { what: "has no members".into() })?;
    let align = if header.encoding.is_64 { 3 } else { 2 };
    Ok(Some(Slice { cpu: header.cpu, content: Content::Archive, offset, size, align }))
}

struct Member {
    name: String,
    /// The number of bytes behind the member's header, a long name included.
    size: u64,
    header: Option<Header>,
}

impl Member {
    /// Reads the member at `offset`, which has `space` bytes up to the archive's end.
    fn read<R: Read + Seek>(file: &mut R, offset: u64, space: u64) -> Result<Self, UniversalError> {
        let cut = UniversalError::Truncated { what: "a member of the static library" };
        let bytes = bytes_at(file, offset, HEADER)?;
        let text = |from: usize, to: usize| {
            bytes.get(from..to).map(|field| String::from_utf8_lossy(field).trim_end().to_owned())
        };
        let (Some(short), Some(digits)) = (text(0, 16), text(48, 58)) else { return Err(cut) };
        let malformed = UniversalError::Malformed { what: "a member's size is no number" };
        let size: u64 = digits.parse().map_err(|_| malformed)?;
        if size > space.saturating_sub(HEADER) {
            return Err(cut);
        }
        // A longer name lies at the start of the content; here is its length.
        let long = short.strip_prefix("#1/").and_then(|digits| digits.parse::<u64>().ok());
        let name_size = long.unwrap_or(0).min(size);
        let name = match long {
            Some(_) => bytes_at(file, offset + HEADER, name_size.min(NAME_LIMIT))?,
            None => short.into_bytes(),
        };
        let name = String::from_utf8_lossy(&name).trim_end_matches('\0').to_owned();
        let start = offset + HEADER + name_size;
        let content = bytes_at(file, start, (size - name_size).min(Header::LIMIT as u64))?;
        Ok(Self { name, size, header: Header::read(&content) })
    }

    /// Whether it is a table of symbols or, in GNU's format, of long names.
    fn is_table(&self) -> bool {
        self.name.starts_with("__.SYMDEF") || ["/", "//", "/SYM64/"].contains(&self.name.as_str())
    }
}
