//! Why two builds of the same part of a file differ, most likely: what varied between the
//! builds and shows in the bytes, the time, or an order. Pure.

use std::collections::BTreeSet;

use tachi_schema::rebuild::{Difference, Variation};

/// The shortest text that is looked at: shorter ones are in any code.
const SHORTEST: usize = 4;
/// The shortest value of a condition that is looked for inside of texts: `0022` is in many.
const TELLING: usize = 6;
/// How much of a text is shown around what tells the cause, in characters to either side.
const SHOWN: usize = 40;
/// How many texts are compared with all others.
const TEXTS: usize = 500;
/// Seconds since 1970 that are taken for times: of 2014 to 2037.
const TIMES: std::ops::Range<u64> = 1_400_000_000..2_145_000_000;

/// The differences between `first` and `second`, the bytes of one part of a file in two
/// builds: one for each likely cause, or one without. `place` says which part, `varied` what
/// else was different.
pub fn differences(
    place: &str,
    first: &[u8],
    second: &[u8],
    varied: &[Variation],
) -> Vec<Difference> {
    let (ours, theirs) = (texts(first), texts(second));
    let only_first: Vec<&str> = ours.difference(&theirs).map(String::as_str).collect();
    let only_second: Vec<&str> = theirs.difference(&ours).map(String::as_str).collect();
    let mut found: Vec<Found> = Vec::new();
    found.extend(of_condition(&only_first, &only_second, varied));
    found.extend(of_order(first, second, &only_first, &only_second));
    found.extend(of_time(&only_first, &only_second));
    if found.is_empty() {
        found.extend(of_number(first, second));
    }
    if found.is_empty() {
        let at = first_difference(first, second);
        found.push((hex(first, at), hex(second, at), Cause::Unknown));
    }
    found
        .into_iter()
        .map(|(first, second, cause)| Difference {
            place: place.to_owned(),
            first,
            second,
            cause: cause.sentence(),
            remedy: cause.remedy(),
        })
        .collect()
}

/// Whether `difference` has a cause that is known.
pub fn is_known(difference: &Difference) -> bool {
    difference.cause != Cause::Unknown.sentence()
}

/// A likely cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// What varied between the builds.
    Condition(String),
    /// The order of things that are the same.
    Order,
    /// The time of the build.
    Time,
    /// None of these.
    Unknown,
}

impl Cause {
    /// For people, in a few words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Condition(what) => format!("the {what} of the build is in it"),
            Self::Order => "the same things are in another order".into(),
            Self::Time => "the time of the build is in it".into(),
            Self::Unknown => "not known".into(),
        }
    }

    /// What to do.
    pub fn remedy(&self) -> String {
        match self {
            Self::Condition(what) if is_folder(what) => {
                "paths of source files are replaced, but not those that a program asks for: look for \
                 env!(\"CARGO_MANIFEST_DIR\"), env!(\"OUT_DIR\") and build scripts that write paths, and use \
                 include_str!, include_bytes! or relative paths; see docs/reproducible.md"
            }
            Self::Condition(_) => {
                "look for build scripts and macros that read the environment, and take the value from a file of \
                 the sources instead"
            }
            Self::Order => {
                "look for build scripts and macros that write what they walk through in the order of a HashMap, of \
                 a folder's listing or of threads: sort it, or use a BTreeMap"
            }
            Self::Time => {
                "look for build scripts and macros that ask the clock: SOURCE_DATE_EPOCH is the time to take, in \
                 seconds since 1970; __DATE__ and __TIME__ in C follow it by themselves"
            }
            Self::Unknown => "compare the two files, best with diffoscope; see docs/reproducible.md",
        }
        .to_owned()
    }
}

fn is_folder(what: &str) -> bool {
    matches!(
        what,
        "folder"
            | "target folder"
            | "cargo's home"
            | "kit cache"
            | "home folder"
            | "temporary folder"
    )
}

type Found = (String, String, Cause);

/// A condition whose values are in what only one of the files says.
fn of_condition(first: &[&str], second: &[&str], varied: &[Variation]) -> Option<Found> {
    varied.iter().find_map(|condition| {
        let holds = |texts: &[&str], value: &str| {
            let is_in = |text: &&&str| {
                // Short values are in many a text by chance.
                if value.len() < TELLING { **text == value } else { text.contains(value) }
            };
            let text = texts.iter().find(is_in)?;
            (!value.is_empty()).then(|| around(text, text.find(value).unwrap_or(0)))
        };
        let (ours, theirs) = (holds(first, &condition.first), holds(second, &condition.second));
        // One of them may be cut where the other is not: paths have different lengths.
        let either = ours.is_some() || (theirs.is_some() && condition.second.len() >= TELLING);
        let cause = Cause::Condition(condition.what.clone());
        either.then(|| (ours.unwrap_or_default(), theirs.unwrap_or_default(), cause))
    })
}

/// The same bytes in another order, in all or in one text.
fn of_order(first: &[u8], second: &[u8], ours: &[&str], theirs: &[&str]) -> Option<Found> {
    let is_reordered = |a: &[u8], b: &[u8]| {
        let count = |bytes: &[u8]| {
            let mut counts = [0_usize; 256];
            for &byte in bytes {
                counts[usize::from(byte)] += 1;
            }
            counts
        };
        // In a few bytes it would be chance.
        a.len() == b.len() && a.len() >= 12 && count(a) == count(b)
    };
    if is_reordered(first, second) {
        let at = first_difference(first, second);
        return Some((shown(first, at), shown(second, at), Cause::Order));
    }
    ours.iter().take(TEXTS).find_map(|a| {
        let b = theirs.iter().find(|b| is_reordered(a.as_bytes(), b.as_bytes()))?;
        let at = first_difference(a.as_bytes(), b.as_bytes());
        Some((around(a, at), around(b, at), Cause::Order))
    })
}

/// Times of day and dates, where the files say different ones.
fn of_time(first: &[&str], second: &[&str]) -> Option<Found> {
    let time = |texts: &[&str]| texts.iter().find_map(|text| Some(around(text, time_in(text)?)));
    Some((time(first)?, time(second)?, Cause::Time))
}

/// Where a text has a date (`2026-11-22`), a time of day (`22:04:59`) or seconds since 1970.
fn time_in(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is = |at: usize, pattern: &str| {
        bytes.get(at..at + pattern.len()).is_some_and(|part| {
            part.iter().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                other => *byte == other,
            })
        })
    };
    (0..bytes.len()).find(|&at| {
        let begins = at == 0 || !bytes[at - 1].is_ascii_digit();
        let seconds = || {
            let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            // Seconds, milliseconds, or nanoseconds.
            matches!(digits, 10 | 13 | 19)
                && text[at..at + 10].parse().is_ok_and(|seconds| TIMES.contains(&seconds))
        };
        begins && (is(at, "2000-00-00") || is(at, "00:00:00") || seconds())
    })
}

/// A number at the first difference that is a time in both, not many years apart.
fn of_number(first: &[u8], second: &[u8]) -> Option<Found> {
    if first.len() != second.len() {
        return None;
    }
    // Code and tables that have moved are full of numbers that could be times.
    if first.iter().zip(second).filter(|(a, b)| a != b).count() > 8 {
        return None;
    }
    let at = first_difference(first, second);
    let number = |bytes: &[u8], start: usize| {
        let word: [u8; 4] = bytes.get(start..start + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(word))).filter(|seconds| TIMES.contains(seconds))
    };
    let is_near = |a: u64, b: u64| a.abs_diff(b) < 5 * 365 * 86_400;
    let start = (at.saturating_sub(3)..=at).find(|&start| {
        number(first, start).zip(number(second, start)).is_some_and(|(a, b)| is_near(a, b))
    })?;
    let text = |bytes| number(bytes, start).map_or_else(String::new, |time| time.to_string());
    Some((text(first), text(second), Cause::Time))
}

/// The texts in bytes: runs of printable ASCII.
fn texts(bytes: &[u8]) -> BTreeSet<String> {
    bytes
        .split(|byte| !(0x20..0x7f).contains(byte))
        .filter(|run| run.len() >= SHORTEST)
        .map(|run| String::from_utf8_lossy(run).into_owned())
        .collect()
}

/// Where two byte strings begin to differ.
pub fn first_difference(first: &[u8], second: &[u8]) -> usize {
    let same = first.iter().zip(second).take_while(|(a, b)| a == b);
    same.count()
}

/// A part of an ASCII text.
fn around(text: &str, at: usize) -> String {
    let end = text.len().min(at + 2 * SHOWN);
    text[at.saturating_sub(SHOWN / 2)..end].to_owned()
}

fn shown(bytes: &[u8], at: usize) -> String {
    let part = &bytes[at.min(bytes.len())..bytes.len().min(at + SHOWN)];
    let printable = part.iter().filter(|byte| (0x20..0x7f).contains(*byte)).count();
    if printable * 4 > part.len() * 3 { part.escape_ascii().to_string() } else { hex(bytes, at) }
}

fn hex(bytes: &[u8], at: usize) -> String {
    let part = &bytes[at.min(bytes.len())..bytes.len().min(at + 8)];
    if part.is_empty() {
        return "nothing".into();
    }
    part.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied() -> Vec<Variation> {
        let row = |what: &str, first: &str, second: &str| Variation {
            what: what.into(),
            first: first.into(),
            second: second.into(),
        };
        vec![
            row("folder", "/home/me/app", "/tmp/x/another"),
            row("home folder", "/home/me", "/tmp/x/homes/y"),
            row("user", "me", "tachi-rebuild"),
            row("jobs", "2", "3"),
        ]
    }

    #[test]
    fn each_cause_is_told_from_the_bytes() {
        let cases: &[(&[u8], &[u8], &str)] = &[
            (b"\0at /home/me/app/src\0", b"\0at /tmp/x/another/src\0", "the folder"),
            (b"\0/home/me/.x\0", b"\0/tmp/x/homes/y/.x\0", "the home folder"),
            (b"by me\0", b"by tachi-rebuild\0", "the user"),
            (b"built 2026-11-22 10:00:00", b"built 2026-11-23 13:01:02", "the time"),
            (b"\0\0built 1795384800\0", b"\0\0built 1795484801\0", "the time"),
            (&[0, 0, 0x20, 0x3c, 0x02, 0x6b, 0], &[0, 0, 0x21, 0x3c, 0x03, 0x6b, 0], "the time"),
            (b"alpha;beta;gamma;delta;", b"gamma;alpha;delta;beta;", "the same things"),
            (b"\x01\x02\x03\x04", b"\x01\x02\x05\x04", "not known"),
            (b"abcd2", b"abcd3", "not known"),
        ];
        for (first, second, cause) in cases {
            let found = differences("p", first, second, &varied());
            assert_eq!(found.len(), 1, "{first:?} gave {found:?}");
            assert!(found[0].cause.starts_with(cause), "{first:?} gave {found:?}");
            assert_eq!(is_known(&found[0]), *cause != "not known");
            assert!(!found[0].remedy.is_empty());
        }
    }

    #[test]
    fn what_is_shown_is_the_place_that_tells_each_cause() {
        let first = b"\0x/home/me/app/a\0one,two,three,four\0on 2026-11-22\0";
        let second = b"\0x/tmp/x/another/a\0two,one,four,three\0on 2026-11-23\0";
        let found = differences("p", first, second, &varied());
        let shown: Vec<_> =
            found.iter().map(|one| (one.first.as_str(), one.second.as_str())).collect();
        let expected = [
            ("x/home/me/app/a", "x/tmp/x/another/a"),
            ("one,two,three,four", "two,one,four,three"),
            ("on 2026-11-22", "on 2026-11-23"),
        ];
        assert_eq!(shown, expected);
        let found = &differences("p", b"\x01\x02", b"\x01", &varied())[0];
        assert_eq!((found.first.as_str(), found.second.as_str()), ("02", "nothing"));
    }
}
