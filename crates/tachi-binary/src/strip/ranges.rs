//! Parts of a file, joined where they touch, to ask what lies in them.

/// Ranges of bytes in ascending order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// From pairs of start and end; empty ones count for nothing.
    pub(super) fn new(ranges: impl Iterator<Item = (u64, u64)>) -> Self {
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

    /// Whether any byte from `start` to before `end` is in them.
    pub(super) fn touch(&self, start: u64, end: u64) -> bool {
        let behind = self.0.partition_point(|range| range.1 <= start);
        start < end && self.0.get(behind).is_some_and(|range| range.0 < end)
    }

    /// Where the last one ends.
    pub(super) fn end(&self) -> u64 {
        self.0.last().map_or(0, |range| range.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_touched_from_its_first_byte_to_its_last() {
        let ranges = Ranges::new([(10, 20), (5, 5), (30, 40), (20, 22)].into_iter());
        assert_eq!(ranges, Ranges(vec![(10, 22), (30, 40)]));
        assert_eq!(ranges.end(), 40);
        for (start, end, touched) in [
            (0, 10, false),
            (0, 11, true),
            (21, 22, true),
            (22, 30, false),
            (22, 31, true),
            (39, 50, true),
            (40, 50, false),
            (15, 15, false),
        ] {
            assert_eq!(ranges.touch(start, end), touched, "{start}..{end}");
        }
    }
}
