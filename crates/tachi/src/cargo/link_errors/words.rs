//! Finds names in the output of linkers.

/// What stands between `before` and the next `after`, at its first place in `text`.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// The rest of the line behind `before`, at its first place in `text`.
pub(super) fn behind<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.lines().next().unwrap_or_default().trim_end())
}

/// The word behind `before`, up to white space or a colon.
pub(super) fn word_behind<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let rest = behind(text, before)?;
    Some(rest.split([' ', '\t', ':']).next().unwrap_or(rest)).filter(|word| !word.is_empty())
}

/// The first line that has `part` in it.
pub(super) fn line_with<'a>(text: &'a str, part: &str) -> Option<&'a str> {
    text.lines().find(|line| line.contains(part))
}

/// `frobnicate` of `libfrobnicate.a`, `frobnicate.lib`, `-lfrobnicate`.
pub(super) fn library_name(name: &str) -> &str {
    let name = name.strip_prefix("-l").unwrap_or(name);
    name.strip_suffix(".lib").unwrap_or(name)
}

/// All symbols that a linker found undefined, without the underscore that macOS puts before
/// each.
pub(super) fn undefined(text: &str, is_apple: bool) -> Vec<&str> {
    let mut symbols = Vec::new();
    for line in text.lines() {
        let lld = ["undefined symbol: ", "undefined reference: "];
        let name = lld
            .into_iter()
            .find_map(|before| Some(line.split_once(before)?.1.trim_end()))
            .or_else(|| between(line, "undefined reference to `", "'"));
        let Some(name) = name else { continue };
        symbols.push(if is_apple { name.strip_prefix('_').unwrap_or(name) } else { name });
    }
    symbols
}
