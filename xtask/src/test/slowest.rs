//! The slowest tests, as far as their runner prints times: where to look when the whole run takes
//! too long.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::counts::plain;

/// How many are named.
const NAMED: usize = 10;

/// Seconds by the name of a test.
pub(crate) type Times = BTreeMap<String, f64>;

/// From the output of `cargo nextest run`: `PASS [   1.234s] (3/9) package::executable module::test`.
/// `cargo test` prints no times.
pub(crate) fn of_nextest(output: &str) -> Times {
    output.lines().filter_map(|line| of_line(&plain(line))).collect()
}

fn of_line(line: &str) -> Option<(String, f64)> {
    let (ending, rest) = line.trim_start().split_once(" [")?;
    // `SLOW [> 60.000s]` is about a test that still runs.
    if !ending.chars().all(|c| c.is_ascii_uppercase() || c == '-') || ending == "SLOW" {
        return None;
    }
    let (seconds, rest) = rest.split_once("s] ")?;
    let name = rest.trim_start();
    let name = match name.strip_prefix('(').and_then(|name| name.split_once(") ")) {
        Some((_, name)) => name,
        None => name,
    };
    Some((name.trim().to_owned(), seconds.trim().parse().ok()?))
}

/// The slowest tests, one a line; no text where no times are known.
pub(crate) fn table<'a>(times: impl Iterator<Item = &'a Times>) -> String {
    let mut all: Vec<(&str, f64)> =
        times.flatten().map(|(name, &seconds)| (name.as_str(), seconds)).collect();
    all.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut text = String::new();
    if !all.is_empty() {
        text.push_str("slowest tests\n");
    }
    for (name, seconds) in all.iter().take(NAMED) {
        let _ = writeln!(text, "{seconds:>8.1} s  {name}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_every_ending_once() {
        let output = "   Compiling x v0.1.0\n\
            \x20       PASS [   0.210s] (1/3) xtask::bin/xtask test::one\n\
            \u{1b}[32;1m        PASS\u{1b}[0m [  61.000s] (2/3) cargo-tachi::e2e gate::two\n\
            \x20       SLOW [> 60.000s] (───) cargo-tachi::e2e gate::two\n\
            \x20       FAIL [   3.500s] (3/3) tachi three\n\
            \x20    Summary [  64.0s] 3 tests run: 2 passed, 1 failed, 0 skipped\n\
            \x20       FAIL [   3.500s] (3/3) tachi three\n";
        let times = of_nextest(output);
        let expected = [
            ("cargo-tachi::e2e gate::two", 61.0),
            ("tachi three", 3.5),
            ("xtask::bin/xtask test::one", 0.21),
        ];
        let expected: Times = expected.map(|(name, time)| (name.to_owned(), time)).into();
        assert_eq!(times, expected);
    }

    #[test]
    fn the_ten_slowest_of_all_phases_are_named_in_order() {
        let times = |from: u32| -> Times {
            (from..from + 8).map(|n| (format!("test {n}"), f64::from(n))).collect()
        };
        let table = table([times(0), times(8)].iter());
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 1 + NAMED);
        assert_eq!((lines[1], lines[10]), ("    15.0 s  test 15", "     6.0 s  test 6"));
        assert_eq!(super::table([Times::new()].iter()), "");
    }
}
