//! Seconds since 1970 as text, and the time that a build has; it is never the clock's.

use crate::sys::env::Environment;

/// The time that a build may state: `SOURCE_DATE_EPOCH`, else the commit's time.
pub fn build_time(environment: &Environment, commit_time: Option<u64>) -> Option<u64> {
    environment.var("SOURCE_DATE_EPOCH").and_then(|value| value.parse().ok()).or(commit_time)
}

/// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC: `2026-01-31T23:59:59Z`.
pub fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day since 1970, in the Gregorian calendar; the
/// [algorithm](https://howardhinnant.github.io/date_algorithms.html#civil_from_days) counts
/// years from March, so that leap days come last.
fn civil(days: u64) -> (u64, u64, u64) {
    let since_0000_03_01 = days + 719_468;
    let (era, day_of_era) = (since_0000_03_01 / 146_097, since_0000_03_01 % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_dates() {
        // Compared with `date --utc --iso-8601=seconds --date=@…`.
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (315_532_800, "1980-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), expected);
        }
    }

    #[test]
    fn the_variable_wins_over_the_commit() {
        let with = |value: &str| {
            Environment::new([("SOURCE_DATE_EPOCH".to_owned(), value.to_owned())], "/")
        };
        assert_eq!(build_time(&with("7"), Some(5)), Some(7));
        assert_eq!(build_time(&with(""), Some(5)), Some(5));
        assert_eq!(build_time(&with(""), None), None);
    }
}
