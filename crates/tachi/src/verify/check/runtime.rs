//! What systems with a given glibc have beside it.
//!
//! The versions are those of the distributions behind each manylinux policy of
//! [auditwheel](https://github.com/pypa/auditwheel), for x86-64.

use tachi_binary::Version;

/// What comes with a glibc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Runtime {
    glibc: Version,
    /// The highest `GLIBCXX_…` of libstdc++.
    pub(super) glibcxx: Version,
    /// The highest `CXXABI_…` of libstdc++.
    pub(super) cxxabi: Version,
    /// The highest `GCC_…` of libgcc.
    pub(super) gcc: Version,
    /// The oldest kernel of the distributions that have it.
    pub(super) kernel: Version,
}

const fn runtime(
    glibc: (u32, u32),
    glibcxx: u32,
    cxxabi: u32,
    gcc: (u32, u32),
    kernel: (u32, u32),
) -> Runtime {
    Runtime {
        glibc: Version::new(glibc.0, glibc.1, 0),
        glibcxx: Version::new(3, 4, glibcxx),
        cxxabi: Version::new(1, 3, cxxabi),
        gcc: Version::new(gcc.0, gcc.1, 0),
        kernel: Version::new(kernel.0, kernel.1, 0),
    }
}

const RUNTIMES: &[Runtime] = &[
    runtime((2, 5), 8, 1, (4, 2), (2, 6)),
    runtime((2, 12), 13, 3, (4, 3), (2, 6)),
    runtime((2, 17), 19, 7, (4, 8), (3, 10)),
    runtime((2, 24), 22, 10, (4, 8), (4, 4)),
    runtime((2, 27), 24, 11, (7, 0), (4, 15)),
    runtime((2, 28), 24, 11, (7, 0), (4, 18)),
    runtime((2, 31), 28, 12, (7, 0), (5, 4)),
    runtime((2, 34), 29, 13, (7, 0), (5, 14)),
    runtime((2, 35), 30, 13, (12, 0), (5, 15)),
    runtime((2, 36), 30, 13, (12, 0), (6, 1)),
    runtime((2, 39), 33, 15, (14, 0), (6, 8)),
];

/// What systems with `glibc` have at least; none if the table has no version that old.
pub(super) fn beside(glibc: Version) -> Option<Runtime> {
    RUNTIMES.iter().rev().find(|runtime| runtime.glibc <= glibc).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_row_up_to_a_version_counts() {
        let glibcxx = |minor| Some(beside(Version::new(2, minor, 0))?.glibcxx);
        for (minor, expected) in
            [(4, None), (5, Some(8)), (17, Some(19)), (30, Some(24)), (99, Some(33))]
        {
            assert_eq!(
                glibcxx(minor),
                expected.map(|patch| Version::new(3, 4, patch)),
                "2.{minor}"
            );
        }
        assert!(RUNTIMES.is_sorted_by_key(|runtime| runtime.glibc));
    }
}
