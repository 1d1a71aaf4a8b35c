//! ELF symbol versions: those that a file needs of each library, and the oldest library that
//! has them all.
//!
//! Format: [Linux Standard Base, symbol versioning](https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html).

use object::elf::{self, Vernaux, Verneed};
use object::pod::from_bytes;
use serde::Serialize;

use crate::bytes::name_at;
use crate::error::BinaryError;
use crate::format::Format;
use crate::version::Version;

/// Version indices have 15 bits, so no honest file has more versions.
const VERSION_LIMIT: usize = 0x7fff;

/// The versions that a file needs of one library (one `Verneed`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionNeed {
    /// The library's name as `DT_NEEDED` has it.
    pub library: String,
    /// The versions in the order of the file.
    pub versions: Vec<SymbolVersion>,
}

/// A version that symbols are bound to (one `Vernaux`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SymbolVersion {
    /// The version's name: `GLIBC_2.17`, `GCC_3.0`, ….
    pub name: String,
    /// Whether only weak symbols use it: the loader then accepts a library without it.
    pub weak: bool,
}

/// The oldest runtime libraries that have every version a file needs. Weak versions do not
/// count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VersionFloors {
    /// The highest `GLIBC_x.y`. `GLIBC_ABI_DT_RELR` counts as 2.36, which introduced it.
    pub glibc: Option<Version>,
    /// Whether the file uses `GLIBC_PRIVATE`: it then runs only with the very glibc that it was
    /// linked with.
    pub glibc_private: bool,
    /// Versions that begin with `GLIBC_` and name no known release, such as future
    /// `GLIBC_ABI_…` markers. With one of them, [`glibc`](Self::glibc) may be too low.
    pub glibc_unknown: Vec<String>,
    /// The highest `GLIBCXX_x.y.z`, of libstdc++.
    pub glibcxx: Option<Version>,
    /// The highest `CXXABI_x.y.z`, of libstdc++.
    pub cxxabi: Option<Version>,
    /// The highest `GCC_x.y.z`, of `libgcc_s`.
    pub gcc: Option<Version>,
}

impl VersionFloors {
    /// The floors that follow from `needs`.
    pub fn of(needs: &[VersionNeed]) -> Self {
        let mut floors = Self::default();
        for version in needs.iter().flat_map(|need| &need.versions).filter(|one| !one.weak) {
            floors.raise(&version.name);
        }
        floors.glibc_unknown.sort();
        floors.glibc_unknown.dedup();
        floors
    }

    fn raise(&mut self, name: &str) {
        let Some((family, rest)) = name.split_once('_') else {
            return;
        };
        let version = rest.parse::<Version>().ok();
        match (family, rest) {
            ("GLIBC", "PRIVATE") => self.glibc_private = true,
            ("GLIBC", "ABI_DT_RELR") => self.glibc = self.glibc.max(Some(Version::new(2, 36, 0))),
            ("GLIBC", _) if version.is_none() => self.glibc_unknown.push(name.to_owned()),
            ("GLIBC", _) => self.glibc = self.glibc.max(version),
            ("GLIBCXX", _) => self.glibcxx = self.glibcxx.max(version),
            ("CXXABI", _) => self.cxxabi = self.cxxabi.max(version),
            ("GCC", _) => self.gcc = self.gcc.max(version),
            _ => {}
        }
    }
}

/// The place of a version among the needs, for the number by which symbols refer to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VersionPlace {
    pub(crate) index: u16,
    pub(crate) need: usize,
    pub(crate) version: usize,
}

/// Reads `count` needs from `data`, which begins at `DT_VERNEED`, with names from `strings`.
/// The second value has the places of the versions, sorted by number.
pub(crate) fn read(
    data: &[u8],
    count: u64,
    strings: &[u8],
    endian: object::Endianness,
) -> Result<(Vec<VersionNeed>, Vec<VersionPlace>), BinaryError> {
    let mut needs = Vec::new();
    let mut places = Vec::new();
    let mut total = 0_usize;
    let mut at = 0_usize;
    for _ in 0..count {
        let need: &Verneed<_> = structure(data, at)?;
        let mut versions = Vec::new();
        let mut aux_at = step(at, need.vn_aux.get(endian))?;
        for _ in 0..need.vn_cnt.get(endian) {
            let aux: &Vernaux<_> = structure(data, aux_at)?;
            places.push(VersionPlace {
                index: aux.vna_other(endian).index().0,
                need: needs.len(),
                version: versions.len(),
            });
            versions.push(SymbolVersion {
                name: name_at(strings, aux.vna_name.get(endian).into(), Format::Elf)?,
                weak: aux.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 != 0,
            });
            total += 1;
            if total > VERSION_LIMIT {
                return Err(malformed("it needs more versions than can exist"));
            }
            match aux.vna_next.get(endian) {
                0 => break,
                next => aux_at = step(aux_at, next)?,
            }
        }
        let library = name_at(strings, need.vn_file.get(endian).into(), Format::Elf)?;
        needs.push(VersionNeed { library, versions });
        if needs.len() > VERSION_LIMIT {
            return Err(malformed("it needs versions of more libraries than can exist"));
        }
        match need.vn_next.get(endian) {
            0 => break,
            next => at = step(at, next)?,
        }
    }
    places.sort_by_key(|place| place.index);
    Ok((needs, places))
}

fn structure<T: object::Pod>(data: &[u8], at: usize) -> Result<&T, BinaryError> {
    data.get(at..)
        .and_then(|tail| from_bytes(tail).ok())
        .map(|(value, _)| value)
        .ok_or_else(|| malformed("its table of needed versions ends too early"))
}

fn step(at: usize, by: u32) -> Result<usize, BinaryError> {
    usize::try_from(by)
        .ok()
        .and_then(|by| at.checked_add(by))
        .ok_or_else(|| malformed("its table of needed versions ends too early"))
}

fn malformed(what: &str) -> BinaryError {
    BinaryError::malformed(Format::Elf, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floors(names: &[(&str, bool)]) -> VersionFloors {
        let versions = names
            .iter()
            .map(|(name, weak)| SymbolVersion { name: (*name).to_owned(), weak: *weak })
            .collect();
        VersionFloors::of(&[VersionNeed { library: "libc.so.6".into(), versions }])
    }

    #[test]
    fn the_highest_version_that_is_not_weak_is_the_floor() {
        for (names, glibc) in [
            (&[][..], None),
            (&[("GLIBC_2.2.5", false)], Some(Version::new(2, 2, 5))),
            (&[("GLIBC_2.9", false), ("GLIBC_2.17", false)], Some(Version::new(2, 17, 0))),
            (&[("GLIBC_2.39", true), ("GLIBC_2.17", false)], Some(Version::new(2, 17, 0))),
            (&[("GLIBC_2.17", false), ("GLIBC_ABI_DT_RELR", false)], Some(Version::new(2, 36, 0))),
            (&[("GLIBC_2.38", false), ("GLIBC_ABI_DT_RELR", false)], Some(Version::new(2, 38, 0))),
            (&[("GLIBCXX_3.4.30", false)], None),
            (&[("GLIBC_PRIVATE", false)], None),
        ] {
            assert_eq!(floors(names).glibc, glibc, "{names:?}");
        }
    }

    #[test]
    fn other_libraries_have_floors_of_their_own() {
        let found = floors(&[
            ("GLIBCXX_3.4.9", false),
            ("GLIBCXX_3.4.30", false),
            ("CXXABI_1.3.11", false),
            ("CXXABI_FLOAT128", false),
            ("GCC_3.0", false),
            ("GCC_4.2.0", false),
            ("OPENSSL_3.0.0", false),
            ("nothing", false),
        ]);
        assert_eq!(found.glibcxx, Some(Version::new(3, 4, 30)));
        assert_eq!(found.cxxabi, Some(Version::new(1, 3, 11)));
        assert_eq!(found.gcc, Some(Version::new(4, 2, 0)));
        assert_eq!(found.glibc, None);
    }

    #[test]
    fn private_and_unknown_versions_of_glibc_are_reported() {
        let found = floors(&[("GLIBC_PRIVATE", false), ("GLIBC_ABI_NEWER", false)]);
        assert!(found.glibc_private);
        assert_eq!(found.glibc_unknown, ["GLIBC_ABI_NEWER"]);
    }
}
