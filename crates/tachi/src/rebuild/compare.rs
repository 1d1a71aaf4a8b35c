//! Two builds of a file, compared: which sections of an object file, which entries of an
//! archive differ. Pure.

use std::io::Read;

use tachi_binary::parts::{self, Part};
use tachi_schema::rebuild::{Difference, Variation};

use super::cause::{self, Cause};
use crate::package::formats;

/// How many differences of a file are told: one cause has many of them.
const LIMIT: usize = 8;

/// What differs between two builds of a file, the known causes first; nothing if they are the
/// same. `varied` is what was different between the builds.
pub fn differences(first: &[u8], second: &[u8], varied: &[Variation]) -> Vec<Difference> {
    if first == second {
        return Vec::new();
    }
    let mut found = match (entries(first), entries(second)) {
        (Some(ours), Some(theirs)) => of_archives(&ours, &theirs, varied),
        _ => of_files(first, second, varied),
    };
    if found.is_empty() {
        found.extend(cause::differences("compression or header", first, second, varied));
    }
    summed_up(found)
}

/// Orders differences; those without a cause of their own are one, where others have some.
fn summed_up(found: Vec<Difference>) -> Vec<Difference> {
    let (mut known, unknown): (Vec<_>, Vec<_>) = found.into_iter().partition(cause::is_known);
    known.truncate(LIMIT);
    if known.is_empty() {
        return unknown.into_iter().take(LIMIT).collect();
    }
    if let Some(first) = unknown.first() {
        let places: Vec<&str> = unknown.iter().map(|one| one.place.as_str()).collect();
        let more = if places.len() > LIMIT { ", …" } else { "" };
        known.push(Difference {
            place: format!("{}{more}", places[..places.len().min(LIMIT)].join(", ")),
            first: first.first.clone(),
            second: first.second.clone(),
            cause: "most likely follows from the others".into(),
            remedy: "fix those first".into(),
        });
    }
    known
}

fn of_files(first: &[u8], second: &[u8], varied: &[Variation]) -> Vec<Difference> {
    let (ours, theirs) = (parts::parts(first), parts::parts(second));
    if ours.is_empty() || theirs.is_empty() {
        return cause::differences("content", first, second, varied);
    }
    let mut found = Vec::new();
    let mut rest: Vec<&Part> = theirs.iter().collect();
    for part in &ours {
        let Some(at) = rest.iter().position(|other| other.name == part.name) else {
            found.push(only(&part.name, "the first"));
            continue;
        };
        let other = rest.remove(at);
        let (a, b) = (&first[part.range.clone()], &second[other.range.clone()]);
        if a != b {
            let at = part.range.start + cause::first_difference(a, b);
            let symbol = part.symbol(at).map(|name| format!(", symbol {name}"));
            let place = format!("{}{}", part.name, symbol.unwrap_or_default());
            found.extend(cause::differences(&place, a, b, varied));
        }
    }
    found.extend(rest.into_iter().map(|part| only(&part.name, "the second")));
    let (a, b) = (between(first, &ours), between(second, &theirs));
    if a != b {
        found.extend(cause::differences("headers and tables", &a, &b, varied));
    }
    found
}

/// What is in no part of a file.
fn between(bytes: &[u8], parts: &[Part]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut end = 0;
    for part in parts {
        out.extend(bytes.get(end..part.range.start).unwrap_or_default());
        end = end.max(part.range.end);
    }
    out.extend(bytes.get(end..).unwrap_or_default());
    out
}

fn only(name: &str, build: &str) -> Difference {
    let there = |other: &str| if build == other { "there" } else { "missing" }.to_owned();
    let cause = Cause::Unknown;
    Difference {
        place: name.to_owned(),
        first: there("the first"),
        second: there("the second"),
        cause: cause.sentence(),
        remedy: cause.remedy(),
    }
}

/// A file in an archive.
struct Entry {
    name: String,
    /// Time, owner and permissions, as far as the archive has them.
    header: String,
    bytes: Vec<u8>,
}

/// The entries of an archive that users download; none if this is no such archive.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    if let Some(entries) = tar_gz(bytes) {
        return Some(entries);
    }
    let mut entries = Vec::new();
    let mut keep = |name: &str, bytes: &[u8]| {
        entries.push(Entry { name: name.into(), header: String::new(), bytes: bytes.to_vec() });
    };
    let is_read = formats::is_archive(bytes) && formats::read(bytes, &mut keep).is_ok();
    (is_read && !entries.is_empty()).then_some(entries)
}

fn tar_gz(bytes: &[u8]) -> Option<Vec<Entry>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut entries = Vec::new();
    for entry in tar.entries().ok()? {
        let mut entry = entry.ok()?;
        let header = entry.header();
        let header = format!(
            "mtime={} mode={:o} uid={} gid={} user={} group={}",
            header.mtime().unwrap_or_default(),
            header.mode().unwrap_or_default(),
            header.uid().unwrap_or_default(),
            header.gid().unwrap_or_default(),
            header.username().ok().flatten().unwrap_or_default(),
            header.groupname().ok().flatten().unwrap_or_default(),
        );
        let name = entry.path().ok()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).ok()?;
        entries.push(Entry { name, header, bytes });
    }
    Some(entries)
}

fn of_archives(first: &[Entry], second: &[Entry], varied: &[Variation]) -> Vec<Difference> {
    let names = |entries: &[Entry]| {
        entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>().join("\n")
    };
    let mut found = Vec::new();
    for entry in first {
        let Some(other) = second.iter().find(|other| other.name == entry.name) else {
            found.push(only(&format!("entry {}", entry.name), "the first"));
            continue;
        };
        if entry.header != other.header {
            let (a, b) = (entry.header.as_bytes(), other.header.as_bytes());
            let place = format!("header of entry {}", entry.name);
            found.extend(cause::differences(&place, a, b, varied));
        }
        if entry.bytes != other.bytes {
            let inside = of_files(&entry.bytes, &other.bytes, varied);
            found.extend(inside.into_iter().map(|difference| Difference {
                place: format!("entry {}: {}", entry.name, difference.place),
                ..difference
            }));
        }
    }
    let is_new = |entry: &&Entry| first.iter().all(|other| other.name != entry.name);
    let new = second.iter().filter(is_new);
    found.extend(new.map(|entry| only(&format!("entry {}", entry.name), "the second")));
    let (ours, theirs) = (names(first), names(second));
    if found.is_empty() && ours != theirs {
        let (ours, theirs) = (ours.as_bytes(), theirs.as_bytes());
        found.extend(cause::differences("order of entries", ours, theirs, varied));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(entries: &[(&str, &[u8], u64)]) -> Vec<u8> {
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gzip);
        for (name, bytes, mtime) in entries {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(*mtime);
            tar.append_data(&mut header, name, *bytes).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    /// What differs, as `place: cause`.
    fn told(first: &[u8], second: &[u8]) -> Vec<String> {
        let varied = [Variation {
            what: "folder".into(),
            first: "/home/me/app".into(),
            second: "/elsewhere/at/all".into(),
        }];
        let found = differences(first, second, &varied);
        found.into_iter().map(|one| format!("{}: {}", one.place, one.cause)).collect()
    }

    #[test]
    fn archives_are_compared_entry_by_entry() {
        let (a, b): (&[u8], &[u8]) = (b"alpha\n", b"beta\n");
        let one = packed(&[("entry a", a, 1_500_000_000), ("entry b", b, 1_500_000_000)]);
        let cases = [
            (packed(&[("entry a", a, 1_500_000_000), ("entry b", b, 1_500_000_000)]), vec![]),
            (
                packed(&[("entry b", b, 1_500_000_000), ("entry a", a, 1_500_000_000)]),
                vec!["order of entries: the same things are in another order"],
            ),
            (
                packed(&[("entry a", a, 1_500_000_000), ("entry b", b, 1_600_000_000)]),
                vec!["header of entry entry b: the time of the build is in it"],
            ),
            (packed(&[("entry a", a, 1_500_000_000)]), vec!["entry entry b: not known"]),
            (
                packed(&[
                    ("entry a", a, 1_500_000_000),
                    ("entry b", b"/elsewhere/at/all", 1_500_000_000),
                ]),
                vec!["entry entry b: content: the folder of the build is in it"],
            ),
        ];
        for (other, expected) in cases {
            assert_eq!(told(&one, &other), expected);
        }
    }

    #[test]
    fn the_same_content_in_another_compression_is_told_so() {
        let bytes = [("a", &b"alpha alpha alpha alpha"[..], 1_500_000_000)];
        let fast = packed(&bytes);
        let mut tar = Vec::new();
        flate2::read::GzDecoder::new(fast.as_slice()).read_to_end(&mut tar).unwrap();
        let mut best = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        best.write_all(&tar).unwrap();
        let told = told(&fast, &best.finish().unwrap());
        assert!(told[0].starts_with("compression or header: "), "{told:?}");
    }

    /// This program, with one byte of its code and one of its texts changed.
    #[test]
    fn a_changed_section_is_named_with_its_symbol() {
        let program = std::env::current_exe().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a real file: this program")]
        let first = std::fs::read(program).unwrap();
        let parts = parts::parts(&first);
        let text = parts.iter().find(|part| part.name.ends_with("text")).unwrap();
        let (place, symbol) = &text.symbols[text.symbols.len() / 2];
        let mut second = first.clone();
        second[*place] ^= 0x80;
        let found = told(&first, &second);
        let expected = text.symbol(*place).unwrap();
        assert_eq!(found.len(), 1, "{found:?}, {symbol}");
        assert!(found[0].starts_with(&format!("{}, symbol {expected}: ", text.name)), "{found:?}");
    }
}
