//! Tables of names, as symbols and sections have them: each name ends in a zero byte, and a name
//! that is the end of another lies in the other.

/// How many times the bytes of a table may be read as names. Linkers let names share their ends;
/// without a limit a small file could name one long end many times.
const SHARED: usize = 16;

/// Reads names out of a table.
#[derive(Debug)]
pub(crate) struct Names<'bytes> {
    table: &'bytes [u8],
    /// The number of bytes that may still be read.
    budget: usize,
}

impl<'bytes> Names<'bytes> {
    /// A reader for a table in which `count` names are looked up.
    pub(crate) fn new(table: &'bytes [u8], count: usize) -> Self {
        Self { table, budget: table.len().saturating_add(count).saturating_mul(SHARED) }
    }

    /// The name that begins at `offset`; none if it does not end in the table, or if more bytes
    /// were read than an honest file needs.
    pub(crate) fn at(&mut self, offset: u32) -> Option<&'bytes [u8]> {
        let rest = self.table.get(offset as usize..)?;
        let length = rest.iter().take(self.budget).position(|&byte| byte == 0)?;
        self.budget = self.budget.saturating_sub(length);
        rest.get(..length)
    }
}

/// A table under construction.
#[derive(Debug, Default)]
pub(crate) struct Table<'bytes> {
    names: Vec<(&'bytes [u8], usize)>,
}

/// A finished table, with the places of the names in the order in which they were added.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finished {
    pub(crate) bytes: Vec<u8>,
    pub(crate) offsets: Vec<u32>,
}

impl<'bytes> Table<'bytes> {
    pub(crate) fn add(&mut self, name: &'bytes [u8]) {
        self.names.push((name, self.names.len()));
    }

    /// The finished table. It begins with the empty name, as ELF and Mach-O require. None if an
    /// offset needs more than 32 bits.
    pub(crate) fn finish(mut self) -> Option<Finished> {
        let mut offsets = vec![0; self.names.len()];
        // In descending order of the reversed names, a name comes right behind one that ends in
        // it.
        self.names
            .sort_unstable_by(|(one, _), (other, _)| other.iter().rev().cmp(one.iter().rev()));
        let mut bytes = vec![0];
        let mut previous: (&[u8], usize) = (&[], 0);
        for (name, index) in self.names {
            if !previous.0.ends_with(name) {
                previous = (name, bytes.len());
                bytes.extend_from_slice(name);
                bytes.push(0);
            }
            let offset = previous.1 + previous.0.len() - name.len();
            if let Some(place) = offsets.get_mut(index) {
                *place = if name.is_empty() { 0 } else { u32::try_from(offset).ok()? };
            }
        }
        Some(Finished { bytes, offsets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_the_end_of_others_take_no_space() {
        let mut table = Table::default();
        for name in ["bar", "", "foobar", "ar", "baz", "bar"] {
            table.add(name.as_bytes());
        }
        let Finished { bytes, offsets } = table.finish().unwrap();
        assert_eq!(bytes.len(), "\0foobar\0baz\0".len());
        let mut names = Names::new(&bytes, 0);
        let found: Vec<_> = offsets.iter().map(|&offset| names.at(offset).unwrap()).collect();
        assert_eq!(found, [&b"bar"[..], b"", b"foobar", b"ar", b"baz", b"bar"]);
    }

    #[test]
    fn names_lie_in_their_table_and_are_read_a_limited_number_of_times() {
        let mut names = Names::new(b"\0abc\0def", 0);
        assert_eq!(names.at(2).unwrap(), b"bc");
        assert_eq!(names.at(5), None, "it does not end");
        assert_eq!(names.at(9), None);
        assert!((0..100).any(|_| names.at(1).is_none()));
        assert_eq!(names.at(0).unwrap_or(b""), b"");
    }
}
