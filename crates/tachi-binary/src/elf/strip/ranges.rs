//! Parts of a file, joined where they touch.

/// Ranges of bytes in ascending order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Joins pairs of start and end. Empty pairs do not count.
    pub(crate) fn new(ranges: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut sorted: Vec<(u64, u64)> = ranges.filter(|(start, end)| start < end).collect();
        sorted.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::new();
        for (start, end) in sorted {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self(joined)
    }

    /// The start and the end of each range.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied()
    }

    /// Whether one range has all bytes from `start` to before `end`, at least one byte.
    pub(crate) fn hold(&self, start: u64, end: u64) -> bool {
        let behind = self.0.partition_point(|range| range.1 <= start);
        let range = self.0.get(behind);
        start < end && range.is_some_and(|range| range.0 <= start && end <= range.1)
    }

    /// Where the last range ends.
    pub(crate) fn end(&self) -> u64 {
        self.0.last().map_or(0, |range| range.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_held_if_one_range_has_all_of_it() {
        let ranges = Ranges::new([(10, 20), (5, 5), (30, 40), (20, 22)].into_iter());
        assert_eq!(ranges.iter().collect::<Vec<_>>(), [(10, 22), (30, 40)]);
        assert_eq!(ranges.end(), 40);
        for (start, end, is_held) in [
            (9, 11, false),
            (10, 11, true),
            (19, 22, true),
            (21, 23, false),
            (20, 31, false),
            (30, 40, true),
            (39, 41, false),
            (40, 41, false),
            (15, 15, false),
        ] {
            assert_eq!(ranges.hold(start, end), is_held, "{start}..{end}");
        }
    }
}
