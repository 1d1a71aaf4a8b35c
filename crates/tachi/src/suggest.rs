//! "Did you mean …?": the nearest of the names that would have been right.

/// The candidate most like `given`, if one is like enough to be what was meant.
pub(crate) fn nearest<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(given, candidate), candidate))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// ` (did you mean `x`?)`, or nothing: the end of an error's first line.
pub(crate) fn hint<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, candidates).map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let names = ["release", "release-small", "profiling"];
        assert_eq!(nearest("relase", names), Some("release"));
        assert_eq!(nearest("profilling", names), Some("profiling"));
        assert_eq!(nearest("zebra", names), None);
        assert_eq!(hint("relase", names), " (did you mean `release`?)");
        assert_eq!(hint("zebra", names), "");
    }
}
