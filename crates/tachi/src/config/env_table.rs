//! [`[env]`](https://doc.rust-lang.org/cargo/reference/config.html#env) of cargo's
//! configuration: variables for build scripts, `cargo run` and `cargo test`.

use camino::Utf8Path;
use toml::{Table, Value};

/// A variable of `[env]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub value: String,
    /// Whether it replaces a variable that is set already.
    pub force: bool,
}

/// The variables of a table of configuration.
pub(super) fn variables(table: &Table) -> Vec<Variable> {
    let entries = table.get("env").and_then(Value::as_table).into_iter().flatten();
    let read = |(name, value): (&String, &Value)| {
        let (value, force) = match value {
            Value::String(value) => (value.clone(), false),
            Value::Table(table) => (
                table.get("value")?.as_str()?.to_owned(),
                table.get("force").and_then(Value::as_bool).unwrap_or(false),
            ),
            _ => return None,
        };
        Some(Variable { name: name.clone(), value, force })
    };
    entries.filter_map(read).collect()
}

/// Makes values absolute that the file calls relative.
pub(super) fn resolve(table: &mut Table, folder: &Utf8Path) {
    let entries = table.get_mut("env").and_then(Value::as_table_mut).into_iter().flatten();
    for entry in entries.filter_map(|(_, value)| value.as_table_mut()) {
        let is_relative = entry.remove("relative").and_then(|value| value.as_bool());
        if let (Some(true), Some(Value::String(value))) = (is_relative, entry.get_mut("value")) {
            *value = folder.join(&*value).into_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_all_their_forms() {
        let text = "[env]\nA = \"1\"\nB = { value = \"2\", force = true }\nC = { value = \"d\", relative = true }\n";
        let mut table: Table = text.parse().unwrap();
        resolve(&mut table, "/w".into());
        let expected = [("A", "1", false), ("B", "2", true), ("C", "/w/d", false)];
        let expected = expected.map(|(name, value, force)| Variable {
            name: name.into(),
            value: value.into(),
            force,
        });
        assert_eq!(variables(&table), expected);
        assert_eq!(variables(&Table::new()), []);
    }
}
