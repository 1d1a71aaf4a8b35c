//! How `inspect` shows lists of symbols and packages to people: how many of whose, or all.

use std::collections::BTreeMap;

use serde_json::Value;

/// Lists of symbols among the facts, which are too long to read by default.
const LISTS: [&str; 4] = ["imports", "imported symbols", "exports", "flat lookups"];

/// The lines of a list of symbols, by its name among the facts; none for other lists, such as
/// the libraries that PE's facts call imports.
pub(super) fn lines(name: &str, items: &[Value], all: bool) -> Option<Vec<String>> {
    let is_list = LISTS.contains(&name)
        && (name != "imports" || items.iter().all(|item| whose(item).is_some()));
    if !is_list {
        return None;
    }
    if all {
        return Some(items.iter().map(symbol).collect());
    }
    if items.iter().all(Value::is_string) {
        return Some(vec![counted(items.len(), "symbol")]);
    }
    let mut owners = BTreeMap::<&str, (usize, usize)>::new();
    for item in items {
        let (count, weak) = owners.entry(whose(item).unwrap_or_default()).or_default();
        *count += 1;
        *weak += usize::from(item["weak"] == true);
    }
    let line = |(owner, (count, weak)): (&str, (usize, usize))| {
        let owner = if owner.is_empty() { "any library" } else { owner };
        let weak = if weak > 0 { format!(", {weak} of them weak") } else { String::new() };
        format!("{owner}, {}{weak}", counted(count, "symbol"))
    };
    Some(owners.into_iter().map(line).collect())
}

/// `1 symbol`, `2 symbols`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whose a symbol is, empty if anybody's; none if the item is no symbol.
fn whose(item: &Value) -> Option<&str> {
    let fields = item.as_object()?;
    let owner = fields.get("library").or_else(|| fields.get("module"))?;
    Some(owner.as_str().unwrap_or_default())
}

/// A symbol on one line: `memcpy@GLIBC_2.14, libc.so.6`, `#17, ws2_32.dll`.
fn symbol(item: &Value) -> String {
    let text = |field: &str| item[field].as_str();
    let name = match (text("symbol").or(text("name")).or(item.as_str()), item["ordinal"].as_u64()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(ordinal)) => format!("#{ordinal}"),
        (None, None) => String::new(),
    };
    let version = text("version").map(|version| format!("@{version}")).unwrap_or_default();
    let owner = whose(item).filter(|owner| !owner.is_empty());
    let mut line = name + &version;
    for word in
        owner.into_iter().chain(["weak", "delayed"].into_iter().filter(|&word| item[word] == true))
    {
        line.extend([", ", word]);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn symbols_are_counted_by_library_or_shown_one_by_one() {
        let elf = json!([
            {"symbol": "memcpy", "version": "GLIBC_2.14", "library": "libc.so.6", "weak": false},
            {"symbol": "gettid", "version": "GLIBC_2.30", "library": "libc.so.6", "weak": true},
            {"symbol": "it", "version": null, "library": null, "weak": false},
        ]);
        let pe = json!([
            {"library": "ws2_32.dll", "symbol": null, "ordinal": 17, "delayed": true},
            {"library": "ws2_32.dll", "symbol": "send", "ordinal": null, "delayed": false},
        ]);
        let wasm = json!([{"module": "env", "name": "f"}]);
        let exports = json!(["memory", "_start"]);
        for (name, items, short, long) in [
            (
                "imports",
                &elf,
                &["any library, 1 symbol", "libc.so.6, 2 symbols, 1 of them weak"][..],
                &["memcpy@GLIBC_2.14, libc.so.6", "gettid@GLIBC_2.30, libc.so.6, weak", "it"][..],
            ),
            (
                "imported symbols",
                &pe,
                &["ws2_32.dll, 2 symbols"],
                &["#17, ws2_32.dll, delayed", "send, ws2_32.dll"],
            ),
            ("imports", &wasm, &["env, 1 symbol"], &["f, env"]),
            ("exports", &exports, &["2 symbols"], &["memory", "_start"]),
        ] {
            let items = items.as_array().unwrap();
            assert_eq!(lines(name, items, false).unwrap(), short);
            assert_eq!(lines(name, items, true).unwrap(), long);
        }
    }

    #[test]
    fn other_lists_are_shown_as_they_are() {
        let libraries = json!(["KERNEL32.dll"]);
        assert_eq!(lines("imports", libraries.as_array().unwrap(), false), None);
        let needs = json!([{"library": "libc.so.6", "versions": []}]);
        assert_eq!(lines("version needs", needs.as_array().unwrap(), false), None);
    }
}
